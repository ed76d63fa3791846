"""The words among which misspelt ones are looked up: kept with the names, and gone with them."""

import pytest

from rapport.engine.events.act import open_act
from rapport.engine.events.reactions import run_reactions
from rapport.engine.jobs.progress import Reporter
from rapport.engine.records.actions import change_record, delete_records
from rapport.engine.records.models import SearchWord
from rapport.engine.records.registry import record_type
from rapport.engine.records.search import search
from rapport.engine.records.search.words import sweep_words

pytestmark = pytest.mark.django_db(transaction=True)

People = record_type("people")


def kept():
    return sorted(SearchWord.objects.values_list("word", flat=True))


def titles(user, text):
    return [result.title for group in search(user.actor, text).groups for result in group.results]


def test_words_come_with_names_and_stand_once(alice, make):
    make(alice, "people", name="Søren O'Connell", emails="hidden@words.example")
    run_reactions()
    make(alice, "companies", name="Soren & Connell AS 4711")
    run_reactions()
    assert kept() == ["connell", "oconnell", "soren"]


def test_a_name_is_found_by_a_misspelt_word_as_soon_as_it_is_there(alice, make):
    person = make(alice, "people", name="Amara Okafor")
    run_reactions()
    assert titles(alice, "okafro") == ["Amara Okafor"]
    with open_act(alice.actor) as act:
        change_record(act, People, person, {"name": "Chiara Bellini"})
    run_reactions()
    assert titles(alice, "okafro") == []
    assert titles(alice, "belinni") == ["Chiara Bellini"]


def test_words_that_no_name_has_are_gone_the_next_night(alice, make):
    person = make(alice, "people", name="Amara Okafor")
    make(alice, "people", name="Amara Lindholm")
    run_reactions()
    SearchWord.objects.create(word="lindholm")
    with open_act(alice.actor) as act:
        delete_records(act, People, [person])
    run_reactions()
    sweep_words.function(Reporter())
    assert kept() == ["amara", "lindholm"]
    assert titles(alice, "lindhoml") == ["Amara Lindholm"]
