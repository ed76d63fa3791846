"""A tree sent by a program is read strictly; every fault has its pointer."""

from typing import Any

import pytest

from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.jsonform import from_json, to_json
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.text import to_text

LEAF = {"field": "country", "op": "=", "values": [{"word": "NO"}]}


@pytest.mark.parametrize(
    ("data", "pointer", "message"),
    [
        (None, "", "A condition is an object."),
        ([LEAF], "", "A condition is an object."),
        ({}, "", "An object has the key"),
        ({"all": [LEAF], "any": [LEAF]}, "", "An object has the key"),
        ({"call": "count"}, "", "An object has the key"),
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
        ({"all": [LEAF] * 51}, "/all", "too many conditions"),
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
