"""Files in forms: taken in before anything is written, put aside while the form has questions, kept with the record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.engine.events.act import open_act
from rapport.engine.events.actor import Actor
from rapport.engine.files.actions import keep_file
from rapport.engine.files.aside import set_aside, taken_up
from rapport.engine.files.errors import FileRefused
from rapport.engine.files.store import Incoming
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.filing import receive_file
from rapport.engine.web.formatting import file_size

# Beside the input itself, `slug.sent` names a file that came with an earlier try, and `slug.remove` empties the field.
SENT = "sent"


@dataclass
class Uploads:
    """The files of one form by field, and why others were not taken."""

    arrived: dict[str, tuple[str, Incoming]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def kept(self, actor: Actor, raw: dict[str, Any]) -> dict[str, Any]:
        """The values of the form, its files kept and in them. Raises ValidationFailed for those not taken.

        They are a batch of their own: undoing a change puts another file in place of one, and takes none away.
        """
        if self.errors:
            raise ValidationFailed(self.errors)
        if not self.arrived:
            return raw
        with open_act(actor, reason=_("Upload")) as act:
            return raw | {slug: keep_file(act, incoming).pk for slug, (_token, incoming) in self.arrived.items()}

    def shown(self) -> dict[str, dict[str, Any]]:
        """What the form says of them when it is shown again."""
        return {
            slug: {"title": one.name, "size": file_size(one.size), "url": None, "preview_url": None, SENT: token}
            for slug, (token, one) in self.arrived.items()
        }

    def tokens(self) -> list[tuple[str, str]]:
        """The inputs by which a form that is shown again names them."""
        return [(f"{slug}.{SENT}", token) for slug, (token, _incoming) in self.arrived.items()]

    def contents(self) -> list[str]:
        """What tells two forms apart that are the same but for their files."""
        return [f"{slug} {incoming.sha256}" for slug, (_token, incoming) in sorted(self.arrived.items())]


def read_uploads(request: HttpRequest, actor: Actor, fields: Sequence[Field]) -> Uploads:
    """Take in the files of those fields that the form holds."""
    uploads = Uploads()
    for one in fields:
        if one.type.name != "file":
            continue
        try:
            found = _read(request, actor, one)
        except (FileRefused, Invalid) as refused:
            uploads.errors[one.slug] = str(refused)
        else:
            uploads.arrived |= {one.slug: found} if found else {}
    return uploads


def _read(request: HttpRequest, actor: Actor, one: Field) -> tuple[str, Incoming] | None:
    upload = request.FILES.get(one.slug)
    if isinstance(upload, UploadedFile):
        with receive_file(upload, name=upload.name or "") as incoming:
            token = set_aside(incoming, actor)
    elif not (token := request.POST.get(f"{one.slug}.{SENT}", "")):
        return None
    arrived = taken_up(token, actor)
    if arrived is None:
        raise Invalid(_("The file was sent too long ago. Choose it again."))
    return token, arrived
