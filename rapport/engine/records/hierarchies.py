"""Undo knows by which relation records lie under others of their type."""

from rapport.engine.events.undo.circles import Hierarchy, hierarchies
from rapport.engine.records.registry import by_journal_type
from rapport.engine.records.related import above


def hierarchy_of(about_type: str) -> Hierarchy | None:
    """That of a record type, if it has one."""
    rtype = by_journal_type(about_type)
    field = above(rtype) if rtype else None
    return Hierarchy(field.column, turn_of(rtype.slug)) if rtype and field else None


def turn_of(slug: str) -> str:
    """Whoever puts records of a type under others says this."""
    return f"above {slug}"


hierarchies.append(hierarchy_of)
