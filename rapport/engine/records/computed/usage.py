"""Formulas use the fields that they name, and keep those from being deleted."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.computed.graph import graph
from rapport.engine.records.models import CustomField
from rapport.engine.records.registry import RecordType
from rapport.engine.records.showing import field_url
from rapport.engine.records.uses import Use, finders


def formulas_that_use(actor: Actor, rtype: RecordType, slug: str, option: str) -> Iterator[Use]:
    """The formulas that name a field."""
    for formula in graph().using(rtype, slug) if actor.is_admin and not option else ():
        row = CustomField.objects.get(record_type=formula.record_type.slug, slug=formula.field.slug, deleted_at=None)
        words = _("%(label)s of %(what)s is worked out from it")
        told = words % {"label": formula.field.label, "what": formula.record_type.label_plural}
        yield Use(told, _("Formula"), field_url(formula.record_type, row.pk), blocks=True)


finders.append(formulas_that_use)
