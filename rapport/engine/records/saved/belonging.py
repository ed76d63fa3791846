"""Views in filters: `in view("My leads")` asks what the view asks, for whoever asks now."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as __

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.memberships import Members, Membership, register_membership
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import nearest
from rapport.engine.records.filters.text import quoted
from rapport.engine.records.filters.values import Id, Text
from rapport.engine.records.folding import fold, fold_key
from rapport.engine.records.models import SavedView
from rapport.engine.records.registry import RecordType
from rapport.engine.records.saved.parts import DELETED, WHERE
from rapport.engine.records.saved.queries import seen

VIEW = "view"


def known_views(actor: Actor, rtype: RecordType) -> Sequence[tuple[UUID, str]]:
    """The views of a type that an actor may name, shared ones first."""
    rows = seen(actor, [rtype]).exclude(parts__has_key=DELETED)
    return list(rows.order_by("-is_shared", "position", "created_at", "pk").values_list("pk", "name"))


def find_members(actor: Actor, rtype: RecordType, named: Id | Text, place: Place) -> Members:
    """The view that somebody means by an id or a name. Raises FilterError that says why there is none."""
    row = _by_id(actor, rtype, named.value, place) if isinstance(named, Id) else _by_name(actor, rtype, named, place)
    words = {"name": row.name}
    if row.is_deleted:
        raise FilterError(N_("The view “%(name)s” was deleted."), place, words=words)
    if row.parts.get(DELETED):
        raise FilterError(N_("The view “%(name)s” shows what is deleted, which no filter finds."), place, words=words)
    return Members(row.pk, row.name, parse(row.parts.get(WHERE, "")), is_shared=row.is_shared)


def _by_id(actor: Actor, rtype: RecordType, key: UUID, place: Place) -> SavedView:
    row = seen(actor, [rtype], deleted=None).filter(pk=key).first()
    if row is None:
        raise FilterError(
            N_("There is no view %(name)s of %(type)s: it is gone, or somebody else's alone."),
            place,
            words={"name": key, "type": str(rtype.label_plural).lower()},
        )
    return row


def _by_name(actor: Actor, rtype: RecordType, named: Text, place: Place) -> SavedView:
    rows = list(seen(actor, [rtype], deleted=None).filter(name_fold=fold_key(named.value)).order_by("-deleted_at"))
    live = [row for row in rows if not row.is_deleted]
    if len(live) == 1:
        return live[0]
    if live:
        own = next(row for row in live if not row.is_shared)
        raise FilterError(
            N_("You have a view “%(name)s”, and so has everybody: name one by its id. Yours is %(own)s."),
            place,
            words={"name": own.name, "own": own.pk},
        )
    if rows:
        return rows[0]
    by_word = {fold(name): name for _key, name in known_views(actor, rtype)}
    near = nearest(named.value, by_word)
    raise FilterError(
        N_("There is no view “%(name)s” of %(type)s."),
        place,
        suggestion=quoted(near) if near else "",
        words={"name": named.value, "type": str(rtype.label_plural).lower()},
    )


register_membership(Membership(VIEW, __("View"), find_members, known_views))
