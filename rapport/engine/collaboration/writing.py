"""Writing a page together: what everybody typed is woven into one text."""

from typing import Any
from uuid import UUID

from rapport.engine.accounts.notifications import wake_record
from rapport.engine.collaboration.models import Page, Workspace
from rapport.engine.collaboration.weaving import weave
from rapport.engine.events.act import Act
from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.actions import change_record, create_record
from rapport.engine.records.registry import record_type


def begin_page(act: Act, workspace: Workspace, *, title: str) -> Page:
    """A new page of a workspace. Raises ValidationFailed without a title."""
    page: Page = create_record(act, record_type("pages"), {"title": title, "workspace": workspace.pk})
    wake_record(workspace.pk)
    return page


def write_page(act: Act, page: Page, *, text: str, base: str, title: str = "") -> Page:
    """Put what was typed over `base` into the page, beside what others have typed since.

    Without a title it keeps its own. Raises NotAllowed, and ValidationFailed for a text that is too long.
    """
    act.lock(page)
    values: dict[str, Any] = {"text": weave(_plain(base), page.text, _plain(text))}
    if title:
        values["title"] = title
    changed = {slug: value for slug, value in values.items() if getattr(page, slug) != value}
    if changed:
        change_record(act, record_type("pages"), page, changed)
        wake_record(page.pk)
    return page


def bring_back(act: Act, page: Page, entry: int) -> Page:
    """Have the text that a page had after an entry of its journal. Raises LookupError if it has no such entry."""
    change_record(act, record_type("pages"), page, {"text": text_after(page.pk, entry)})
    wake_record(page.pk)
    return page


def text_after(page: UUID, entry: int) -> str:
    """The text of a page as an entry of its journal left it."""
    entries = JournalEntry.objects.filter(pk=entry, about_id=page, kind__in=("created", "changed"))
    found = [one.after for one in with_payloads(list(entries))]
    if not found or "text" not in found[0]:
        raise LookupError(f"Entry {entry} tells of no text of page {page}.")
    return str(found[0]["text"])


def _plain(text: str) -> str:
    """A text as forms send it, with the ends of lines and of itself as they are kept."""
    return text.replace("\r\n", "\n").strip()
