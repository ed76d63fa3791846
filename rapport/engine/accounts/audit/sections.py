"""What an audit looks at: a list that rooms above this one add to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rapport.engine.accounts.audit.report import UNPROVED, Section, Verified


@dataclass(frozen=True)
class Asked:
    """Over which time an audit is made, whether of the whole journal, and how far it was proved before."""

    since: datetime
    until: datetime
    is_full: bool = False
    before: Verified = UNPROVED
    proved_until: datetime | None = None


@dataclass(frozen=True)
class Looked:
    """What a look came to; None leaves the section out. `verified` is what the look at the journal proved."""

    section: Section | None
    verified: Verified | None = None


# A look says how things stand; it reads and changes nothing.
Look = Callable[[Asked], Looked]
SECTIONS: dict[str, tuple[int, Look]] = {}


def add_section(name: str, look: Look, *, place: int = 100) -> None:
    """Have audits look at something more. A name can be taken once; sections stand by their places."""
    if name in SECTIONS:
        raise ValueError(f"Two sections of the audit are called {name!r}.")
    SECTIONS[name] = (place, look)


def looks() -> list[Look]:
    """All looks, in the order of their places."""
    return [look for _name, (_place, look) in sorted(SECTIONS.items(), key=lambda item: (item[1][0], item[0]))]
