"""A small world of real people and companies, with a custom field of every type, for filters to be asked of."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from rapport.customers.record_types import CompanyType, PersonType
from rapport.engine.accounts.models import User
from rapport.engine.events.act import Act, open_act
from rapport.engine.events.actor import ADMIN, Actor
from rapport.engine.records.actions import create_record, delete_records
from rapport.engine.records.definitions import forget
from rapport.engine.records.fields import TYPES
from rapport.engine.records.filters.scope import scope_for
from rapport.engine.records.gate import visible
from rapport.engine.records.models import Choice, CustomField
from rapport.engine.records.tests.filters.oracle import World

ZONE = ZoneInfo("Pacific/Auckland")
TARGETS = {"relation": "companies"}
COMPANIES: list[dict[str, Any]] = [
    {"name": "Fjell & Fjord", "industry": "retail", "size": 11, "revenue": "5000 EUR", "domains": "fjord.no; fjell.no",
     "addresses": {"city": "Bærum", "country": "NO"}, "tags": "VIP; big spender"},
    {"name": "FJELL & FJORD", "size": 0, "revenue": "70 USD", "links": "https://x.no/a; https://y.no"},
    {"name": "Ærø Sko", "industry": "travel", "size": 4, "revenue": "12.50 EUR", "phones": "+4777601234"},
    {"name": "100% _wild_\\"},
    {"name": "Deleted", "industry": "retail", "size": 11},
]  # fmt: skip
PEOPLE: list[dict[str, Any]] = [
    {"name": "Åse Berg", "emails": "ase@fjord.no; private@x.no", "phones": "+47 77 60 12 34", "stage": "lead",
     "addresses": [{"city": "Oslo", "country": "NO", "street": 'Storgata "1"'}, {"city": "Bærum"}], "tags": "VIP",
     "birthday": "1980-02-29", "do_not_contact": True, "language": "nb"},
    {"name": "ase  berg", "emails": "ASE@fjord.no", "stage": "customer", "source": "fair", "tags": "vip; big spender"},
    {"name": "O'Hara, Zoë", "emails": "zoe+news@y.example", "phones": "+353 1 679 9000; +47 22 33 44 55",
     "addresses": {"country": "IE"}, "source": "Fair", "birthday": "2001-12-31"},
    {"name": "bergljot", "first_name": "Berg", "addresses": {"city": "oslo"}},
    {"name": "%_\\", "source": "100%"},
    {"emails": "only@mail.example"},
    {"name": "Deleted", "emails": "ase@fjord.no", "stage": "lead"},
]  # fmt: skip
EMPLOYERS = [0, 1, None, 4, 2, None, 0]
CUSTOM: dict[str, list[Any]] = {
    "text": ["Fjell", "fjell", "Ærlig", None],
    "long_text": ["Two\nlines of Fjell", "100%", None],
    "number": [0, "-3.5", 11, None, "12.50"],
    "money": ["5000 EUR", "12.50 EUR", "70 USD", None],
    "date": ["2026-03-14", "1980-02-29", None],
    "datetime": ["now", "-2h", "+3h", "midnight", "-1s", "-40d", None],
    "bool": [True, False, None],
    "choice": ["at-risk", "11-50", None],
    "choices": [["at-risk", "11-50"], ["11-50"], None],
    "email": ["ase@fjord.no", "x@y.example", None],
    "emails": [["ase@fjord.no", "x@y.example"], None],
    "phone": ["+47 77 60 12 34", None],
    "phones": [["+353 1 679 9000", "+47 77 60 12 34"], None],
    "link": ["https://x.no/a", "y.no", None],
    "links": [["https://x.no/a", "https://y.no"], None],
    "domains": ["fjord.no; fjell.no", None],
    "addresses": [{"city": "Oslo", "country": "NO"}, None],
    "relation": [0, 1, 4, None],
    "user": ["me", "bob@x.example", None],
    "tags": [["VIP", "big spender"], ["vip"], None],
    "members": [["me"], ["me", "bob@x.example"], None],
    "file": [None],
}


def make_world() -> World:
    """Write it all through the engine's own actions; whoever asks is Anna."""
    users = {name: User.objects.create_user(f"{name}@x.example", name=name.title()) for name in ("anna", "bob")}
    actor = Actor("user", "Anna", users["anna"].pk, frozenset({ADMIN}))
    now = dt.datetime.now(dt.UTC)
    with open_act(actor) as act:
        _define(act)
    forget()
    with open_act(actor) as act:
        companies = [create_record(act, CompanyType, values) for values in COMPANIES]
        act.change(companies[1], parent_id=companies[0].pk)
        act.change(companies[2], parent_id=companies[1].pk, owner_id=users["bob"].pk)
        people = []
        for index, values in enumerate(PEOPLE):
            custom = {
                f"x_{kind}": _given(pool[index % len(pool)], kind, companies, now) for kind, pool in CUSTOM.items()
            }
            employer = EMPLOYERS[index]
            more = {"company": companies[employer].pk if employer is not None else None, "owner": _owner(index)}
            people.append(create_record(act, PersonType, values | custom | more))
        delete_records(act, CompanyType, companies[4:])
        delete_records(act, PersonType, people[6:])
    rows = {rtype.slug: {row.pk: row for row in visible(actor, rtype)} for rtype in (CompanyType, PersonType)}
    keys = {user.email: user.pk for user in users.values()}
    return World(scope_for(actor, PersonType), rows, keys, now, ZONE, actor)


def _define(act: Act) -> None:
    act.create(
        [
            CustomField(record_type="people", slug=f"x_{kind}", label=kind, type=kind, target=TARGETS.get(kind, ""))
            for kind in TYPES
        ]
    )
    options = [("people.x_choice", "at-risk"), ("people.x_choice", "11-50")]
    options += [("people.x_choices", value) for _list, value in options]
    options += [("companies.industry", "retail"), ("companies.industry", "travel")]
    known = set(Choice.objects.filter(deleted_at=None).values_list("list", "value"))
    act.create([Choice(list=name, value=value, label=value) for name, value in options if (name, value) not in known])


def _given(value: Any, kind: str, companies: list[Any], now: dt.datetime) -> Any:
    if value is None:
        return None
    if kind == "relation":
        return companies[value].pk
    return MOMENTS[value](now) if kind == "datetime" else value


def _owner(index: int) -> str | None:
    return ["me", "bob@x.example", None][index % 3]


def _midnight(now: dt.datetime) -> dt.datetime:
    return now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


MOMENTS: dict[str, Callable[[dt.datetime], dt.datetime]] = {
    "now": lambda now: now,
    "-2h": lambda now: now - dt.timedelta(hours=2),
    "+3h": lambda now: now + dt.timedelta(hours=3),
    "-40d": lambda now: now - dt.timedelta(days=40),
    "midnight": _midnight,
    "-1s": lambda now: _midnight(now) - dt.timedelta(seconds=1),
}
