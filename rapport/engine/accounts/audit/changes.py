"""What the journal says of changes in who may do what: one sentence for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.accounts.audit.noted import AT_ONCE, changes
from rapport.engine.accounts.audit.sections import Asked
from rapport.engine.accounts.models import Team, TeamMember, User
from rapport.engine.events.images import type_name
from rapport.engine.events.models import JournalEntry
from rapport.engine.records.gate import role_name
from rapport.engine.records.models import Role, Share
from rapport.engine.records.registry import find_record_type
from rapport.engine.records.sharing import holder_names

ROLE, TEAM, MEMBER, SHARE, USER = (type_name(one) for one in (Role, Team, TeamMember, Share, User))


@dataclass(frozen=True)
class Changed:
    """One change: what it is about, as the journal names it, in a sentence, by whom and when."""

    about: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Names:
    """What things are called now, those that are gone included."""

    users: Mapping[UUID, str]
    roles: Mapping[UUID, str]
    teams: Mapping[UUID, str]
    members: Mapping[UUID, tuple[UUID, UUID]]
    shares: Mapping[UUID, Any]
    holders: Mapping[UUID, str]


def changed(asked: Asked) -> Iterator[Changed]:
    """The changes within a time, oldest first."""
    entries = changes(asked, Role, Team, TeamMember, Share, User)
    while some := list(islice(entries, AT_ONCE)):
        names = _names(some)
        for entry in some:
            if text := _text(entry, names):
                yield Changed(entry.about_type, text, entry.actor_name, entry.at)


def words_of_kind(about: str) -> str:
    """What a change is about, in a word."""
    return {
        ROLE: _("roles"), TEAM: _("teams"), MEMBER: _("members of teams"), SHARE: _("shares"), USER: _("users"),
    }[about]  # fmt: skip


def _names(entries: Sequence[JournalEntry]) -> Names:
    """Of shares and memberships, which may be many, only those that the entries are about."""
    keys = {entry.about_id for entry in entries if entry.about_type in (MEMBER, SHARE)}
    members = TeamMember.objects.filter(pk__in=keys).values_list("pk", "team_id", "user_id")
    return Names(
        {one.pk: str(one) for one in User.objects.all()},
        dict(Role.objects.values_list("pk", "name")),
        dict(Team.objects.values_list("pk", "name")),
        {key: (team, user) for key, team, user in members},
        {one.pk: one for one in Share.objects.filter(pk__in=keys)},
        holder_names(),
    )


def _text(entry: JournalEntry, names: Names) -> str:
    key = entry.about_id
    if key is None:
        return ""
    match entry.about_type:
        case about if about == USER:
            return _of_user(entry, names.users.get(key, ""))
        case about if about == ROLE:
            return _deed(entry, _("Role %(name)s") % {"name": names.roles.get(key, "")})
        case about if about == TEAM:
            return _deed(entry, _("Team %(name)s") % {"name": names.teams.get(key, "")})
        case about if about == MEMBER:
            return _of_member(entry, key, names)
    return _of_share(entry, key, names)


def _of_user(entry: JournalEntry, name: str) -> str:
    words = {"user": name, "role": role_name(str(entry.after.get("role") or ""))}
    if entry.kind == "created":
        return _("%(user)s was added as %(role)s.") % {
            **words,
            "role": role_name(str(entry.after.get("role") or "member")),
        }
    if "role" in entry.after:
        return _("%(user)s: role %(was)s → %(role)s.") % {
            **words,
            "was": role_name(str(entry.before.get("role") or "")),
        }
    if "deactivated_at" in entry.after or "deactivated_at" in entry.before:
        is_back = entry.after.get("deactivated_at") is None
        return (_("%(user)s was reactivated.") if is_back else _("%(user)s was deactivated.")) % words
    return ""


def _of_member(entry: JournalEntry, key: UUID, names: Names) -> str:
    team, user = names.members.get(key, (None, None))
    words = {"user": names.users.get(user, "") if user else "", "team": names.teams.get(team, "") if team else ""}
    if entry.kind in ("deleted", "restored"):
        is_out = entry.kind == "deleted"
        return (
            _("%(user)s left the team %(team)s.") if is_out else _("%(user)s is back in the team %(team)s.")
        ) % words
    leads = bool(entry.after.get("leads"))
    if entry.kind == "created":
        return _joined(words, is_in=bool(entry.after.get("joined_at")), leads=leads)
    if "leads" in entry.after or "leads" in entry.before:
        text = _("%(user)s leads the team %(team)s.") if leads else _("%(user)s leads the team %(team)s no more.")
        return text % words
    return _("%(user)s joined the team %(team)s.") % words


def _joined(words: Mapping[str, str], *, is_in: bool, leads: bool) -> str:
    if not is_in:
        return _("%(user)s was invited to the team %(team)s.") % words
    text = _("%(user)s joined the team %(team)s and leads it.") if leads else _("%(user)s joined the team %(team)s.")
    return text % words


def _of_share(entry: JournalEntry, key: UUID, names: Names) -> str:
    share = names.shares.get(key)
    if share is None:
        return _deed(entry, _("A share"))
    rtype = find_record_type(share.record_type)
    holder = names.holders.get(share.holder) or names.users.get(share.holder) or names.teams.get(share.holder, "")
    words = {"what": str(rtype.label) if rtype else share.record_type, "holder": holder}
    return _deed(entry, _("Share of a %(what)s with %(holder)s") % words)


def _deed(entry: JournalEntry, what: str) -> str:
    """What became of a thing, and which of its columns changed."""
    word = {"created": _("made"), "changed": _("changed"), "deleted": _("deleted"), "restored": _("restored")}[
        entry.kind
    ]
    columns = sorted(_columns(entry)) if entry.kind == "changed" else []
    return f"{what}: {word}" + (f" ({', '.join(columns)})." if columns else ".")


def _columns(entry: JournalEntry) -> set[str]:
    """The columns that changed, in words; those of policies by record type."""
    words = {
        "name": _("name"), "purpose": _("purpose"), "policies": _("what it grants"), "parent": _("team above"),
        "parent_id": _("team above"), "ends_on": _("last day"), "ends_at": _("end"), "level": _("what it lets them do"),
    }  # fmt: skip
    return {words.get(name, name) for name in (*entry.before, *entry.after)}
