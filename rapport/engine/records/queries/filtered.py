"""The records of a type that match a filter in its text form, through the gate."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.compile import compile_filter
from rapport.engine.records.filters.describe import Chip, chips, pointed_at
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import Scope, scope_for
from rapport.engine.records.filters.tree import EVERYTHING, Among, Node, both
from rapport.engine.records.filters.values import Id
from rapport.engine.records.gate import reaches_all, visible
from rapport.engine.records.queries.labels import labels
from rapport.engine.records.registry import RecordType
from rapport.engine.runtime.preparing import prepared


def filtered(
    actor: Actor,
    rtype: RecordType,
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    deleted: bool = False,
    view: UUID | None = None,
) -> "models.QuerySet[Any]":
    """Rows that the actor may see and that match, those in a view only. Raises FilterError, which names the place."""
    rows = visible(actor, rtype, deleted=deleted)
    tree = both(parse(text), Among("view", Id(view)) if view else EVERYTHING)
    if tree == EVERYTHING:
        return rows
    seen = partial(visible, actor)
    found = compile_filter(tree, scope_for(actor, rtype), now=now, zone=zone, actor=actor, visible=seen)
    return rows.filter(found)


def steadily(actor: Actor, rtype: RecordType, text: str) -> AbstractContextManager[None]:
    """`prepared` for the list of everything, which is a walk along an index; where it is filtered, nothing."""
    return nullcontext() if text.strip() or not reaches_all(actor, rtype, "read") else prepared()


def filter_chips(actor: Actor, rtype: RecordType, text: str) -> Sequence[Chip]:
    """A chip for each condition of a filter that `filtered` took, with names for the ids in it."""
    if not text.strip():
        return ()
    scope = scope_for(actor, rtype)
    tree = bind(parse(text), scope)
    return chips(tree, scope, names_in(actor, tree, scope))


def names_in(actor: Actor, tree: Node, scope: Scope) -> dict[UUID, str]:
    """What the ids in a bound tree are called, those that the actor sees."""
    return {key: label.title for key, label in labels(actor, pointed_at(tree, scope)).items()}
