"""What people do with shares: whoever may change a record may share it, and end a share of it. All can be undone."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.ids import read_id
from rapport.engine.events.turns import take_turns
from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import reaches, require
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType
from rapport.engine.records.sharing.holders import HOLDERS
from rapport.engine.records.sharing.queries import shares_of

MOST = 100


def share_record(act: Act, rtype: RecordType, row: Any, raw: Mapping[str, Any]) -> Share:
    """Share a record with `holder` (`kind` user or team) at a `level`, until the end of the day `until` or for good.

    With whom it is shared already, the share is changed. Raises ValidationFailed and NotAllowed.
    """
    require_sharing(act.actor, rtype, row)
    take_turns(f"shares of {row.pk}")
    kind, holder = _holder(raw)
    level, ends_at = _level(raw), _ends_at(raw)
    shares = Share.objects.filter(record_type=rtype.slug, record_id=row.pk, deleted_at=None)
    known = shares.filter(holder=holder).first()
    if known is not None and (known.ends_at is None or known.ends_at > act.now):
        act.change(known, level=level, ends_at=ends_at)
        return known
    if known is not None:
        act.delete(known)
    if shares_of(rtype, row.pk).count() >= MOST:
        raise ValidationFailed({"holder": _("A record can be shared with at most %(most)d.") % {"most": MOST}})
    share = Share(record_type=rtype.slug, record_id=row.pk, kind=kind, holder=holder, level=level, ends_at=ends_at)
    return act.create(share)


def change_share(act: Act, rtype: RecordType, row: Any, share: Share, raw: Mapping[str, Any]) -> Share:
    """Let a share allow more or less, or end at another day. Raises ValidationFailed and NotAllowed."""
    require_sharing(act.actor, rtype, row)
    values: dict[str, Any] = {"level": _level(raw)} if "level" in raw else {}
    if "until" in raw:
        values["ends_at"] = _ends_at(raw)
    act.change(share, **values)
    return share


def end_share(act: Act, rtype: RecordType, row: Any, share: Share) -> None:
    """Take a share back. Whom it is for may end it too. Raises NotAllowed."""
    if share.holder != act.actor.user_id:
        require_sharing(act.actor, rtype, row)
    act.delete(share)


def require_sharing(actor: Actor, rtype: RecordType, row: Any) -> None:
    """Raise NotAllowed unless the actor may change this record. What is part of another is shared with that."""
    if rtype.sees_as:
        raise NotAllowed(_("%(what)s are seen with what they belong to: share that.") % {"what": rtype.label_plural})
    if rtype.members:
        raise NotAllowed(_("%(what)s are seen by their members: add one.") % {"what": rtype.label_plural})
    require(actor, rtype, "change")
    if row.is_deleted:
        raise NotAllowed(_("This record is deleted. Restore it first."))
    if not reaches(actor, rtype, "change", row):
        raise NotAllowed(_("Only who may change this record may share it."))


def _holder(raw: Mapping[str, Any]) -> tuple[str, UUID]:
    kind, holder = str(raw.get("kind") or Share.Kind.USER), read_id(raw.get("holder"))
    known = HOLDERS[kind].names() if kind in HOLDERS else {}
    if holder is None or holder not in known:
        raise ValidationFailed({"holder": _("Choose with whom to share.")})
    return kind, holder


def _level(raw: Mapping[str, Any]) -> str:
    level = str(raw.get("level") or Share.Level.READ)
    if level not in Share.Level.values:
        raise ValidationFailed({"level": _("A share lets one do one of: %(known)s.") % {"known": "read, change"}})
    return level


def _ends_at(raw: Mapping[str, Any]) -> dt.datetime | None:
    """The end of the last day, in the zone of the house."""
    text = str(raw.get("until") or "").strip()
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text) + dt.timedelta(days=1)
        ends_at = dt.datetime.combine(day, dt.time(), definitions().organisation.zone)
    except (ValueError, OverflowError) as error:
        raise ValidationFailed({"until": _("Write the last day as a date, such as 2027-03-31.")}) from error
    if ends_at <= dt.datetime.now(dt.UTC):
        raise ValidationFailed({"until": _("This day is over; choose today or a later one.")})
    return ends_at
