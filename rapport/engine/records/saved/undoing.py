"""Undo leaves alone the views of others, and those that other views have come to ask for."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from rapport.engine.events.actor import Actor
from rapport.engine.events.images import type_name
from rapport.engine.events.models.journaled import Journaled
from rapport.engine.events.undo.reach import limits
from rapport.engine.events.undo.references import also_used
from rapport.engine.records.models import SavedView
from rapport.engine.records.saved.queries import used_by


def views_of_others(actor: Actor, about_type: str, keys: Collection[UUID]) -> set[UUID]:
    """Those of the views that an actor may no longer change; administrators take back whatever they see done."""
    if about_type != type_name(SavedView) or actor.is_admin:
        return set()
    rows: QuerySet[SavedView] = QuerySet(SavedView).filter(pk__in=keys).exclude(owner=actor.user_id)
    return set(rows.values_list("pk", flat=True))


def views_in_use(model: type[Journaled], keys: Collection[UUID]) -> set[UUID]:
    """Those of the views that other live views ask for, unless those go too."""
    if model is not SavedView:
        return set()
    rows: QuerySet[SavedView] = QuerySet(SavedView).filter(pk__in=keys)
    return {row.pk for row in rows if used_by(row).exclude(pk__in=keys).exists()}


limits.append(views_of_others)
also_used.append(views_in_use)
