"""Names and values are checked against the fields there are; what does not fit says what would."""

import pytest

from rapport.engine.records.fields import TYPES
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.jsonform import from_json
from rapport.engine.records.filters.operators import LABELS, OPERATORS, label
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import RecordScope
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import Op
from rapport.engine.records.tests.filters.sample import CLIENTS, FIRMS, SCOPE

pytestmark = pytest.mark.usefixtures("sample_types")


def bound(text: str) -> str:
    tree = bind(parse(text), SCOPE)
    assert bind(tree, SCOPE) == tree
    return to_text(tree)


def fault(text: str) -> FilterError:
    with pytest.raises(FilterError) as caught:
        bound(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("name ~ fjord", 'name ~ "fjord"'),
        ("stage = Lead", "stage = lead"),
        ('stage = "at risk"', "stage = at-risk"),
        ('stage in ("Mine", "11 to 50")', 'stage in ("me", "11-50")'),
        ("stage = me", 'stage = "me"'),
        ('country in (norway, "IN", is)'.replace("is)", "IS)"), "country in (NO, IN, IS)"),
        ("markets = Sweden", "markets = SE"),
        ("vip = yes", "vip = true"),
        ("vip != no", "vip != false"),
        ('tags = "big  spender"', 'tags = "big spender"'),
        ('tags = "vip"', "tags = vip"),
        ("owner = me", "owner = me"),
        ('owner in ("anna@x.no", me)', 'owner in ("anna@x.no", me)'),
        ("firm = Acme", 'firm = "Acme"'),
        ("firm.industry = 'Retail trade'", "firm.industry = retail"),
        ("firm.parent.name ~ nord", 'firm.parent.name ~ "nord"'),
        ("birthday > -90d", "birthday > -90d"),
        ("seen > -3h and seen in last 24h", "seen > -3h and seen in last 24h"),
        ("seen >= 2026-03-14 and created_at > yesterday", "seen >= 2026-03-14 and created_at > yesterday"),
        ("budget > 5000", "budget > 5000"),
        ("photo is empty", "photo is empty"),
    ],
)
def test_binding_makes_values_canonical(text: str, canonical: str) -> None:
    assert bound(text) == canonical


@pytest.mark.parametrize(
    ("text", "place", "message", "mended"),
    [
        ("contry = NO", "contry", "contry is not a field of clients.", "country = NO"),
        ("Country = NO", "Country", "Country is not a field of clients.", "country = NO"),
        ("firm.industri = x", "industri", "industri is not a field of firms.", "firm.industry = x"),
        ("xyzzy = 1", "xyzzy", "xyzzy is not a field of clients.", None),
        ("firm.secret ~ x", "secret", "secret is not a field of firms.", None),
        ("name.first = x", "first", "Nothing can follow name", None),
        ("owner.name = x", "name", "Nothing can follow owner", None),
        ("firm.parent.parent.name = x", "name", "at most 3 names", None),
        ("name > 3", ">", "name cannot be asked with >; it knows =, !=, ~", None),
        ("size ~ 3", "~", "size cannot be asked with ~", None),
        ("size in this month", "in", "size cannot be asked with in", None),
        ("photo = x", "=", "it knows is empty, is not empty.", None),
        ("name = 42", "42", "Name is text: write 42 in quotes.", 'name = "42"'),
        ("name = today", "today", "write today in quotes", 'name = "today"'),
        ('name ~ ""', '""', "or ask whether it is empty", None),
        ('size > "5"', '"5"', 'Size is a number, and "5" is none.', None),
        ("size > 2026-03-14", "2026-03-14", "is a number", None),
        ("birthday > 5", "5", "Birthday is a date", None),
        ("birthday > 2026-03-14T09:30", "2026-03-14T09:30", "a day without a time", "birthday > 2026-03-14"),
        ("birthday < now", "now", "a day without a time", "birthday < today"),
        ("birthday in last 24h", "last 24h", "a day without a time", None),
        ("vip = 1", "1", "Vip is true or false", None),
        ("stage = laed", "laed", "laed is not a choice of Stage.", "stage = lead"),
        ('country in (NO, "Swedn")', '"Swedn"', "is not a choice of Country.", "country in (NO, SE)"),
        ("owner = anna", "anna", "Owner is a user", None),
    ],
)
def test_the_place_the_sentence_and_the_mend(text: str, place: str, message: str, mended: str | None) -> None:
    error = fault(text)
    assert text[error.position : error.position + error.length] == place
    assert message in error.message
    assert error.mended(text) == (mended or text)


def test_what_was_sent_as_json_is_pointed_at() -> None:
    tree = from_json({"all": [{"field": "firm.industri", "op": "is empty"}, {"field": "size", "op": "is empty"}]})
    with pytest.raises(FilterError) as caught:
        bind(tree, SCOPE)
    assert caught.value.pointer == "/all/0/field"
    assert caught.value.suggestion == "industry"


SIZE = {"field": "siez", "op": ">", "values": [1]}
COUNT = {"made": "count", "of": "clients", "op": ">", "values": [1]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "pointer", "message", "mend"),
    [
        ({**COUNT, "of": "client"}, "/of", "client does not name records that point at firms.", "clients"),
        ({**COUNT, "made": "sum", "of": "clients.name"}, "/of", "sum(…) cannot be made of name.", ""),
        ({**COUNT, "made": "sum"}, "/of", "Name one field after the dot: sum(clients.…).", ""),
        ({**COUNT, "op": "~"}, "/op", "count(clients) cannot be asked with ~", ""),
        ({**COUNT, "values": ["1"]}, "/values/0", 'is a number, and "1" is none.', ""),
        ({**COUNT, "where": SIZE}, "/where/field", "siez is not a field of clients.", "size"),
        (
            {"any": [COUNT, {**COUNT, "where": {"none": [COUNT]}}]},
            "/any/1/where/none/0/of",
            "clients does not name",
            "",
        ),
        ({"did": "note.created"}, "/did", "note.created is nothing that happens to firms.", '"notes.created"'),
        ({"did": "notes.created", "where": {"all": [SIZE]}}, "/where/all/0/field", "not a field of events", ""),
        ({"did": "notes.created", "where": COUNT}, "/where/of", "clients does not name records", ""),
        ({"did": "notes.created", "where": {"did": "created"}}, "/where/did", "nothing that happens to events", ""),
        ({"did": "notes.created", "where": {"changed": "reason"}}, "/where/changed", "does not tell when reason", ""),
        ({"did": "notes.created", "where": {"held": "by", "for": "3d"}}, "/where/held", "does not tell when by", ""),
        ({"none": [{"changed": "nmae"}]}, "/none/0/changed", "nmae is not a field of firms.", "name"),
        ({"held": "parent.nmae", "for": "3d"}, "/held", "nmae is not a field of firms.", "name"),
    ],
)
def test_other_records_and_the_journal_are_pointed_at(
    data: dict[str, object], pointer: str, message: str, mend: str
) -> None:
    tree = from_json(data)
    with pytest.raises(FilterError) as caught:
        bind(tree, RecordScope(FIRMS, SCOPE.shows))
    assert caught.value.pointer == pointer
    assert message in caught.value.message
    assert caught.value.suggestion == mend


def test_every_type_of_field_is_declared_with_its_operators() -> None:
    assert OPERATORS.keys() - {"count"} == TYPES.keys()
    assert {field.type.name for field in CLIENTS.fields} == TYPES.keys()
    assert {op for ops in OPERATORS.values() for op in ops} == set(Op) == LABELS.keys()


def test_operators_are_called_by_what_they_compare() -> None:
    assert [label(Op.GT, kind) for kind in ("number", "date")] == ["is more than", "is after"]
    assert [label(Op.EQ, kind) for kind in ("text", "tags")] == ["is", "has"]
