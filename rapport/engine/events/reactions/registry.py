"""Which function listens to what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.facts import Fact
from rapport.engine.events.models import JournalEntry

Listener = Callable[[Act, Sequence[JournalEntry]], None]


@dataclass(frozen=True)
class Reaction:
    """A listener with its name, the kinds of entries and tables it wants, and whether with their values.

    `label` is what people call it.
    """

    name: str
    listener: Listener
    kinds: tuple[str, ...]
    about_types: tuple[str, ...] = ()
    replay: bool = False
    values: bool = True
    label: "str | Promise" = ""

    @property
    def actor(self) -> Actor:
        return Actor(kind="system", name=self.name)

    def wants(self, kind: str, about_type: str) -> bool:
        return kind in self.kinds and (not self.about_types or about_type in self.about_types)


REACTIONS: dict[str, Reaction] = {}


def when(
    *facts: type[Fact] | str,
    about: Sequence[str] = (),
    replay: bool = False,
    values: bool = True,
    label: str | Promise = "",
) -> Callable[[Listener], Listener]:
    """Register a listener for facts, or for kinds of change (`"created"`) to the tables named in `about`.

    The listener receives an act and a run of entries in order, with their values unless it wants none; what it raises
    is noted against the entries. A new reaction begins with what happens from its first migration on; with `replay`,
    at the very beginning. Its name is that of its module and function: a renamed one is a new one; people read `label`.
    """
    kinds = tuple(fact if isinstance(fact, str) else fact.kind for fact in facts)

    def register(listener: Listener) -> Listener:
        name = f"{listener.__module__.removeprefix('rapport.')}.{listener.__name__}"
        REACTIONS[name] = Reaction(name, listener, kinds, tuple(about), replay, values, label or name)
        return listener

    return register
