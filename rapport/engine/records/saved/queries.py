"""Which views somebody sees: their own and those that are shared, of the types that they may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from rapport.engine.events.actor import Actor
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import may
from rapport.engine.records.models import DefaultView, SavedView
from rapport.engine.records.registry import RecordType, record_types


@dataclass(frozen=True)
class Shown:
    """A view as somebody sees it: whether their list opens with it, and whether they may change it."""

    row: SavedView
    is_default: bool
    may_change: bool


def views_of(actor: Actor, rtypes: Sequence[RecordType]) -> list[Shown]:
    """The live views of these types that an actor sees, shared ones first, each in their order; one query."""
    rows = seen(actor, rtypes).annotate(is_default=_is_default(actor))
    ordered = rows.order_by("-is_shared", "position", "created_at", "pk")
    return [_shown(actor, row) for row in ordered]


def find_view(actor: Actor, key: UUID, *, deleted: bool | None = False) -> Shown | None:
    """One view that the actor sees; with None, whether it is deleted or not."""
    rows = seen(actor, list(record_types()), deleted=deleted).filter(pk=key).annotate(is_default=_is_default(actor))
    row = rows.first()
    return _shown(actor, row) if row else None


def views_called(actor: Actor, text: str, limit: int) -> list[SavedView]:
    """Views with pages whose name, or a word in it, begins with what is typed."""
    wanted = fold(text.replace("\0", " "))
    if not wanted:
        return []
    rows = seen(actor, [one for one in record_types() if one.section is not None])
    begun = Q(name_fold__startswith=wanted) | Q(name_fold__contains=f" {wanted}")
    return list(rows.filter(begun).order_by("name_fold", "pk")[:limit])


def default_of(actor: Actor, rtype: RecordType) -> SavedView | None:
    """The view with which this list opens for the actor, as long as they see it."""
    return seen(actor, [rtype]).filter(_is_default(actor)).first()


def seen(actor: Actor, rtypes: Sequence[RecordType], *, deleted: bool | None = False) -> "QuerySet[SavedView]":
    """The rows of views that an actor sees."""
    readable = [one.slug for one in rtypes if may(actor, one, "read")]
    rows: QuerySet[SavedView] = QuerySet(SavedView).filter(record_type__in=readable)
    rows = rows.filter(Q(is_shared=True) | Q(owner=actor.user_id))
    return rows if deleted is None else rows.filter(deleted_at__isnull=not deleted)


def may_change(actor: Actor, row: SavedView) -> bool:
    """Its owner, and of what is shared the administrators too."""
    return (row.owner_id is not None and row.owner_id == actor.user_id) or (row.is_shared and actor.is_admin)


def used_by(row: SavedView) -> "QuerySet[SavedView]":
    """The other live views whose filters ask for this one."""
    asking: QuerySet[SavedView] = QuerySet(SavedView).filter(deleted_at=None, parts__where__icontains=str(row.pk))
    return asking.exclude(pk=row.pk)


def _is_default(actor: Actor) -> Exists:
    own: QuerySet[DefaultView] = QuerySet(DefaultView).filter(owner=actor.user_id, deleted_at=None)
    return Exists(own.filter(view=OuterRef("pk")))


def _shown(actor: Actor, row: SavedView) -> Shown:
    is_default: bool = row.is_default  # type: ignore[attr-defined]  # annotated by the queries above
    return Shown(row, is_default, may_change(actor, row))
