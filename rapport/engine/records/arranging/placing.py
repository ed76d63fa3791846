"""Where the panels of a record page stand for a role: as arranged, and what was never arranged as it is declared."""

from dataclasses import dataclass, replace
from typing import Any

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import known_roles
from rapport.engine.records.registry import Panel, RecordType, panels_of

SIDES = ("left", "right")


@dataclass(frozen=True)
class Placed:
    """A panel, the side on which it stands and whether it is shown."""

    panel: Panel
    side: str
    shown: bool = True

    @property
    def as_json(self) -> dict[str, Any]:
        return {"name": self.panel.name, "side": self.side, "shown": self.shown}


def roles() -> list[str]:
    """The roles for which a page can be arranged."""
    return known_roles()


def role_of(actor: Actor, rtype: RecordType) -> str:
    """The role by which an actor sees the pages of a type: the first of theirs for which they were arranged."""
    arranged = (role for role in known_roles() if role in actor.roles and (rtype.slug, role) in definitions().layouts)
    return next(arranged, "")


def placed(rtype: RecordType, role: str) -> list[Placed]:
    """All panels of a type in the order of a role, hidden ones included; new ones come last on their side."""
    waiting = {panel.name: Placed(panel, panel.side) for panel in panels_of(rtype)}
    found = []
    for one in definitions().layouts.get((rtype.slug, role), ()):
        if isinstance(one, dict) and (known := waiting.pop(str(one.get("name")), None)):
            side = one.get("side") if one.get("side") in SIDES else known.side
            found.append(replace(known, side=str(side), shown=bool(one.get("shown", True))))
    return [*found, *waiting.values()]
