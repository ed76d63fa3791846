"""Finding what a page is about, through the gate."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.gate import Verb, require, visible
from rapport.engine.records.gate.rights import with_rights
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.records.survivors import survivor_of


class Moved(Exception):
    """The record was merged into another one, which the actor may see; the middleware leads there."""

    def __init__(self, rtype: RecordType, key: UUID) -> None:
        super().__init__(f"{rtype.slug} {key}")
        self.rtype, self.key = rtype, key


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking. Pages behind the sign-in always have an actor."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotAllowed(_("Sign in first."))
    return actor


def admin_of(request: HttpRequest) -> Actor:
    """Who is asking, if they are an administrator; 403 otherwise."""
    actor = actor_of(request)
    if not actor.is_admin:
        raise NotAllowed(_("Only administrators see this page."))
    return actor


def find_type(request: HttpRequest, slug: str, verb: Verb = "read") -> RecordType:
    """The record type of an address that has pages of its own; 404 or 403 otherwise."""
    rtype = find_record_type(slug)
    if rtype is None or rtype.section is None:
        raise Http404(_("There is no page here."))
    require(actor_of(request), rtype, verb)
    return rtype


def find_record(request: HttpRequest, rtype: RecordType, key: UUID) -> Any:
    """A record, live or deleted, that the actor may see; 404 otherwise. It says what may be done to it.

    One that was merged raises Moved: whatever was asked of its address, the page of the survivor answers.
    """
    actor = actor_of(request)
    for deleted in (False, True):
        found = visible(actor, rtype, deleted=deleted).filter(pk=key)
        if (row := with_rights(actor, rtype, found).first()) is not None and getattr(row, "merged_into", None) is None:
            return row
    survivor = survivor_of(rtype, key)
    if survivor is not None and visible(actor, rtype).filter(pk=survivor).exists():
        raise Moved(rtype, survivor)
    raise Http404(_("This record is not here, or not for you to see."))
