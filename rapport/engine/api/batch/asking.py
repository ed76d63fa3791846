"""Reading what a batch is to do."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.batch.matching import Matcher, matcher_for
from rapport.engine.api.body import object_of
from rapport.engine.api.call import Call
from rapport.engine.api.problems import Problem, escape
from rapport.engine.records.gate import require
from rapport.engine.records.registry import RecordType

MOST = 1_000
MODES = {"create": ("create",), "update": ("change",), "upsert": ("create", "change")}


@dataclass(frozen=True)
class Asked:
    """What to do with each item, and how the record that it means is found; None for a batch that only creates."""

    mode: str
    matcher: Matcher | None
    items: list[Any]
    accept_clashes: bool


def read_batch(call: Call, rtype: RecordType, *, accept_clashes: bool) -> Asked:
    """Raises Problem 400, 413 or 422, and NotAllowed."""
    body = object_of(call.body)
    for name in body:
        if name not in {"mode", "match_on", "items"}:
            raise _wrong(f"/{escape(name)}", _("A batch has mode, match_on and items."))
    mode, items = body.get("mode"), body.get("items")
    if not isinstance(mode, str) or mode not in MODES:
        raise _wrong("/mode", _("Write create, update or upsert."))
    if not isinstance(items, list):
        raise _wrong("/items", _("A list of records is expected here."))
    if len(items) > MOST:
        raise Problem("too-large", _("A batch takes up to 1,000 records; here are %(count)d.") % {"count": len(items)})
    for verb in MODES[mode]:
        require(call.actor, rtype, verb)  # type: ignore[arg-type]  # the verbs stand above
    return Asked(mode, _matcher(call, rtype, mode, body.get("match_on")), items, accept_clashes)


def _matcher(call: Call, rtype: RecordType, mode: str, match_on: Any) -> Matcher | None:
    if mode == "create":
        if match_on is not None:
            raise _wrong("/match_on", _("A batch that creates matches nothing."))
        return None
    if match_on is None and mode == "upsert":
        raise _wrong("/match_on", _("Say how a record is found: email, external_id, id or the slug of a field."))
    matcher = matcher_for(call.actor, rtype, "id" if match_on is None else match_on)
    if matcher is None:
        raise _wrong("/match_on", _("Records cannot be matched on this."))
    return matcher


def _wrong(pointer: str, detail: str) -> Problem:
    return Problem("malformed", detail, errors=[{"pointer": pointer, "detail": detail}])
