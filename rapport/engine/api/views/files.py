"""Files for programs: send one, so that a field can take it, and find where to fetch one."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.engine.api.asking import refuse_unknown
from rapport.engine.api.call import Call, answer
from rapport.engine.api.problems import Problem, not_found
from rapport.engine.events.ids import read_id
from rapport.engine.files.access import signed_url
from rapport.engine.files.actions import keep_file
from rapport.engine.files.errors import FileRefused
from rapport.engine.files.models import StoredFile
from rapport.engine.files.queries import find_file
from rapport.engine.records.filing import receive_file

PART = "file"


def send_upload(call: Call) -> HttpResponse:
    """Keep the part `file` of a multipart form."""
    refuse_unknown(call.request, set())
    upload = call.request.FILES.get(PART)
    if not isinstance(upload, UploadedFile):
        raise Problem("malformed", _("Send multipart/form-data with the file in its part “file”."), pointer="/file")
    try:
        with receive_file(upload, name=upload.name or "") as incoming, call.act() as act:
            file = keep_file(act, incoming)
    except FileRefused as refused:
        errors = [{"pointer": "/file", "detail": str(refused)}]
        raise Problem("invalid", _("Nothing was written."), errors=errors) from refused
    response = answer(as_json(file), status=201, batch=act.batch)
    response["Location"] = f"/api/v1/files/{file.pk}"
    return response


def show_file(call: Call, key: str) -> HttpResponse:
    """What a file is, and an address that serves it for a few minutes."""
    refuse_unknown(call.request, set())
    file_id = read_id(key)
    file = find_file(call.actor, file_id) if file_id else None
    if file is None:
        raise not_found()
    return answer(as_json(file))


def as_json(file: StoredFile) -> dict[str, Any]:
    """A file as programs see it."""
    return {
        "id": str(file.pk),
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "url": signed_url(file),
    }
