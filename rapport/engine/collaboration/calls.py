"""Video calls: a link to a room that nobody guesses, said about a record or in a conversation."""

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from rapport.engine.accounts.notifications import wake_record
from rapport.engine.collaboration.models import CallRules, Comment
from rapport.engine.collaboration.models.call_rules import THE_ONE, USUAL
from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.actions import create_record
from rapport.engine.records.definitions import definitions
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import may
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.web.addresses import of_record
from rapport.engine.web.deeds import Deed

ROOM = "{room}"
LONGEST = 300  # characters of an address
READABLE = 30  # characters of a room that come from the organisation's name
GUESSES = 16  # bytes that nobody guesses


def start_call(act: Act, rtype: RecordType, record: Any) -> Comment:
    """Say about a record that a call began, with the way to it. Raises ValidationFailed where one may say nothing."""
    about = {"about_type": rtype.slug, "about_id": str(record.pk)}
    comment: Comment = create_record(act, record_type("comments"), {"text": _("Started a video call"), **about})
    act.change(comment, call=new_address())
    wake_record(record.pk)
    return comment


def offer_call(actor: Actor, rtype: RecordType, row: Any) -> Deed | None:
    """The line of a record's menu that starts a call."""
    if rtype.sees_as or not may(actor, rtype, "read"):
        return None
    return Deed(_("Start a call"), "video", of_record("collaboration:start-call", rtype.slug, row.pk), posts=True)


def call_address() -> str:
    """The address of calls as administrators have set it."""
    rules = CallRules.objects.filter(pk=THE_ONE).first()
    return rules.address if rules else USUAL


def new_address() -> str:
    """The address of a call that begins now: a room of its own, or the one that all share."""
    start = re.sub(r"[^a-z0-9]+", "-", fold(definitions().organisation.name)).strip("-")[:READABLE]
    room = "-".join(part for part in (start.strip("-"), secrets.token_hex(GUESSES)) if part)
    return call_address().replace(ROOM, room)


def set_call_address(act: Act, address: str) -> CallRules:
    """Say where calls take place. Raises ValidationFailed, and NotAllowed for whoever is no administrator."""
    if not act.actor.is_admin:
        raise NotAllowed(_("Only administrators say where calls take place."))
    kept = _checked(address.strip())
    rules = CallRules.objects.filter(pk=THE_ONE).first()
    if rules is None:
        return act.create(CallRules(id=THE_ONE, address=kept))
    act.change(rules, address=kept)
    return rules


def _checked(address: str) -> str:
    """An address over http or https, with the room behind its host. Hosts of one's own network are fine."""
    if len(address) > LONGEST:
        raise ValidationFailed({"address": _("At most %(limit)d characters fit here.") % {"limit": LONGEST}})
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f\"'<>\\]", address):
        raise ValidationFailed({"address": _("“%(value)s” is not a web address.") % {"value": address[:80]}})
    if re.search(r"[{}]", parts.netloc) or re.search(r"[{}]", address.replace(ROOM, "")):
        raise ValidationFailed({"address": _("Braces stand in {room} alone, behind the name of the server.")})
    return address
