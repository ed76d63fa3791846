"""Computed fields in the home: filled for everybody, sorted and filtered by, and brought up to date after changes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench.sample import ADMIN

FORMULAS = (
    ("people", "Bench days", "days(created_at) + coalesce(company.size, 0)"),
    ("companies", "Bench staff", "count(people where stage = customer)"),
)
RUNS = 20
CHANGED = 2_000


def computed() -> dict[str, str]:
    """Fill two formulas, ask lists for them, change people and follow the journal; then take the fields away."""
    from django.db import connections

    found: dict[str, str] = {}
    with _made() as (people, companies):
        for row in (people, companies):
            found |= _filled(row)
        found |= _asked(people)
        found |= _followed()
    connections.close_all()
    return found


@contextmanager
def _made() -> Iterator[list[Any]]:
    """The fields, so long as they are measured."""
    from rapport.engine.events.act import open_act
    from rapport.engine.records.custom.actions import create_field, delete_field
    from rapport.engine.records.definitions import check_again
    from rapport.engine.records.registry import record_type

    actor, rows = _actor(), []
    for slug, label, formula in FORMULAS:
        with open_act(actor) as act:
            rows.append(create_field(act, record_type(slug), {"label": label, "type": "formula", "formula": formula}))
    check_again()
    try:
        yield rows
    finally:
        with open_act(actor) as act:
            for row in rows:
                delete_field(act, row)
        check_again()


def _filled(row: Any) -> dict[str, str]:
    from rapport.engine.jobs.progress import Reporter
    from rapport.engine.records.computed.filling import fill
    from rapport.engine.records.definitions import check_again
    from rapport.engine.records.registry import record_type

    began = time.monotonic()
    fill.function(Reporter(), row.record_type, row.slug)
    check_again()
    seconds, records = time.monotonic() - began, record_type(row.record_type).rows().count()
    name = f"computed field filled and indexed: `{row.formula}`"
    return {name: f"{records / seconds:,.0f} {row.record_type}/s ({seconds:,.0f} s)"}


def _asked(row: Any) -> dict[str, str]:
    """Medians of one page of a list, in the database and Python of one process."""
    from rapport.engine.records.queries import count, page, parse_order
    from rapport.engine.records.queries.filtered import filtered
    from rapport.engine.records.reading import zone_now
    from rapport.engine.records.registry import record_type

    rtype, actor = record_type(row.record_type), _actor()
    fields = [one for slug in ("name", row.slug) if (one := rtype.field(slug))]
    order, where = parse_order(rtype, f"-{row.slug}"), f"{row.slug} > 500"
    everybody = rtype.rows().filter(deleted_at=None)
    deep = page(rtype, everybody, fields, order=order, limit=200).next or ""

    def matching() -> Any:
        return filtered(actor, rtype, where, **zone_now())

    asked: dict[str, Callable[[], Any]] = {
        "sorted by it": lambda: page(rtype, everybody, fields, order=order),
        "sorted by it, further on": lambda: page(rtype, everybody, fields, order=order, cursor=deep),
        "filtered by it": lambda: page(rtype, matching(), fields, order=parse_order(rtype, rtype.order)),
        "counted by it": lambda: count(matching()),
    }
    return {f"computed field: a list {name}": f"{_taken(ask):.1f} ms" for name, ask in asked.items()}


def _followed() -> dict[str, str]:
    """How fast what follows from changes of people is worked out."""
    from rapport.engine.events.act import open_act
    from rapport.engine.events.reactions import REACTIONS, run_once
    from rapport.engine.records.registry import record_type

    reaction = REACTIONS["engine.records.computed.following.keep_computed"]
    while run_once(reaction):
        pass
    rows = list(record_type("people").rows().filter(deleted_at=None)[:CHANGED])
    with open_act(_actor()) as act:
        act.change_each([(row, {"stage": "lead" if row.stage == "customer" else "customer"}) for row in rows])
    began = time.monotonic()
    while run_once(reaction):
        pass
    return {"computed fields follow changes of people": f"{len(rows) / (time.monotonic() - began):,.0f} changes/s"}


def _taken(ask: Callable[[], Any]) -> float:
    taken = []
    for _run in range(RUNS):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


def _actor() -> Any:
    from django.contrib.auth import get_user_model

    user: Any = get_user_model()._default_manager.get(email=ADMIN)
    return user.actor
