"""Confirming: somebody has made sure that fields of records are still right. It can be undone."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.events.turns import take_turns
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.gate import mask, reaches, require
from rapport.engine.records.models import Confirmation
from rapport.engine.records.quality.reading import is_judged
from rapport.engine.records.quality.seen import note_confirmations
from rapport.engine.records.quality.working import TURN, rescore
from rapport.engine.records.registry import RecordType


def confirm_record(act: Act, rtype: RecordType, row: Any, slugs: Sequence[str]) -> None:
    """Say that fields of one record are still right. Who may change them may. Raises NotAllowed, ValidationFailed."""
    require(act.actor, rtype, "change")
    if row.is_deleted:
        raise NotAllowed(_("This record is deleted. Restore it first."))
    if not reaches(act.actor, rtype, "change", row):
        raise NotAllowed(_("You may not change this record."))
    fields = [confirmable(act.actor, rtype, slug) for slug in dict.fromkeys(slugs)]
    if not fields:
        raise ValidationFailed({"fields": _("Name at least one field.")})
    confirm(act, rtype, [row.pk], fields)


def confirmable(actor: Actor, rtype: RecordType, slug: str) -> Field:
    """A field that an actor may confirm. Raises NotAllowed and ValidationFailed."""
    field = rtype.field(slug) if is_judged(rtype) and mask(actor, rtype).shows(slug) else None
    if field is None:
        raise ValidationFailed({"fields": _("There is no field “%(slug)s” here.") % {"slug": slug[:60]}})
    if field.readonly:
        raise ValidationFailed({"fields": _("“%(label)s” is not filled in by hand.") % {"label": field.label}})
    if not mask(actor, rtype).lets_change(slug):
        raise NotAllowed(_("Your role does not let you change “%(label)s”.") % {"label": field.label})
    return field


def confirm(act: Act, rtype: RecordType, keys: Collection[UUID], fields: Sequence[Field]) -> None:
    """Write confirmations of fields of records that the actor may change, and judge the records anew at once."""
    act.create(
        Confirmation(record_type=rtype.slug, record_id=key, field=field.slug) for key in keys for field in fields
    )
    take_turns(TURN)
    note_confirmations(keys)
    rescore(rtype, keys)
