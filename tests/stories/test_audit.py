"""The audit at the running site: what a process has counted when it ends is not lost."""

import urllib.request

import pytest
from django.conf import settings
from django.test import Client

from rapport.engine.accounts.models import SensitiveRead
from rapport.engine.events.act import open_act
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import forget
from rapport.engine.records.registry import record_type
from tests.fixtures.site import running_site

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_counted_is_written_when_the_site_ends(dana, make, tmp_path):
    with open_act(dana.actor) as act:
        create_field(act, record_type("people"), {"label": "Health", "type": "text", "personal": "sensitive"})
    forget()
    person = make(dana, "people", name="Amara", x_health="Asthma")
    client = Client()
    client.force_login(dana)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    with running_site(tmp_path / "web.log") as url:
        page = urllib.request.Request(f"{url}/people/{person.pk}/", headers={"Cookie": cookie})  # noqa: S310 — our own
        with urllib.request.urlopen(page, timeout=20) as answer:  # noqa: S310 — our own address
            assert "Asthma" in answer.read().decode()
        assert not SensitiveRead.objects.exists()
    assert SensitiveRead.objects.get(user_id=dana.pk).records == 1
