"""Versions of a record in headers: ETag, If-Match and If-None-Match.

An ETag is `"7-1f3a9c2e"`: the version of the record, and a digest of what was sent, which also changes when only the
name of a company it points at does. If-Match reads the version alone, so `"7"` is as good.
"""

import re
from hashlib import blake2b

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.api.problems import Problem

TAG = re.compile(r'\s*(?:W/)?"(\d{1,9})(?:-[0-9a-f]{1,32})?"\s*')


def etag_of(version: int, body: bytes) -> str:
    return f'"{version}-{blake2b(body, digest_size=4).hexdigest()}"'


def version_asked(request: HttpRequest) -> int | None:
    """The version that a change is based on; None where the header is missing or `*`. Raises Problem 400."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    found = [TAG.fullmatch(part) for part in header.split(",")]
    if not all(found):
        raise Problem("bad-header", _("If-Match holds an ETag that was not given out here."), header="If-Match")
    return max(int(match[1]) for match in found if match)


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether the client has exactly this already."""
    header = request.headers.get("If-None-Match", "")
    return any(part.strip().removeprefix("W/") in {etag, "*"} for part in header.split(","))


def changed_meanwhile(version: int) -> Problem:
    """The record is not at the version that the client knows."""
    return Problem(
        "changed-meanwhile", _("The record is now at version %(version)d.") % {"version": version}, version=version
    )
