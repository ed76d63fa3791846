"""What people do with views: save, change, share, move, open with, delete and restore them. All of it can be undone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.errors import EditConflict, FieldConflict, ValidationFailed
from rapport.engine.records.folding import fold_key
from rapport.engine.records.gate import require
from rapport.engine.records.models import DefaultView, SavedView
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.saved.parts import WHERE, read_parts, require_shared
from rapport.engine.records.saved.queries import may_change

MOST = 200  # shared views of one type, and personal ones of one user
LONGEST_NAME = 100
FLAG = "is_shared"


def create_view(act: Act, rtype: RecordType, raw: Mapping[str, Any]) -> SavedView:
    """Save a view: `name`, `is_shared` and `parts` as typed or sent. Raises ValidationFailed and NotAllowed."""
    require(act.actor, rtype, "read")
    _take_turns()
    row = SavedView(record_type=rtype.slug, owner_id=_user(act.actor))
    values = _read(act.actor, rtype, row, {"name": "", FLAG: False, "parts": {}, **raw})
    for name, value in values.items():
        setattr(row, name, value)
    others = _beside(row)
    if others.count() >= MOST:
        raise ValidationFailed({"name": _("At most %(most)d views can be kept here.") % {"most": MOST}})
    row.position = _after_all(others)
    return act.create(row)


def change_view(act: Act, row: SavedView, raw: Mapping[str, Any], *, version: int | None = None) -> SavedView:
    """Rename, share, make personal, or keep other parts.

    Raises EditConflict for parts that were changed since a version.
    """
    _require(act.actor, row)
    _take_turns()
    act.lock(row)
    _require(act.actor, row)
    if row.is_deleted:
        raise ValidationFailed({"name": _("This view is deleted; restore it first.")})
    rtype = record_type(row.record_type)
    values = _read(act.actor, rtype, row, raw)
    if version is not None and version != row.version and values.get("parts", row.parts) != row.parts:
        raise EditConflict([FieldConflict("parts", row.parts, values["parts"])], row.version)
    if values.get(FLAG, row.is_shared) != row.is_shared:
        row.is_shared = values[FLAG]
        values["position"] = _after_all(_beside(row))
        row.is_shared = not values[FLAG]
    act.change(row, **values)
    return row


def move_view(act: Act, row: SavedView, *, right: bool) -> None:
    """Change places with the neighbour among those that are shared, or among one's own; at the end nothing happens."""
    _require(act.actor, row)
    _take_turns()
    act.lock(row)
    rows = list(_beside(row, itself=True).order_by("position", "created_at", "pk"))
    here = next(place for place, one in enumerate(rows) if one.pk == row.pk)
    there = here + (1 if right else -1)
    if not 0 <= there < len(rows):
        return
    rows.insert(there, rows.pop(here))
    before = rows[there - 1].position if there else rows[1].position - 2
    after = rows[there + 1].position if there + 1 < len(rows) else before + 2
    between = (before + after) / 2
    if before < between < after:
        act.change(row, position=between)
    else:
        act.change_each([(one, {"position": float(place)}) for place, one in enumerate(rows, start=1)])


def open_with(act: Act, rtype: RecordType, row: SavedView | None) -> None:
    """Let the actor's list open with this view, or with everything."""
    require(act.actor, rtype, "read")
    _take_turns()
    owner = _user(act.actor)
    own: QuerySet[DefaultView] = QuerySet(DefaultView).filter(owner=owner, record_type=rtype.slug, deleted_at=None)
    if row is None:
        act.delete(own)
    elif current := own.first():
        act.change(current, view=row)
    else:
        act.create(DefaultView(record_type=rtype.slug, owner_id=owner, view=row))


def copy_view(act: Act, row: SavedView) -> SavedView:
    """A personal view that keeps the same, under a name that is free."""
    rtype = record_type(row.record_type)
    copy = SavedView(record_type=row.record_type, owner_id=_user(act.actor))
    taken = set(_beside(copy).values_list("name_fold", flat=True))
    names = (_free_name(row.name, number) for number in range(1, MOST + 2))
    name = next(one for one in names if fold_key(one) not in taken)
    return create_view(act, rtype, {"name": name, "parts": row.parts})


def delete_view(act: Act, row: SavedView) -> None:
    """Take a view away; the records stay as they are. Views that ask for it say so until it is restored."""
    _require(act.actor, row)
    act.delete(row)


def restore_view(act: Act, row: SavedView) -> None:
    """Bring a deleted view back. Raises ValidationFailed if another one has taken its name."""
    _require(act.actor, row)
    _take_turns()
    act.lock(row)
    _refuse_taken(row, row.name)
    act.restore(row)


def _read(actor: Actor, rtype: RecordType, row: SavedView, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that are given, checked; what is shared may name only what is shared."""
    values: dict[str, Any] = {}
    if FLAG in raw:
        if not isinstance(raw[FLAG], bool):
            raise ValidationFailed({FLAG: _("This is true or false.")})
        values[FLAG] = raw[FLAG]
    is_shared = values.get(FLAG, row.is_shared)
    if "name" in raw or is_shared != row.is_shared:
        values["name"] = _name(raw.get("name", row.name))
        _refuse_taken(row, values["name"], is_shared=is_shared)
    row_named = SavedView(pk=row.pk, name=values.get("name", row.name))
    if "parts" in raw:
        values["parts"] = read_parts(actor, rtype, raw["parts"], of=row_named)
    where = values.get("parts", row.parts).get(WHERE)
    if where and is_shared and ("parts" in raw or not row.is_shared):
        require_shared(actor, rtype, where, of=row_named)
    return values


def _name(raw: Any) -> str:
    name = " ".join(raw.replace("\0", "").split()) if isinstance(raw, str) else ""
    if not fold_key(name):
        raise ValidationFailed({"name": _("Give the view a name.")})
    if len(name) > LONGEST_NAME:
        raise ValidationFailed({"name": _("At most %(limit)d characters fit here.") % {"limit": LONGEST_NAME}})
    return name


def _free_name(name: str, number: int) -> str:
    words = _("%(name)s (copy)") if number == 1 else _("%(name)s (copy %(number)d)")
    room = LONGEST_NAME - len(words % {"name": "", "number": number})
    return words % {"name": name[:room].strip(), "number": number}


def _refuse_taken(row: SavedView, name: str, *, is_shared: bool | None = None) -> None:
    there = SavedView(pk=row.pk, record_type=row.record_type, owner_id=row.owner_id)
    there.is_shared = row.is_shared if is_shared is None else is_shared
    if _beside(there).filter(name_fold=fold_key(name)).exists():
        shared, own = _("There is a shared view “%(name)s” already."), _("You have a view “%(name)s” already.")
        raise ValidationFailed({"name": (shared if there.is_shared else own) % {"name": name}})


def _beside(row: SavedView, *, itself: bool = False) -> "QuerySet[SavedView]":
    """The other live views in the same row of tabs: those shared, or those of one user."""
    rows: QuerySet[SavedView] = QuerySet(SavedView).filter(
        record_type=row.record_type, is_shared=row.is_shared, deleted_at=None
    )
    rows = rows if row.is_shared else rows.filter(owner=row.owner_id)
    return rows if itself else rows.exclude(pk=row.pk)


def _after_all(rows: "QuerySet[SavedView]") -> float:
    last = rows.order_by("-position").values_list("position", flat=True).first()
    return (last or 0.0) + 1


def _user(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotAllowed(_("A view belongs to a user; here is none."))
    return actor.user_id


def _require(actor: Actor, row: SavedView) -> None:
    require(actor, record_type(row.record_type), "read")
    if not may_change(actor, row):
        raise NotAllowed(_("Only its owner or an administrator changes the view “%(name)s”.") % {"name": row.name})


def _take_turns() -> None:
    """Two at once would give a name twice, or lead each other's views in circles."""
    take_turns("saved views")
