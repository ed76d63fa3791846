"""Who belongs to a workspace, as a panel shows it: faces and names, teams with how many are in them."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as __

from rapport.engine.events.actor import Actor
from rapport.engine.records.registry import Panel, RecordType, record_type
from rapport.engine.records.sharing import HOLDERS, holder_names, name_of
from rapport.engine.records.showing import face
from rapport.engine.web.addresses import of_record


def members_panel(slug: str) -> Panel:
    """The panel of those who see a record that goes by its members."""
    return Panel(__("Members"), "collaboration/members.html", partial(members_of, slug), icon="people", name="members")


def members_of(slug: str, _actor: Actor, row: Any) -> dict[str, Any]:
    """Everybody by name, and where that is changed for whoever may."""
    rtype = record_type(slug)
    teams, names = HOLDERS["team"].names(), holder_names()
    shown = [_member(key, teams, names) for key in getattr(row, rtype.members)]
    return {"members": sorted(shown, key=lambda one: str(one["title"]).casefold()), "edit_url": _edit_url(rtype, row)}


def _member(key: UUID, teams: Mapping[UUID, str], names: Mapping[UUID, str]) -> dict[str, Any]:
    is_team = key in teams
    title = name_of(names, "team" if is_team else "user", key)
    people = len(list(HOLDERS["team"].people(key))) if is_team else None
    return {"title": title, "url": None, "face": face(title, key, square=is_team), "people": people}


def _edit_url(rtype: RecordType, row: Any) -> str | None:
    may_change = row.may_change and not row.is_deleted
    return of_record("web:edit", rtype.slug, row.pk, rtype.members) if may_change else None
