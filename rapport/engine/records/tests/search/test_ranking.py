"""What is found, and in which order: identifiers, then names, then words, then names with typos."""

import pytest
from django.db import connection

from rapport.activities.actions import write_note
from rapport.engine.events.act import open_act
from rapport.engine.records.definitions import forget
from rapport.engine.records.models import ExternalId, Organisation
from rapport.engine.records.models.organisation import THE_ONE
from rapport.engine.records.registry import record_type
from rapport.engine.records.search import search

PEOPLE = [
    {"name": "Amara Okafor", "emails": "amara@fjellfjord.no; a.okafor@home.example", "phones": "+33 6 28 12 34 56"},
    {"name": "Amara Lindholm", "emails": "amara@lindqvist.se"},
    {"name": "Ingrid Amara Sørensen", "phones": "+47 77 60 12 34"},
    {"name": "Søren Madsen", "emails": "soren@madsen.dk"},
    {"name": "Elif Yıldız"},
    {"name": "María José Ortega"},
    {"name": "Liam O'Connell"},
    {"name": "Anne-Lise Dupont"},
    {"name": "山田太郎"},
    {"name": "Łukasz Żółć"},
    {"emails": "nobody@knows.example"},
]
COMPANIES = [
    {"name": "Fjell & Fjord AS", "domains": "fjellfjord.no", "vat_number": "NO 987 654 321 MVA"},
    {"name": "Amaranth Outdoor Ltd", "domains": "amaranth.co.uk; amara.example"},
    {"name": "日本電気株式会社", "phones": "+81 3 3454 1111"},
]


@pytest.fixture
def world(alice, make):
    with open_act(alice.actor) as act:
        act.change(Organisation.objects.filter(pk=THE_ONE), country="FR")
    forget()
    for values in PEOPLE:
        make(alice, "people", **values)
    for values in COMPANIES:
        make(alice, "companies", **values)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("amara@fjellfjord.no", "Amara Okafor"),
        ("AMARA@Fjellfjord.NO", "Amara Okafor"),
        ("a.okafor@home.example", "Amara Okafor"),
        ("amara@lin", "Amara Lindholm"),
        ("amara o", "Amara Okafor"),
        ("okafor amara", "Amara Okafor"),
        ("okafor", "Amara Okafor"),
        ("fjellfjord.no", "Fjell & Fjord AS"),
        ("https://www.fjellfjord.no/kontakt", "Fjell & Fjord AS"),
        ("amara.example", "Amaranth Outdoor Ltd"),
        ("NO987654321MVA", "Fjell & Fjord AS"),
        ("no 987 654 321 mva", "Fjell & Fjord AS"),
        ("NO 987 654", "Fjell & Fjord AS"),
        ("soren", "Søren Madsen"),
        ("sørensen", "Ingrid Amara Sørensen"),
        ("SORENSEN", "Ingrid Amara Sørensen"),
        ("yildiz", "Elif Yıldız"),
        ("YILDIZ", "Elif Yıldız"),
        ("Yıldız", "Elif Yıldız"),
        ("jose", "María José Ortega"),
        ("maria jose", "María José Ortega"),
        ("oconnell", "Liam O'Connell"),
        ("o'connell", "Liam O'Connell"),
        ("connell", "Liam O'Connell"),
        ("anne lise", "Anne-Lise Dupont"),
        ("lise", "Anne-Lise Dupont"),
        ("anne-lise", "Anne-Lise Dupont"),
        ("日本", "日本電気株式会社"),
        ("電気", "日本電気株式会社"),
        ("太郎", "山田太郎"),
        ("lukasz zolc", "Łukasz Żółć"),
        ("nobody@", "nobody@knows.example"),
        ("okafro", "Amara Okafor"),
        ("madesn", "Søren Madsen"),
        ("amaar okafor", "Amara Okafor"),
        ("fjel og fjord", "Fjell & Fjord AS"),
        ("amarant outdor", "Amaranth Outdoor Ltd"),
        ("okafor am", "Amara Okafor"),
        ("fjord & fjell", "Fjell & Fjord AS"),
        ("ingrid sorensen", "Ingrid Amara Sørensen"),
        ("ingr amar", "Ingrid Amara Sørensen"),
        ("ingrid sor", "Ingrid Amara Sørensen"),
        ("sor ingr", "Ingrid Amara Sørensen"),
        ("amara:* & okafor", "Amara Okafor"),
        ('"okafor"', "Amara Okafor"),
        ("!okafor", "Amara Okafor"),
        ("(okafor | amara)", "Amara Okafor"),
    ],
)
def test_what_stands_first(alice, world, ask, typed, first):
    assert ask(alice, typed)[:1] == [first]


@pytest.mark.parametrize(
    "typed",
    [
        "+33628123456", "+33 6 28 12 34 56", "0033 6 28 12 34 56", "06 28 12 34 56", "0628123456", "06.28.12.34.56",
        "+33 (0)6 28 12 34 56", "628123456", "12 34 56", "3456", "06 28 12", "+33 6 28", "06-28-12-34-56",
    ],
)  # fmt: skip
def test_a_phone_number_however_it_is_written(alice, world, ask, typed):
    assert ask(alice, typed) == ["Amara Okafor"]


@pytest.mark.parametrize("typed", ["77601234", "77 60 12 34", "+47 77601234", "004777601234", "601234"])
def test_a_phone_number_of_another_country(alice, world, ask, typed):
    assert ask(alice, typed) == ["Ingrid Amara Sørensen"]


@pytest.mark.parametrize(
    "typed", ["", " ", "zzzzqqq", "\x00", "'", "\\", "' | 'name=a", "!!!", "&", "🏔️", "<b>", "a" * 5000, "@", "+", "()"]
)
def test_what_is_nobody_finds_nobody(alice, world, ask, typed):
    assert ask(alice, typed) == []


@pytest.mark.parametrize("typed", ["lindhlm", "lindhoolm", "lindhxlm", "lindhoml", "xindholm", "lindhalme"])
def test_slips_of_the_hand(alice, world, ask, typed):
    assert ask(alice, typed) == ["Amara Lindholm"]


@pytest.mark.parametrize("typed", ["lin", "lnidohml", "lndx", "qqq lindhlm"])
def test_too_little_or_too_much_is_no_slip(alice, world, ask, typed):
    assert "Amara Okafor" not in ask(alice, typed)
    assert ask(alice, typed) == (["Amara Lindholm"] if typed == "lin" else [])


def test_identifiers_stand_before_beginnings_before_words_before_typos(alice, make, ask):
    for name, vat in (("Lars Berg", ""), ("Bergen Fisk", ""), ("Anna Bergman", ""), ("Zenith", "BERG"), ("Borg", "")):
        make(alice, "companies", name=name, vat_number=vat)
    assert ask(alice, "berg") == ["Zenith", "Bergen Fisk", "Lars Berg", "Anna Bergman"]
    assert ask(alice, "borgg") == ["Borg"]
    assert ask(alice, "beerg") == ["Lars Berg"]


def test_names_with_typos_are_not_offered_where_something_else_was_found(alice, make, ask):
    make(alice, "people", name="Marta Holm")
    assert ask(alice, "maria") == ["Marta Holm"]
    make(alice, "companies", name="Santa Maria")
    assert ask(alice, "maria") == ["Santa Maria"]


def test_names_that_begin_so_stand_before_names_that_hold_it(alice, world, ask):
    assert ask(alice, "amara") == ["Amara Lindholm", "Amara Okafor", "Ingrid Amara Sørensen", "Amaranth Outdoor Ltd"]


def test_a_whole_name_stands_before_longer_ones(alice, make, ask):
    for name in ("Bergmann", "Berg", "Berg Anna"):
        make(alice, "companies", name=name)
    assert ask(alice, "berg")[0] == "Berg"


def test_ones_own_stand_before_others_then_what_changed_last(alice, dana, make, ask):
    for user, name in ((alice, "Kim A"), (dana, "Kim B"), (alice, "Kim C")):
        make(user, "people", name=name, owner="me")
    assert ask(alice, "kim") == ["Kim C", "Kim A", "Kim B"]
    assert ask(dana, "kim") == ["Kim B", "Kim C", "Kim A"]


def test_an_id_of_another_system(alice, world, ask):
    from rapport.customers.models import Person

    person = Person.objects.get(name="Amara Lindholm")
    with open_act(alice.actor) as act:
        act.create(ExternalId(source="hubspot", value="HS-10423", record_type="people", record_id=person.pk))
    assert ask(alice, "hs-10423") == ["Amara Lindholm"]
    assert ask(alice, "10423") == []


def test_a_group_holds_no_more_than_asked_for_and_leaves_room_for_others(alice, make, ask):
    for number in range(9):
        make(alice, "people", name=f"Fjord {number}")
    make(alice, "companies", name="The last fjord")
    assert len(ask(alice, "fjord", limit=5)) == 6


def test_a_reason_is_given_where_the_match_does_not_show(alice, world, ask):
    ask(alice, "")
    (person,) = search(alice.actor, "06 28 12 34 56").groups[0].results
    assert person.reason == "+33628123456"
    assert person.beside == ["amara@fjellfjord.no"]
    (person,) = search(alice.actor, "amara@lindqvist.se").groups[0].results
    assert person.reason == ""


@pytest.mark.parametrize(("typed", "most"), [("amara", 9), ("amarra", 11), ("zzzzqqq", 7), ("amara@fjellfjord.no", 6)])
def test_the_number_of_queries_does_not_depend_on_what_is_found(
    alice, world, make, ask, django_assert_max_num_queries, typed, most
):
    ask(alice, "")
    with django_assert_max_num_queries(most):
        search(alice.actor, typed)
    for number in range(30):
        make(alice, "people", name=f"Amara {number}", company=None)
    ask(alice, "")
    with django_assert_max_num_queries(most):
        search(alice.actor, typed)


@pytest.mark.parametrize("typed", ["a", "an", "ann", "anna", "lund", "anna lund", "annna", "x" * 400, "1"])
def test_however_wide_a_question_few_rows_are_read(alice, make, ask, typed):
    for number in range(130):
        person = make(alice, "people", name=f"Anna Lund {number}")
        if number < 110:
            with open_act(alice.actor) as act:
                write_note(act, record_type("people"), person, text="Call them")
    ask(alice, "")
    read = []

    def count(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        read.append(context["cursor"].rowcount)
        return answer

    with connection.execute_wrapper(count):
        search(alice.actor, typed, limit=6)
        assert max(read) <= 18, "six of each kind of match"
        search(alice.actor, "call", limit=6)
        assert max(read) <= 100, "as many notes as may be needed for six records"
