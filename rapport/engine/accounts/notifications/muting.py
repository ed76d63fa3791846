"""“Less of this record”: the room that knows why users are told of records says how they are told less."""

from collections.abc import Callable
from uuid import UUID

from rapport.engine.accounts.models import User

Muting = Callable[[User, str, UUID], None]
MUTINGS: list[Muting] = []


def register_muting(muting: Muting) -> None:
    """Say how a user is told less of a record, given by the slug of its type and its id."""
    if muting not in MUTINGS:
        MUTINGS.append(muting)


def can_mute() -> bool:
    """Whether any room lets users say so."""
    return bool(MUTINGS)


def mute(user: User, record_type: str, record_id: UUID) -> None:
    """Tell a user less of a record from now on."""
    for muting in MUTINGS:
        muting(user, record_type, record_id)
