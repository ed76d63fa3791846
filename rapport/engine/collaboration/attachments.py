"""Files on any record: attached by whoever may change it, shown to whoever sees it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.collaboration.models import Attachment
from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.files.models import StoredFile
from rapport.engine.records.actions import create_record
from rapport.engine.records.definitions import definitions
from rapport.engine.records.gate import visible
from rapport.engine.records.registry import PANELS_OF_ALL, Panel, RecordType, record_type
from rapport.engine.records.timeline import Item
from rapport.engine.web.addresses import address, of_record
from rapport.engine.web.formatting import file_size
from rapport.engine.web.views.telling import TELLERS

IN_A_PANEL = 6
ON_A_PAGE = 50
SMALL = 1024 * 1024  # bytes of a picture that is shown by itself
WORDS = {
    "created": __("attached"),
    "deleted": __("took away the file"),
    "restored": __("brought back the file"),
}


def give_files_a_place() -> None:
    """A panel on every record's page, and words on its timeline."""
    PANELS_OF_ALL.append(files_panel)
    journal_type = record_type("attachments").journal_type
    TELLERS.update({f"{kind}:{journal_type}": tell_files for kind in WORDS})


def attach_files(act: Act, rtype: RecordType, record: Any, files: Sequence[StoredFile]) -> list[Attachment]:
    """Put files that were kept on a record. Raises ValidationFailed where the actor may not change it."""
    about = {"about_type": rtype.slug, "about_id": str(record.pk)}
    made = record_type("attachments")
    return [create_record(act, made, {"file": file.pk, **about}) for file in files]


def files_panel(rtype: RecordType) -> Panel | None:
    """The panel of a record's files, for types whose records stand for themselves."""
    if rtype.sees_as:
        return None
    return Panel(
        __("Files"), "collaboration/files_panel.html", partial(_panel, rtype), icon="attach", beside=False, name="files"
    )


def files_of(actor: Actor, key: UUID, *, most: int, before: UUID | None = None) -> list[dict[str, Any]]:
    """The files of a record as pages show them, the newest first, from before an attachment on."""
    found = visible(actor, record_type("attachments")).filter(about_id=key).select_related("file").order_by("-id")
    rows = found.filter(pk__lt=before) if before else found
    names = definitions().user_names
    return [_shown(one, names) for one in rows[:most]]


def tell_files(actor: Actor, items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """Files on a timeline, by the names that they have now."""
    keys = [item.about_id for item in items]
    rows = visible(actor, record_type("attachments"), deleted=None).filter(pk__in=keys)
    found: dict[UUID | None, Attachment] = {one.pk: one for one in rows}
    return {item.id: _told(item, found.get(item.about_id)) for item in items}


def _panel(rtype: RecordType, actor: Actor, row: Any) -> dict[str, Any] | None:
    found = files_of(actor, row.pk, most=IN_A_PANEL + 1)
    may_add = row.may_change and not row.is_deleted
    if not found and not may_add:
        return None
    url = of_record("collaboration:files", rtype.slug, row.pk)
    return {
        "files": found[:IN_A_PANEL],
        "all_url": url if len(found) > IN_A_PANEL else None,
        "may_change": may_add,
        "add_url": url,
    }


def _shown(one: Attachment, names: Mapping[UUID, str]) -> dict[str, Any]:
    url = address("files:file", one.file_id)
    is_picture = one.file.is_picture
    return {
        "id": one.pk,
        "name": one.name,
        "size": file_size(one.file.size),
        "who": names.get(one.created_by, "") if one.created_by else "",
        "when": one.created_at,
        "url": url,
        "preview_url": f"{url}?inline=1" if is_picture else None,
        "is_small": is_picture and one.file.size <= SMALL,
        "rename_url": address("collaboration:rename-file", one.pk),
        "delete_url": address("collaboration:delete-file", one.pk),
    }


def _told(item: Item, one: Attachment | None) -> dict[str, Any]:
    told = {"icon": "attach", "text": str(WORDS[item.kind]), "about": None}
    if one is None:
        return told | {"text": _("changed the files")}
    if one.is_deleted:
        return told | {"text": f"{told['text']} {one.name}"}
    return told | {"url": address("files:file", one.file_id), "link": one.name}
