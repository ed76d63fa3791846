"""The sample company: believable, the same every time, made by the product's own path."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from rapport.customers.models import Company, Person
from rapport.engine.events.journal.seal import seal
from rapport.engine.events.journal.verify import verify
from rapport.engine.events.models import JournalEntry


@pytest.fixture
def sample(db):
    call_command("demo", "--people", "200", verbosity=0)


def test_it_has_people_everywhere_with_histories_in_time(sample):
    assert Person.objects.count() == 200
    assert Company.objects.count() >= 40
    assert Person.objects.values("country").distinct().count() > 8
    assert Person.objects.filter(memberships__primary=True).count() > 100
    oldest = JournalEntry.objects.order_by("at").first()
    assert oldest.at < timezone.now() - timedelta(days=700)
    assert JournalEntry.objects.filter(kind="changed", about_type="customers.person").exists()


def test_nobody_of_it_has_an_address_that_could_be_real(sample):
    assert all(person.email.endswith(".example") for person in Person.objects.all())


def test_its_administrator_has_no_password(sample):
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.get(email="admin@northwind.example")
    assert user.actor.is_admin
    assert not user.has_usable_password()


def test_it_is_loaded_once(sample):
    call_command("demo", "--people", "10", "--if-empty", verbosity=0)
    assert Person.objects.count() == 200


def test_its_names_are_the_same_every_time(db):
    import random

    from rapport.customers.demo.people import Maker

    def names():
        maker = Maker(random.Random(1994))
        return [maker.person(None, [maker.company(None)])[0].name for _index in range(20)]

    assert names() == names()


@pytest.mark.django_db(transaction=True)
def test_its_journal_is_sealed_and_verified():
    call_command("demo", "--people", "60", verbosity=0)
    assert seal() > 60
    assert verify().faults == []
