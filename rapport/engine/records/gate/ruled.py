"""Rules: what a filter in a role lets somebody reach.

Of other records it sees what the roles let one see without a filter, so no rule leads back to itself, and none tells of
what is hidden. A rule that can no longer be read reaches nothing.
"""

import logging
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.filters.bind import bind
from rapport.engine.records.filters.compile import compile_filter
from rapport.engine.records.filters.errors import FilterError
from rapport.engine.records.filters.parse import parse
from rapport.engine.records.filters.scope import RecordScope
from rapport.engine.records.filters.tree import EVERYTHING, Node
from rapport.engine.records.gate.asking import grants_of, reaches_all
from rapport.engine.records.gate.reaching import granted, of_parents
from rapport.engine.records.registry import RecordType

logger = logging.getLogger(__name__)


def ruled(actor: Actor, rtype: RecordType, where: str) -> Q | None:
    """The condition of a rule for an actor; None if it reaches nothing."""
    try:
        tree, scope, zone = read_rule(rtype, where), rule_scope(rtype), definitions().organisation.zone
        seen = partial(plainly_visible, actor)
        found = compile_filter(tree, scope, now=timezone.now(), zone=zone, actor=actor, visible=seen)
        return None if tree == EVERYTHING else found
    except FilterError as error:
        logger.warning("A role's filter over %s reaches nothing: %s", rtype.slug, error)
        return None


def read_rule(rtype: RecordType, where: str) -> Node:
    """A rule as a tree. Raises FilterError that names the place."""
    return definitions().once(("rule", rtype.slug, where), lambda: bind(parse(where), rule_scope(rtype)))


def rule_scope(rtype: RecordType) -> RecordScope:
    """All fields; who makes roles sees them. Saved views change by the hands of others, so no rule asks for them."""
    return RecordScope(rtype, lambda _rtype, _field: True)


def plainly_visible(actor: Actor, rtype: RecordType) -> "QuerySet[Any]":
    """Live records of a type that an actor sees by owner or share, or because it sees all."""
    rows = rtype.rows().filter(deleted_at__isnull=True)
    if rtype.sees_as:
        return rows.filter(of_parents(rtype, partial(_plain_keys, actor)))
    if reaches_all(actor, rtype, "read"):
        return rows
    grants = grants_of(actor, rtype, "read")
    return rows.filter(granted(actor, rtype, "read", grants, plainly=True)) if grants else rows.none()


def _plain_keys(actor: Actor, parent: RecordType) -> "QuerySet[Any] | None":
    return None if reaches_all(actor, parent, "read") else plainly_visible(actor, parent)
