"""Why a batch cannot be taken back yet: what the rooms above are still doing in it."""

from collections.abc import Callable
from uuid import UUID

# Each says in a sentence what stands in the way, or nothing.
objections: list[Callable[[UUID], str]] = []


def objection(batch: UUID) -> str:
    """The first sentence that stands in the way of taking this batch back."""
    return next((why for ask in objections if (why := ask(batch))), "")
