"""Totals and groups against plain Python over the same rows: every type of field, built in and custom."""

import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.engine.events.act import open_act
from rapport.engine.records.actions import create_record
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import TYPES, Field
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.gate import FULL, Policy, visible
from rapport.engine.records.queries import page, parse_order
from rapport.engine.records.queries.listing import first_pages
from rapport.engine.records.queries.summing import (
    GROUPS,
    LISTS,
    By,
    Measure,
    Sort,
    Total,
    Unit,
    grouped,
    totals,
    totals_of,
)
from rapport.engine.records.queries.summing_text import read_by, read_measures
from rapport.engine.records.queries.within import key_text, read_key, within
from rapport.engine.records.registry import record_type
from rapport.engine.records.tests.filters.conftest import policies
from rapport.engine.records.tests.filters.world import CUSTOM, make_world

__all__ = ["policies"]

AUCKLAND, OSLO = ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/Oslo")
ALL = [Total.EMPTY, Total.FILLED, Total.UNIQUE, Total.SUM, Total.AVG, Total.MIN, Total.MAX, Total.NO_RATE]


@pytest.fixture
def world(db):
    return make_world()


def fields_of(slug):
    rtype = record_type(slug)
    return [rtype.field(one.slug) for one in rtype.all_fields()] + [
        rtype.field("created_at"),
        rtype.field("created_by"),
    ]


def keys_of(field, row, *, seen=None, unit=None, zone=None):
    """Under which keys plain Python puts a record."""
    value = field.get(row)
    if field.type.name in LISTS:
        return list(value) or [None]
    if field.type.name == "bool":
        return [bool(value)]
    if field.type.is_empty(value):
        return [None]
    if isinstance(field.type, Entries):
        return [value[0][field.type.key]]
    if field.type.name == "relation":
        return [value if value in seen else None]
    return [stretch(value, unit, zone) if unit else value]


def stretch(value, unit, zone):
    day = value.astimezone(zone).date() if isinstance(value, dt.datetime) else value
    first = {
        Unit.WEEK: day - dt.timedelta(days=day.weekday()),
        Unit.MONTH: day.replace(day=1),
        Unit.QUARTER: day.replace(month=day.month - (day.month - 1) % 3, day=1),
        Unit.YEAR: day.replace(month=1, day=1),
    }
    return first.get(unit, day)


def expected(field, total, rows):
    values = [value for row in rows if not field.type.is_empty(value := field.get(row))]
    if field.type.name == "bool":
        values = [value for value in values if value]
    if total in (Total.EMPTY, Total.FILLED):
        return len(values) if total is Total.FILLED else len(rows) - len(values)
    if field.type.name == "money":
        if total is Total.UNIQUE:
            return len({(one["amount"], one["currency"]) for one in values})
        if total is Total.NO_RATE:
            return sum(one["house"] is None for one in values)
        values = [one["house"] for one in values if one["house"] is not None]
    if isinstance(field.type, Entries):
        values = [one[0][field.type.key] for one in values]
    if total is Total.UNIQUE:
        return len(set(values))
    if not values:
        return None
    made = {Total.SUM: sum, Total.MIN: min, Total.MAX: max, Total.AVG: lambda all_: sum(map(Decimal, all_)) / len(all_)}
    return made[total](values)


@pytest.mark.parametrize("slug", ["people", "companies"])
def test_every_total_of_every_field(world, slug):
    rtype, rows, checked = record_type(slug), list(world.rows[slug].values()), Counter()
    for field in fields_of(slug):
        offered = [
            one for one in ALL if one in totals_of(field) or (one is Total.NO_RATE and field.type.name == "money")
        ]
        found = totals(rtype, visible(world.actor, rtype), [Measure(one, field) for one in offered])
        for total, value in zip(offered, found, strict=True):
            wanted = expected(field, total, rows)
            if total is Total.AVG and wanted is not None:
                value, wanted = round(value, 6), round(wanted, 6)
            assert value == wanted, (field.slug, total)
            checked[total] += 1
    assert checked.keys() == set(ALL)


def test_an_amount_without_a_known_rate_is_counted_and_in_no_sum(world):
    rtype = record_type("companies")
    revenue = rtype.field("revenue")
    asked = [Measure(one, revenue) for one in (Total.SUM, Total.NO_RATE, Total.UNIQUE, Total.FILLED)]
    assert totals(rtype, visible(world.actor, rtype), asked) == (Decimal("5012.50"), 1, 3, 3)


@pytest.mark.parametrize("slug", ["people", "companies"])
def test_every_field_groups_and_its_groups_hold_the_rows_that_they_count(world, slug):
    rtype, rows = record_type(slug), visible(world.actor, record_type(slug))
    names = {field.slug for field in fields_of(slug) if field.type.name in GROUPS}
    assert {f"x_{kind}" for kind in CUSTOM.keys() & GROUPS} <= names or slug == "companies"
    for name in names:
        field = rtype.field(name)
        units = [*Unit] if field.type.name in ("date", "datetime") else [None]
        for unit in units:
            for zone in (AUCKLAND, OSLO):
                text = f"{name}:{unit}" if unit else name
                by = read_by(rtype, text, frozenset(), world.actor)
                groups_are_right(world, rtype, rows, by, zone)


def groups_are_right(world, rtype, rows, by, zone):
    wanted = defaultdict(set)
    seen = world.rows.get(by.field.target, {})
    for key, row in world.rows[rtype.slug].items():
        for one in keys_of(by.field, row, seen=seen, unit=by.unit, zone=zone):
            wanted[one].add(key)
    found = {one.keys[0]: one.values[0] for one in grouped(rtype, rows, [by], [COUNT], zone=zone, most=99)}
    assert found == {key: len(ids) for key, ids in wanted.items()}, (by, zone)
    for key, ids in wanted.items():
        read = read_key(by, key_text(key))
        assert read == key, by
        assert set(within(rtype, rows, by, read, zone=zone).values_list("pk", flat=True)) == ids, (by, key, zone)


COUNT = Measure(Total.COUNT)


def test_days_begin_where_the_reader_is_also_when_clocks_change(world):
    """In Oslo the clock went forward on 2026-03-29 and back on 2026-10-25."""
    rtype = record_type("people")
    moments = {
        "2026-03-28T22:59:59Z": "2026-03-28",
        "2026-03-28T23:00:00Z": "2026-03-29",
        "2026-03-29T21:59:59Z": "2026-03-29",
        "2026-03-29T22:00:00Z": "2026-03-30",
        "2026-10-24T21:59:59Z": "2026-10-24",
        "2026-10-25T22:59:59Z": "2026-10-25",
        "2026-10-25T23:00:00Z": "2026-10-26",
    }
    with open_act(world.actor) as act:
        for moment in moments:
            create_record(act, rtype, {"name": f"At {moment}", "x_datetime": moment})
    rows = visible(world.actor, rtype).filter(name__startswith="At ")
    by = By(rtype.field("x_datetime"), Unit.DAY)
    for group in grouped(rtype, rows, [by], [COUNT], zone=OSLO, most=99):
        stand = within(rtype, rows, by, group.keys[0], zone=OSLO).values_list("name", flat=True)
        assert {moments[name.removeprefix("At ")] for name in stand} == {str(group.keys[0])}
        assert len(stand) == group.values[0]


def test_measures_of_groups_are_those_of_their_rows(world):
    rtype = record_type("people")
    rows, money = visible(world.actor, rtype), rtype.field("x_money")
    asked = [COUNT, *(Measure(one, money) for one in ALL)]
    for by in (By(rtype.field("stage")), By(rtype.field("tags")), By(rtype.field("x_bool"))):
        for group in grouped(rtype, rows, [by], asked, zone=AUCKLAND, most=99):
            assert group.values == totals(rtype, within(rtype, rows, by, group.keys[0], zone=AUCKLAND), asked)


def test_yes_and_no_of_records_older_than_the_field_is_no(world):
    people = record_type("people")
    newer = Field(slug="x_newer", label="Newer", type=TYPES["bool"], column="x_newer", custom=True)
    rows, everybody = visible(world.actor, people), len(world.rows["people"])
    [group] = grouped(people, rows, [By(newer)], [COUNT], zone=OSLO, most=9)
    assert (group.keys, group.values) == ((False,), (everybody,))
    assert within(people, rows, By(newer), False, zone=OSLO).count() == everybody
    assert totals(people, rows, [Measure(Total.EMPTY, newer), Measure(Total.FILLED, newer)]) == (everybody, 0)


def test_two_fields_at_once_and_each_value_of_a_list(world):
    rtype = record_type("people")
    wanted = Counter(
        (stage, tag)
        for row in world.rows["people"].values()
        for stage in keys_of(rtype.field("stage"), row)
        for tag in keys_of(rtype.field("tags"), row)
    )
    by = [By(rtype.field("stage")), By(rtype.field("tags"))]
    found = grouped(rtype, visible(world.actor, rtype), by, [COUNT], zone=OSLO, most=99)
    assert {one.keys: one.values[0] for one in found} == wanted


def test_groups_come_in_the_order_asked_for_and_no_more_than_asked_for(world):
    rtype = record_type("people")
    rows, by = visible(world.actor, rtype), By(rtype.field("x_number"))

    def keys(sort, most=99):
        return [one.keys[0] for one in grouped(rtype, rows, [by], [COUNT], zone=OSLO, most=most, sort=sort)]

    up = sorted(one for one in keys(Sort.NONE) if one is not None)
    assert keys(Sort.UP) == [*up, None]
    assert keys(Sort.DOWN) == [*reversed(up), None]
    assert keys(Sort.UP, 2) == up[:2]
    sizes = [
        one.values[0]
        for one in grouped(rtype, rows, [By(rtype.field("stage"))], [COUNT], zone=OSLO, most=9, sort=Sort.LARGEST)
    ]
    assert sizes == sorted(sizes, reverse=True)


def test_groups_and_totals_are_one_query_each_and_so_are_the_first_rows_of_all_groups(world):
    rtype = record_type("people")
    rows, by = visible(world.actor, rtype), By(rtype.field("stage"))
    fields, order = [rtype.field("name"), rtype.field("x_money")], parse_order(rtype, "-emails")
    with CaptureQueriesContext(connection) as queries:
        groups = grouped(rtype, rows, [by], [COUNT], zone=OSLO, most=99)
        lists = [within(rtype, rows, by, one.keys[0], zone=OSLO) for one in groups]
        shown = first_pages(lists, fields, order=order, limit=1)
    assert (len(groups), len(queries)) == (3, 2)
    for list_, first in zip(lists, shown, strict=True):
        alone = page(rtype, list_, fields, order=order, limit=1)
        assert (first.rows, first.next) == (alone.rows, alone.next)
        if first.next:
            rest = page(rtype, list_, fields, order=order, limit=9, cursor=first.next)
            assert len({row["id"] for row in (*first.rows, *rest.rows)}) == list_.count() > 1
    assert first_pages([], fields, order=order, limit=1) == []


def test_the_gate_rows_and_targets_that_may_not_be_seen_are_in_no_group(world, policies):
    people = record_type("people")
    policies("people", Policy(dict.fromkeys(FULL.reach, "own")))
    mine = [row for row in world.rows["people"].values() if row.owner_id == world.actor.id]
    assert totals(people, visible(world.actor, people), [COUNT]) == (len(mine),)
    policies("companies", Policy(dict.fromkeys(FULL.reach, "none")))
    by = read_by(people, "company", frozenset(), world.actor)
    [nowhere] = grouped(people, visible(world.actor, people), [by], [COUNT], zone=OSLO, most=99)
    assert (nowhere.keys, nowhere.values) == ((None,), (len(world.rows["people"]),))
    hidden_one = next(iter(world.rows["companies"]))
    assert not within(people, visible(world.actor, people), by, hidden_one, zone=OSLO).exists()


@pytest.mark.parametrize("text", ["phones", "nonsense", "addresses", "stage:month", "created_at:decade", "x_money", ""])
def test_a_group_that_there_is_not_is_refused_by_name(world, text):
    with pytest.raises(Invalid):
        read_by(record_type("people"), text, frozenset({"phones"}), world.actor)


@pytest.mark.parametrize(
    "text", ["phones:filled", "nonsense:sum", "stage:sum", "name", "city:no_rate", "x_money:no_rate"]
)
def test_a_total_that_there_is_not_is_refused_by_name(world, text):
    with pytest.raises(Invalid):
        read_measures(record_type("people"), text, frozenset({"phones"}))


@pytest.mark.parametrize("text", ["lead", "is:3", "is:nonsense", "is:", "is:\x00", "is:2026-13-01"])
def test_a_group_of_another_kind_is_refused(world, text):
    for name in ("x_date:month", "x_bool", "owner"):
        with pytest.raises(Invalid):
            read_key(read_by(record_type("people"), name, frozenset(), world.actor), text)


@pytest.mark.parametrize("text", ["is:NaN", "is:-Infinity", "is:1e999999", "is:1e-999999"])
def test_no_number_that_a_database_does_not_hold_is_a_group(world, text):
    with pytest.raises(Invalid):
        read_key(read_by(record_type("companies"), "size", frozenset(), world.actor), text)
