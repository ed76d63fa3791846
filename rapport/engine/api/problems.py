"""What went wrong, told to a program: application/problem+json (RFC 9457) with the place of each error."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.errors import CannotUndo, NotAllowed
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.refusals import is_refusal, reason_of
from rapport.engine.runtime.patience import was_given_up

CONTENT_TYPE = "application/problem+json"
URN = "urn:rapport:problem:"

KINDS: dict[str, tuple[int, str | Promise]] = {
    "malformed": (400, __("The request cannot be read")),
    "unknown-field": (400, __("There is no such field")),
    "bad-parameter": (400, __("A parameter of the address is wrong")),
    "bad-header": (400, __("A header is wrong")),
    "signed-out": (401, __("Sign in first")),
    "not-allowed": (403, __("This is not allowed")),
    "read-only-token": (403, __("This token may only read")),
    "forged": (403, __("The browser did not prove that this was meant")),
    "not-found": (404, __("There is nothing here")),
    "wrong-method": (405, __("This cannot be done here")),
    "clash": (409, __("There are records that look the same")),
    "edit-conflict": (409, __("Someone else changed the same fields")),
    "batch-closed": (409, __("This batch cannot be joined")),
    "cannot-undo": (409, __("This cannot be undone")),
    "still-running": (409, __("The same request is still running")),
    "changed-meanwhile": (412, __("The record has changed")),
    "too-large": (413, __("The request is too large")),
    "wrong-media-type": (415, __("This is not JSON")),
    "invalid": (422, __("Some values cannot be kept")),
    "key-used": (422, __("This key belongs to another request")),
    "too-many-requests": (429, __("Too many requests")),
    "too-slow": (503, __("This takes too long")),
    "fault": (500, __("Something broke on our side")),
}

Errors = Sequence[Mapping[str, Any]]


class Problem(Exception):
    """A request that was not fulfilled. `more` are further members of the answer."""

    def __init__(
        self, kind: str, detail: str, *, errors: Errors = (), headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.status, self.title = KINDS[kind]
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.more = more

    def answer(self) -> HttpResponse:
        body = {"type": URN + self.kind, "title": str(self.title), "status": self.status, "detail": self.detail}
        if self.errors:
            body["errors"] = self.errors
        return HttpResponse(
            orjson.dumps(body | self.more), status=self.status, content_type=CONTENT_TYPE, headers=self.headers
        )


def problem_of(error: Exception) -> Problem | None:
    """The problem that an error of the layers below is; None for what only we can have caused."""
    match error:
        case Problem():
            return error
        case ValidationFailed():
            return Problem("invalid", _("Nothing was written."), errors=field_errors(error))
        case NotAllowed():
            return Problem("not-allowed", str(error))
        case CannotUndo():
            return Problem("cannot-undo", str(error))
        case Http404():
            return not_found()
        case RequestDataTooBig():
            return Problem("too-large", _("Send it in smaller parts: a batch takes up to 1,000 records."))
        case UnreadablePostError():
            return Problem("malformed", _("The request broke off."))
        case DatabaseError() if was_given_up(error):
            return Problem("too-slow", _("The database was not done in time and gave up. Ask for less."))
        case DatabaseError() if is_refusal(error):
            return Problem("invalid", _("Nothing was written."), errors=[{"pointer": "", "detail": reason_of(error)}])
    return None


def not_found() -> Problem:
    return Problem("not-found", _("There is nothing at this address, or it is not for you to see."))


def bad_parameter(name: str, detail: str, **more: Any) -> Problem:
    return Problem("bad-parameter", detail, errors=[{"parameter": name, "detail": detail, **more}])


def field_errors(error: ValidationFailed, prefix: str = "") -> list[dict[str, Any]]:
    """One error for each field at fault, with the JSON pointer (RFC 6901) to its value."""
    return [{"pointer": f"{prefix}/{escape(slug)}", "detail": detail} for slug, detail in error.errors.items()]


def escape(step: str) -> str:
    """A name as one step of a JSON pointer."""
    return step.replace("~", "~0").replace("/", "~1")
