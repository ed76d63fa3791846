"""Notices as the page of the notification centre shows them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.accounts.models import Notification
from rapport.engine.accounts.notifications.groups import Group
from rapport.engine.accounts.notifications.telling import Reading, read_out
from rapport.engine.events.actor import Actor
from rapport.engine.records.definitions import definitions
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.showing import face, record_url

Shown = dict[str, Any]
UNFOLDED = 3


def shown(actor: Actor, groups: Sequence[Group]) -> list[Shown]:
    """Groups with their words; those of which the reader may be told nothing are missing."""
    reading = read_out(actor, [one for group in groups for one in group.notices])
    found = [_group(reading, group) for group in groups]
    return [group for group in found if group["lines"]]


def _group(reading: Reading, group: Group) -> Shown:
    lines = [_line(reading, one) for one in group.notices if one.pk in reading.told]
    return {
        "key": f"group-{group.newest.pk}",
        "about": _record(reading, group) if group.record else None,
        "fields": _fields(group),
        "lines": lines[:UNFOLDED],
        "folded": lines[UNFOLDED:],
        "beyond": group.total - len(group.notices),
        "unread": sum(line["state"] == "unread" for line in lines),
        "when": group.newest.came_at,
        "until": group.newest.snoozed_until,
    }


def _record(reading: Reading, group: Group) -> Shown:
    """The record that the notices are about: its title as far as the reader may see it."""
    assert group.record
    slug, key = group.record
    rtype = find_record_type(slug)
    title = reading.titles.get(group.record, "")
    label = str(rtype.label) if rtype else ""
    named = title or _("%(what)s without a name") % {"what": label.capitalize()}
    return {"title": named, "label": label, "url": record_url(rtype, key) if rtype else "", "face": face(title, key)}


def _fields(group: Group) -> dict[str, str]:
    """What a form says to mean this group."""
    if group.record is None:
        return {"notice": str(group.newest.pk)}
    slug, key = group.record
    return {"record": f"{slug}/{key}", "up_to": group.newest.came_at.isoformat()}


def _line(reading: Reading, notice: Notification) -> Shown:
    told = reading.told[notice.pk]
    who = definitions().user_names.get(notice.who_id, "") if notice.who_id else ""
    return {
        "id": notice.pk,
        "title": told.title,
        "body": told.body,
        "url": reading.url_of(notice),
        "face": face(who, notice.who_id) if who and notice.who_id else None,
        "who": who,
        "when": notice.came_at,
        "state": notice.state,
        "is_important": notice.is_important,
    }
