"""Reading what a program sent: JSON in UTF-8 of bounded size and depth, or a form with files."""

import hashlib
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from rapport.engine.api.problems import Problem

MAX_DEPTH = 20


def sent_files(request: HttpRequest) -> bytes:
    """Take in the files of a form. Returns what tells the form from others, as the bytes of a body would."""
    if is_chunked(request):
        raise Problem("malformed", _("A form with files needs a Content-Length."))
    try:
        files = sorted(request.FILES.items())
    except MultiPartParserError as error:
        raise Problem("malformed", _("This is no form that can be read: %(why)s.") % {"why": error}) from error
    digest = hashlib.sha256(repr(sorted(request.POST.lists())).encode(errors="replace"))
    for name, file in files:
        assert isinstance(file, UploadedFile)
        digest.update(f"{name}\0{file.name}\0{file.size}\0".encode(errors="replace"))
        for piece in file.chunks():
            digest.update(piece)
        file.seek(0)
    return digest.digest()


def is_chunked(request: HttpRequest) -> bool:
    """Whether the body comes in pieces whose number nobody said."""
    return "chunked" in request.headers.get("Transfer-Encoding", "").lower()


def sent_bytes(request: HttpRequest) -> bytes:
    """The body as it came. One sent in chunks has no length that Django could read it by."""
    if not is_chunked(request):
        return request.body
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    body: bytes = request.META["wsgi.input"].read(most + 1)
    if len(body) > most:
        raise RequestDataTooBig
    return body


def read_body(request: HttpRequest, body: bytes) -> Any:
    """The body as Python; None without one. Raises Problem: 400 or 415."""
    if not body:
        return None
    kind = request.content_type or ""
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Problem("wrong-media-type", _("Send application/json."), headers={"Accept": "application/json"})
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem("malformed", _("The body is not JSON in UTF-8: %(why)s.") % {"why": error.msg}) from error
    if _is_deeper(data, MAX_DEPTH):
        raise Problem("malformed", _("The body is nested too deeply: at most %(most)d levels.") % {"most": MAX_DEPTH})
    return data


def object_of(data: Any) -> dict[str, Any]:
    """The body as an object. Raises Problem 400 for anything else."""
    if not isinstance(data, dict):
        raise Problem("malformed", _("A JSON object is expected here."), pointer="")
    return data


def _is_deeper(data: Any, most: int) -> bool:
    level = [data]
    for _depth in range(most):
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
