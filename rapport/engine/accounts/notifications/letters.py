"""The mail that tells a user what they have not read: grouped by record, as text and as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.links import address_of
from rapport.engine.accounts.models import Mails, Notification, User
from rapport.engine.accounts.notifications.links import MUTE, link_to
from rapport.engine.accounts.notifications.muting import can_mute
from rapport.engine.accounts.notifications.telling import Reading, Told
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.showing import record_url

TEMPLATE = "accounts/mail_notifications.html"


@dataclass
class Part:
    """What a mail says of one record, or one notice that is about none."""

    title: str
    url: str
    mute_url: str = ""
    lines: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Foot:
    """What stands below: how many more there are, and ways on, each as (words, address)."""

    more: str
    ways: list[tuple[str, str]]


@dataclass(frozen=True)
class Letter:
    """A mail, ready to be queued."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


def letter_for(user: User, notices: Sequence[Notification], reading: Reading, *, mails: str, beyond: int = 0) -> Letter:
    """The mail to a user about notices that they may be told, the newest first, in the language in force.

    `mails` is how they are mailed; `beyond` how many more there are that the mail only counts.
    """
    parts = _parts(user, notices, reading)
    stop = link_to(user, Mails.NEVER)
    more = ngettext("And %(count)d more.", "And %(count)d more.", beyond) % {"count": beyond} if beyond else ""
    foot = Foot(more, _ways(user, mails, stop))
    return Letter(
        subject=_subject(parts, len(notices) + beyond),
        text=_text(parts, foot),
        html=render_to_string(TEMPLATE, {"parts": parts, "foot": foot}),
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def _ways(user: User, mails: str, stop: str) -> list[tuple[str, str]]:
    """Where to go from here: the centre, the settings, and by one click fewer mails or none."""
    ways = [
        (_("All notifications"), address_of(reverse("accounts:bell"))),
        (_("What is mailed to you"), address_of(reverse("accounts:notification_settings"))),
    ]
    if mails != Mails.DAILY:
        ways.append((_("A daily mail instead"), link_to(user, Mails.DAILY)))
    return [*ways, (_("No more mails"), stop)]


def _parts(user: User, notices: Sequence[Notification], reading: Reading) -> list[Part]:
    parts: dict[object, Part] = {}
    for one in notices:
        record = (one.record_type, one.record_id) if one.record_id else None
        key = record or one.pk
        if key not in parts:
            parts[key] = _about(user, record, reading) if record else Part("", "")
        told = reading.told[one.pk]
        url = reading.url_of(one)
        parts[key].lines.append(Told(told.title, told.body, address_of(url) if url.startswith("/") else url))
    return list(parts.values())


def _about(user: User, record: tuple[str, UUID], reading: Reading) -> Part:
    rtype = find_record_type(record[0])
    title = reading.titles.get(record) or (str(rtype.label).capitalize() if rtype else "")
    url = address_of(record_url(rtype, record[1])) if rtype else ""
    return Part(title, url, link_to(user, MUTE, record) if can_mute() else "")


def _subject(parts: Sequence[Part], count: int) -> str:
    if count == 1:
        return parts[0].lines[0].title
    said = {"count": count, "name": parts[0].title}
    if len(parts) == 1 and parts[0].title:
        return ngettext("%(count)d notification about %(name)s", "%(count)d notifications about %(name)s", count) % said
    return ngettext("%(count)d notification", "%(count)d notifications", count) % said


def _text(parts: Sequence[Part], foot: Foot) -> str:
    lines: list[str] = []
    for part in parts:
        lines += [f"{part.title}\n{part.url}"] if part.title else []
        lines += [_paragraph(told, part) for told in part.lines]
        lines += ["  " + _("Less about this: %(link)s") % {"link": part.mute_url}] if part.mute_url else []
    lines += [foot.more] if foot.more else []
    return "\n\n".join([*lines, "\n".join(f"{words}: {url}" for words, url in foot.ways)]) + "\n"


def _paragraph(told: Told, part: Part) -> str:
    said = [f"- {told.title}", *(f"  {line}" for line in told.body.splitlines())]
    return "\n".join(said if told.url in ("", part.url) else [*said, f"  {told.url}"])
