"""Search shows nothing that the gate would hide: no record, no field, not even by its absence."""

import pytest

from rapport.activities.actions import write_note
from rapport.engine.events.act import open_act
from rapport.engine.events.actor import SYSTEM
from rapport.engine.records import gate
from rapport.engine.records.actions import delete_records, restore_records
from rapport.engine.records.definitions import forget
from rapport.engine.records.models import CustomField
from rapport.engine.records.registry import record_type
from rapport.engine.records.search import search
from tests.fixtures.cast import make_user

People = record_type("people")
CANARY = "canary"


def note(user, record, text):
    with open_act(user.actor) as act:
        return write_note(act, People, record, text=text)


@pytest.fixture
def hide(monkeypatch):
    """Give a role that sees everything but these fields of a type: `hide("people", "phones")`."""

    def hidden(slug, *fields):
        policy = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "all"), hidden=frozenset(fields))
        monkeypatch.setitem(gate.POLICIES, "masked", {"*": gate.FULL, slug: policy})
        return make_user("Masked", "masked")

    return hidden


def test_deleted_ones_are_out_at_once_and_back_when_restored(alice, make, ask):
    person = make(alice, "people", name="Amara Okafor")
    assert ask(alice, "amara") == ["Amara Okafor"]
    with open_act(alice.actor) as act:
        delete_records(act, People, [person])
    assert search(alice.actor, "amara").groups == []
    assert ask(alice, "amara") == []
    with open_act(alice.actor) as act:
        restore_records(act, People, [person])
    assert ask(alice, "amara") == ["Amara Okafor"]


def test_a_stranger_finds_only_what_is_theirs(alice, charlie, make, ask):
    make(alice, "people", name="Amara One", emails="one@x.no", owner="me")
    mine = make(charlie, "people", name="Amara Two", emails="two@x.no", owner="me")
    for typed in ("amara", "one@x.no", "x.no", "amarra", "one"):
        assert "Amara One" not in ask(charlie, typed)
    assert ask(charlie, "amara") == ["Amara Two"]
    assert [result.id for group in search(charlie.actor, "amara").groups for result in group.results] == [mine.pk]


@pytest.mark.parametrize("typed", ["zoe amara", "amara", "zoe amaar"])
def test_what_others_have_does_not_crowd_out_what_is_ones_own(alice, charlie, make, ask, typed):
    for number in range(110):
        make(alice, "people", name=f"Zoe Amara {number}", owner="me")
    make(charlie, "people", name="Zoe Maria Amara", owner="me")
    assert ask(charlie, typed, limit=3) == ["Zoe Maria Amara"]


def test_deleted_ones_do_not_crowd_out_the_others(alice, make, ask):
    gone = [make(alice, "people", name=f"Amara {number}") for number in range(110)]
    make(alice, "people", name="Zoe Amara Okafor")
    ask(alice, "")
    with open_act(alice.actor) as act:
        delete_records(act, People, gone)
    found = search(alice.actor, "amara", limit=3).groups
    assert [result.title for group in found for result in group.results] == ["Zoe Amara Okafor"]


def test_a_role_that_changes_changes_what_is_found_at_once(alice, make, ask, monkeypatch):
    note(alice, make(alice, "people", name="Amara Okafor"), "whitsun")
    user = make_user("Turned", "turned")
    monkeypatch.setitem(gate.POLICIES, "turned", {"*": gate.FULL})
    assert ask(user, "amara") == ask(user, "whitsun") == ["Amara Okafor"]
    own = gate.Policy(dict.fromkeys(gate.EVERY_VERB, "own"))
    for policy in (own, gate.NOTHING):
        monkeypatch.setitem(gate.POLICIES, "turned", {"*": policy})
        assert ask(user, "amara") == ask(user, "whitsun") == []


def test_a_hidden_name_is_no_word_to_guess(alice, make, ask, hide):
    make(alice, "people", name="Amara Okafor", emails="kim@berg.example")
    masked = hide("people", "name")
    assert ask(alice, "okafro") == ["Amara Okafor"]
    assert ask(masked, "okafro") == ask(masked, "okaf amar") == []


def test_what_stands_beside_is_shown_to_those_who_may_see_it(alice, make, ask, hide):
    company = make(alice, "companies", name="Fjell & Fjord AS")
    make(alice, "people", name="Amara Okafor", company=str(company.pk))
    ask(alice, "")
    beside = {
        user.name: search(user.actor, "amara").groups[0].results[0].beside
        for user in (alice, hide("companies", "name"))
    }
    assert beside == {alice.name: ["Fjell & Fjord AS"], "Masked": []}


def test_a_role_without_any_reach_finds_nothing(alice, make, ask, monkeypatch):
    make(alice, "people", name="Amara Okafor")
    monkeypatch.setitem(gate.POLICIES, "nobody", {"*": gate.NOTHING})
    assert ask(make_user("Nobody", "nobody"), "amara") == []


@pytest.mark.parametrize(
    ("field", "value", "typed"),
    [
        ("phones", "+33628123456", ["+33628123456", "06 28 12 34 56", "123456", "3456"]),
        ("emails", f"{CANARY}@hidden.example", [f"{CANARY}@hidden.example", CANARY, "hidden.example", "@hidden"]),
        ("name", f"Amara {CANARY}", [f"amara {CANARY}", CANARY, "amara", "canayr"]),
    ],
)
def test_a_hidden_field_neither_matches_nor_shows(alice, make, ask, hide, field, value, typed):
    values = {"name": "Kim Berg", "emails": "kim@berg.example", field: value}
    make(alice, "people", **values)
    masked = hide("people", field)
    for text in typed:
        assert len(ask(alice, text)) == 1, text
        assert ask(masked, text) == [], text
    seen = repr(search(masked.actor, "kim@berg.example" if field != "emails" else "kim berg").groups)
    assert "/people/" in seen
    assert CANARY not in seen
    assert "3362" not in seen


def test_a_hidden_custom_field_does_not_match(alice, make, ask, hide):
    with open_act(SYSTEM) as act:
        act.create(
            CustomField(record_type="people", slug="x_card", label="Card", type="text", searchable=True),
        )
    forget()
    make(alice, "people", name="Kim Berg", x_card=f"AB-{CANARY}-77")
    assert ask(alice, f"ab{CANARY}77") == ["Kim Berg"]
    assert ask(alice, CANARY) == ["Kim Berg"]
    assert ask(hide("people", "x_card"), CANARY) == []


def test_the_same_field_hidden_in_one_type_still_counts_in_another(alice, make, ask, hide):
    make(alice, "people", name="Kim Berg", phones="+33628123456")
    make(alice, "companies", name="Berg AS", phones="+33628123456")
    assert ask(hide("people", "phones"), "0033628123456") == ["Berg AS"]


def test_a_note_is_found_as_its_record_with_the_words_around(alice, make, ask):
    person = make(alice, "people", name="Amara Okafor")
    note(alice, person, "<p>Wants the <b>tents</b> before Whitsun &amp; the stoves after</p>")
    assert ask(alice, "whitsun tents") == ["Amara Okafor"]
    ((result,),) = [group.results for group in search(alice.actor, "whitsun").groups]
    assert result.reason == "Wants the tents before Whitsun & the stoves after"
    assert ask(alice, "okafor whitsun") == []


def test_a_record_found_twice_stands_once(alice, make, ask):
    person = make(alice, "people", name="Amara Okafor")
    for _time in range(3):
        note(alice, person, "Amara called about Amara")
    assert ask(alice, "amara") == ["Amara Okafor"]


def test_a_note_of_a_record_one_may_not_see_is_not_found(alice, charlie, make, ask):
    person = make(alice, "people", name="Amara Okafor", owner="me")
    note(alice, person, "A secret word: whitsun")
    assert ask(alice, "whitsun") == ["Amara Okafor"]
    assert ask(charlie, "whitsun") == []


def test_a_note_of_a_deleted_record_is_not_found(alice, make, ask):
    person = make(alice, "people", name="Amara Okafor")
    note(alice, person, "whitsun")
    with open_act(alice.actor) as act:
        delete_records(act, People, [person])
    assert ask(alice, "whitsun") == []


def test_a_hidden_note_text_does_not_match(alice, make, ask, hide):
    person = make(alice, "people", name="Amara Okafor")
    note(alice, person, "whitsun")
    assert ask(hide("notes", "text"), "whitsun") == []
