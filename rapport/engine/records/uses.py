"""What uses a field or one of its options: asked before it is renamed, retired or deleted. Rooms add what they use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapport.engine.events.actor import Actor
from rapport.engine.records.registry import RecordType


@dataclass(frozen=True)
class Use:
    """One place that uses a field. `blocks`: the field cannot be deleted while it does."""

    label: str
    kind: str
    url: str = ""
    blocks: bool = False


Finder = Callable[[Actor, RecordType, str, str], Iterable[Use]]
# Each gets the actor, the record type, a slug and an option (empty: the field as a whole), and tells what they may see.
finders: list[Finder] = []


def uses_of(actor: Actor, rtype: RecordType, slug: str, *, option: str = "") -> list[Use]:
    """The places that use a field, or one option of it, as far as the actor may see them."""
    found = (use for finder in finders for use in finder(actor, rtype, slug, option))
    return list(dict.fromkeys(found))
