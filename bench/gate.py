"""What the gate costs a list: one page and the count, as read by roles that reach differently far."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any
from unittest.mock import patch

RUNS = 20
ROLE = "bench"
SHARES = 500
# The filter in force, and how many records are shared with whoever asks, beside how far the role reaches.
REACHES = (
    ("all", "", 0),
    ("own", "", 0),
    ("own", "", SHARES),
    ("team", "", 0),
    ("filter", "city = Oslo", 0),
    ("filter", "owner = my team and stage = lead", 0),
    ("filter", "company.industry = retail", 0),
)


def gate() -> dict[str, str]:
    """Medians over the whole home, in the database and Python of one process."""
    from django.db import connections

    found: dict[str, str] = {}
    for reach, where, shares in REACHES:
        words = where or (f"{reach}, {shares} shared" if shares else reach)
        found |= {f"gate: {name} for who reaches {words}": said for name, said in _asked(reach, where, shares).items()}
    connections.close_all()
    return found


def _asked(reach: str, where: str, shares: int) -> dict[str, str]:
    from rapport.engine.records.gate import EVERY_VERB, FULL, POLICIES, Policy, visible
    from rapport.engine.records.gate.shares import Held
    from rapport.engine.records.queries import count, page, parse_order
    from rapport.engine.records.registry import record_type

    rtype, actor = record_type("people"), _actor()
    fields = [one for slug in rtype.columns if (one := rtype.field(slug))]
    keys = frozenset(rtype.rows().order_by("pk").values_list("pk", flat=True)[:shares])
    policy = Policy(dict.fromkeys(EVERY_VERB, reach), where=dict.fromkeys(EVERY_VERB, where))
    held = Held({(rtype.slug, "read"): keys}, None)

    def listed(order: str) -> Callable[[], Any]:
        return lambda: page(rtype, visible(actor, rtype), fields, order=parse_order(rtype, order))

    asked = {
        "the newest": listed("-created_at"),
        "by name": listed("name"),
        "counted": lambda: count(visible(actor, rtype)),
    }
    with (
        patch.dict(POLICIES, {ROLE: {"*": FULL, rtype.slug: policy}}),
        patch("rapport.engine.records.gate.shares._held", lambda _actor: held),
    ):
        return {name: f"{_milliseconds(ask):.1f} ms" for name, ask in asked.items()}


def _actor() -> Any:
    """Somebody who owns a good quarter of the home, in a team with another."""
    from rapport.engine.accounts.models import User
    from rapport.engine.events.actor import Actor, Circle
    from rapport.engine.records.registry import record_type

    owners = record_type("people").rows().exclude(owner=None).values_list("owner", flat=True)
    first, *others = list(User.objects.filter(pk__in=owners.distinct()).values_list("pk", flat=True))
    team = frozenset({first, *others[:1]})
    return Actor("user", "Bench", first, frozenset({ROLE}), circle=Circle(team, team))


def _milliseconds(ask: Callable[[], Any]) -> float:
    taken = []
    for _run in range(RUNS):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return median(taken) * 1000
