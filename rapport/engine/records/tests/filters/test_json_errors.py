"""A tree sent by a program is read strictly; every fault has its pointer."""

from typing import Any

import pytest

from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.jsonform import from_json, to_json
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.text import to_text
from rapport.engine.records.filters.tree import MAX_DEPTH, depth

LEAF = {"field": "country", "op": "=", "values": [{"word": "NO"}]}
MADE = {"made": "count", "of": "orders", "op": ">", "values": [1]}
DID = {"did": "notes.created", "within": "30d", "times": 2}
CHANGED = {"changed": "stage", "within": "this month"}
HELD = {"held": "stage", "for": "14d"}


@pytest.mark.parametrize(
    ("data", "pointer", "message"),
    [
        (None, "", "A condition is an object."),
        ([LEAF], "", "A condition is an object."),
        ({}, "", "An object has one of the keys"),
        ({"all": [LEAF], "any": [LEAF]}, "", "An object has one of the keys"),
        ({"call": "count"}, "", "An object has one of the keys"),
        ({"any": []}, "/any", "at least one condition"),
        ({"all": [LEAF, {"all": []}]}, "/all/1/all", "at least one condition"),
        ({"all": {"0": LEAF}}, "/all", "at least one condition"),
        ({"all": [LEAF, {"none": [7]}]}, "/all/1/none/0", "A condition is an object."),
        ({**LEAF, "a/b": 1}, "/a~1b", "a/b is not known here."),
        ({**LEAF, "field": "not"}, "/field", "named by its slug"),
        ({**LEAF, "field": "a..b"}, "/field", "named by its slug"),
        ({**LEAF, "field": 7}, "/field", "named by its slug"),
        ({**LEAF, "op": "like"}, "/op", "like is not an operator here."),
        ({**LEAF, "op": ["="]}, "/op", "is not an operator here."),
        ({**LEAF, "values": "NO"}, "/values", "The values are a list."),
        ({**LEAF, "values": []}, "/values", "= does not take these values."),
        ({**LEAF, "values": ["a", "b"]}, "/values", "at most 1 values"),
        ({**LEAF, "op": "in", "values": ["a"] * 201}, "/values", "at most 200 values"),
        ({**LEAF, "op": "within"}, "/values", "within does not take these values."),
        ({**LEAF, "values": [1.5]}, "/values/0", "A value is text"),
        ({**LEAF, "values": [None]}, "/values/0", "A value is text"),
        ({**LEAF, "values": [{"sql": "1"}]}, "/values/0", "A value is text"),
        ({**LEAF, "values": [{"number": 1}]}, "/values/0", "A value is text"),
        ({**LEAF, "values": [{"number": "1 or 1"}]}, "/values/0", "1 or 1 is not a number."),
        ({**LEAF, "values": [{"number": "NO"}]}, "/values/0", "NO is not a number."),
        ({**LEAF, "values": [{"date": "2026-02-30"}]}, "/values/0", "There is no such date"),
        ({**LEAF, "values": [{"relative": "-90m"}]}, "/values/0", "m is not a unit"),
        ({**LEAF, "values": ["x" * 501]}, "/values/0", "too long"),
        ({**LEAF, "values": ["\0"]}, "/values/0", "cannot be used"),
        ({**LEAF, "values": [10**99]}, "/values/0", "too many digits"),
        ({**LEAF, "made": "count"}, "/made", "made is not known here."),
        ({**MADE, "made": "median"}, "/made", "median(…) is not known here."),
        ({**MADE, "made": ["count"]}, "/made", "(…) is not known here."),
        ({**MADE, "made": None}, "/made", "None(…) is not known here."),
        ({**MADE, "of": "a b"}, "/of", "named by its slug"),
        ({"made": "count", "op": ">", "values": [1]}, "/of", "named by its slug"),
        ({**MADE, "where": LEAF, "whree": 1}, "/whree", "whree is not known here."),
        ({**MADE, "within": "30d"}, "/within", "within is not known here."),
        ({**MADE, "where": None}, "/where", "A condition is an object."),
        ({**MADE, "where": {"any": []}}, "/where/any", "at least one condition"),
        ({**MADE, "where": {"all": [LEAF, {**LEAF, "op": "?"}]}}, "/where/all/1/op", "? is not an operator here."),
        ({**MADE, "where": {**MADE, "where": {"none": [HELD, 7]}}}, "/where/where/none/1", "A condition is an object."),
        ({**MADE, "op": None}, "/op", "is not an operator here."),
        ({**MADE, "values": [1, 2]}, "/values", "at most 1 values"),
        ({"any": [LEAF, {**MADE, "values": [{"number": "x"}]}]}, "/any/1/values/0", "x is not a number."),
        ({**DID, "did": 7}, "/did", "What happened is named by a text."),
        ({**DID, "did": ""}, "/did", "What happened is named by a text."),
        ({**DID, "did": "x" * 501}, "/did", "What happened is named by a text."),
        ({**DID, "did": "a\0"}, "/did", "What happened is named by a text."),
        ({**DID, "for": "3d"}, "/for", "for is not known here."),
        ({**DID, "times": 0}, "/times", "a whole number from 1 to 10000"),
        ({**DID, "times": 10001}, "/times", "a whole number from 1 to 10000"),
        ({**DID, "times": True}, "/times", "a whole number from 1 to 10000"),
        ({**DID, "times": "2"}, "/times", "a whole number from 1 to 10000"),
        ({**DID, "within": 30}, "/within", "such as 30d, or a period such as this month"),
        ({**DID, "within": "soon"}, "/within", "such as 30d, or a period such as this month"),
        ({**DID, "within": "30d, 2"}, "/within", "such as 30d, or a period such as this month"),
        ({**DID, "within": "next week"}, "/within", "lies in the past"),
        ({**DID, "within": "30m"}, "/within", "m is not a unit: h, d, w, mo, q or y. Did you mean 30mo?"),
        ({**DID, "within": "x" * 501}, "/within", "A length of time stands here"),
        ({**DID, "where": {**LEAF, "field": "not"}}, "/where/field", "named by its slug"),
        ({**CHANGED, "changed": ["stage"]}, "/changed", "named by its slug"),
        ({**CHANGED, "within": None}, "/within", "A length of time stands here"),
        ({**CHANGED, "times": 2}, "/times", "times is not known here."),
        ({"none": [CHANGED, {**HELD, "held": ""}]}, "/none/1/held", "named by its slug"),
        ({"held": "stage"}, "/for", "A length of time stands here, such as 30d."),
        ({**HELD, "for": "this month"}, "/for", "A length of time stands here, such as 30d."),
        ({**HELD, "for": "14d ago"}, "/for", "A length of time stands here, such as 30d."),
        ({**HELD, "for": "14"}, "/for", "Did you mean 14d?"),
        ({**HELD, "where": LEAF}, "/where", "where is not known here."),
        ({"all": [LEAF] * 51}, "/all", "too many conditions"),
        ({**MADE, "where": {"all": [LEAF] * 51}}, "/where/all", "too many conditions"),
        ({**MADE, "where": {"all": [LEAF] * 50}}, "", "too many conditions"),
        ({"all": [MADE] * 19}, "", "asks for too much at once"),
        ({"all": [CHANGED] * 19}, "", "asks for too much at once"),
        ({"all": [{"any": [LEAF] * 26}] * 2}, "", "too many conditions"),
    ],
)
def test_the_pointer_and_the_sentence(data: object, pointer: str, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        from_json(data)
    assert caught.value.pointer == pointer
    assert message in caught.value.message
    assert caught.value.position == -1


def test_depth_is_limited_on_the_way_down() -> None:
    deep: dict[str, Any] = LEAF
    for level in range(3000):
        deep = {"none" if level % 2 else "all": [deep, LEAF]}
    with pytest.raises(FilterError, match="nested too deeply"):
        from_json(deep)


@pytest.mark.parametrize("outer", [MADE, {"did": "notes.created"}])
def test_depth_is_limited_within_other_records(outer: dict[str, Any]) -> None:
    deep: dict[str, Any] = LEAF
    for _level in range(MAX_DEPTH):
        deep = {**outer, "where": deep}
    assert depth(from_json(deep)) == MAX_DEPTH
    for _level in range(3000):
        deep = {**outer, "where": deep}
    with pytest.raises(FilterError, match="nested too deeply") as caught:
        from_json(deep)
    assert caught.value.pointer.startswith("/where/where")
    with pytest.raises(FilterError, match="nested too deeply"):
        from_json({"any": [LEAF, {"all": [LEAF, nested(outer, MAX_DEPTH - 1)]}]})


def nested(outer: dict[str, Any], levels: int) -> dict[str, Any]:
    return {**outer, "where": nested(outer, levels - 1)} if levels else LEAF


def test_other_records_and_the_journal_in_full() -> None:
    text = (
        'count(orders where total > 1) > 2 and did("notes.created", 30d, 2 where by = me) and changed(stage) '
        "and changed(stage, this month) and stage held 14d and last(orders.total) is empty and "
        'did("created") and firm under "Acme"'
    )
    total = {"field": "total", "op": ">", "values": [{"number": "1"}]}
    by = {"field": "by", "op": "=", "values": [{"me": True}]}
    parts = to_json(parse(text))["all"]
    assert parts == [
        {"made": "count", "of": "orders", "where": total, "op": ">", "values": [{"number": "2"}]},
        {"did": "notes.created", "within": "30d", "times": 2, "where": by},
        {"changed": "stage"},
        {"changed": "stage", "within": "this month"},
        {"held": "stage", "for": "14d"},
        {"made": "last", "of": "orders.total", "op": "is empty"},
        {"did": "created"},
        {"field": "firm", "op": "under", "values": ["Acme"]},
    ]
    assert from_json({"all": parts}) == parse(text)


def test_what_holds_of_other_records_is_normal_too() -> None:
    double = {"none": [{"none": [{"all": [LEAF]}]}]}
    assert from_json({**MADE, "where": double}) == from_json({**MADE, "where": LEAF})
    assert from_json({**DID, "where": double}) == from_json({**DID, "where": LEAF})
    assert from_json({**MADE, "where": {"all": []}}) == from_json(MADE)


def test_short_forms_are_read_and_written_in_full() -> None:
    tree = from_json(
        {"any": [{"field": "size", "op": "=", "values": [7]}, {"field": "vip", "op": "=", "values": [True]}]}
    )
    assert to_text(tree) == "size = 7 or vip = true"
    assert to_json(tree)["any"][0]["values"] == [{"number": "7"}]


def test_the_form_of_every_value() -> None:
    text = (
        'a in ("x y", NO, 1.5, 2026-03-14, 2026-03-14T09:30, -90d, me, false, '
        "0193a8f2-0000-7000-8000-00000000abcd) and b in last month"
    )
    first, second = to_json(parse(text))["all"]
    assert first["values"] == [
        "x y",
        {"word": "NO"},
        {"number": "1.5"},
        {"date": "2026-03-14"},
        {"datetime": "2026-03-14T09:30"},
        {"relative": "-90d"},
        {"me": True},
        False,
        {"id": "0193a8f2-0000-7000-8000-00000000abcd"},
    ]
    assert second == {"field": "b", "op": "within", "values": [{"period": "last month"}]}
