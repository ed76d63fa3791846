"""Who may see what: what each role lets its users do, who may more than members, and what changed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.engine.accounts.audit.changes import changed, words_of_kind
from rapport.engine.accounts.audit.report import Column, Count, Section, Table, Verdict, iso, table
from rapport.engine.accounts.audit.sections import Asked, Looked
from rapport.engine.accounts.models import Role, User
from rapport.engine.records.gate import EVERY_TYPE, EVERY_VERB, NOTHING, Policy, policies_of, role_name, verb_word
from rapport.engine.records.gate.policies import known_roles
from rapport.engine.records.gate.shares import in_force
from rapport.engine.records.models import Share
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.records.roles.reading import types_of_roles
from rapport.engine.records.sharing import holder_names

# How far a reach goes; what a filter finds may be anything.
WIDTH = {"none": 0, "own": 1, "team": 2, "tree": 3, "filter": 4, "all": 5}


def look(asked: Asked) -> Looked:
    """Roles and what they grant, administrators, users with more than members have, changes, and shares."""
    users = list(User.objects.active().order_by("name", "email"))
    admins = [user for user in users if user.is_admin]
    above = [user for user in users if not user.is_admin and exceeds_members(user.role)]
    entries = list(changed(asked))
    endless = in_force().filter(ends_at=None)
    to_teams = in_force().filter(kind=Share.Kind.TEAM)
    counts = (
        Count("users", _("Users who may sign in"), len(users)),
        Count("administrators", _("Administrators"), len(admins)),
        Count("above_members", _("Others with more than members may"), len(above)),
        Count("changes", _("Changes of roles, teams and shares"), len(entries)),
        Count("endless_shares", _("Shares without an end"), endless.count()),
        Count("team_shares", _("Shares with whole teams"), to_teams.count()),
    )
    tables = (
        _roles(users), _grants(), _admins(admins), _above(above), _changes(entries), _shares(),
    )  # fmt: skip
    changes = Counter(words_of_kind(one.about) for one in entries)
    verdict, advice = _verdict(len(users), len(admins), changes, endless.count())
    title = _("Who may see what")
    return Looked(Section("access", title, verdict, advice, counts, tuple(one for one in tables if one.total)))


def exceeds_members(role: str) -> bool:
    """Whether a role lets its users do anything that the member's role does not."""
    types = [rtype for rtype in types_of_roles() if not rtype.sees_as]
    return any(_exceeds(_policy(role, rtype), _policy(Role.MEMBER, rtype)) for rtype in types)


def _exceeds(policy: Policy, other: Policy) -> bool:
    reaches_further = any(_width(policy, verb) > _width(other, verb) for verb in EVERY_VERB)
    # What a role that reads nothing does not hide is still not seen.
    shows_more = bool(other.hidden - policy.hidden) and _width(policy, "read") > 0
    changes_more = (
        bool((other.hidden | other.locked) - (policy.hidden | policy.locked)) and _width(policy, "change") > 0
    )
    return reaches_further or shows_more or changes_more


def _width(policy: Policy, verb: Any) -> int:
    return WIDTH[policy.reach.get(verb, "none")]


def _policy(role: str, rtype: RecordType) -> Policy:
    by_type = policies_of(role)
    return by_type.get(rtype.slug) or by_type.get(EVERY_TYPE) or NOTHING


def _verdict(users: int, admins: int, changes: Counter[str], endless: int) -> tuple[Verdict, str]:
    said = []
    if admins == 1 and users > 1:
        said.append(_("There is one administrator only. A second one can help when the first cannot."))
    if changes:
        parts = ", ".join(f"{what} ({number})" for what, number in changes.most_common())
        said.append(_("Look through what changed: %(parts)s.") % {"parts": parts})
    if endless:
        words = ngettext("%(n)d share has no end.", "%(n)d shares have no end.", endless) % {"n": endless}
        said.append(words + " " + _("End those that nobody needs any more."))
    if said:
        return Verdict.LOOK, " ".join(said)
    return Verdict.GOOD, _("Nothing changed in roles, teams and shares.")


def _roles(users: list[User]) -> Table:
    having = Counter(user.role for user in users)
    rows = [(role_name(role), having[role], "" if role in known_roles() else _("This role is gone.")) for role in
            dict.fromkeys([*known_roles(), *sorted(having)])]  # fmt: skip
    columns = Column(_("Role")), Column(_("Users"), "number"), Column(_("Note"))
    return table(_("Roles"), columns, rows)


def _grants() -> Table:
    columns = [Column(_("Role")), Column(_("Records")), *(Column(verb_word(verb).capitalize()) for verb in EVERY_VERB)]
    columns += [Column(_("Hidden")), Column(_("Read-only"))]
    return table(_("What each role lets its users do"), columns, list(_grant_rows()))


def _grant_rows() -> Iterator[tuple[str, ...]]:
    """One row for the types of a role that it treats alike. Children, seen as their parents are, where it hides any."""
    for role in known_roles():
        alike: dict[tuple[str, ...], list[str]] = {}
        for rtype in types_of_roles():
            policy = _policy(role, rtype)
            if not rtype.sees_as or policy.hidden or policy.locked:
                alike.setdefault(_granted(policy, rtype), []).append(str(rtype.label_plural))
        for granted, labels in alike.items():
            yield (role_name(role), ", ".join(labels), *granted)


def _granted(policy: Policy, rtype: RecordType) -> tuple[str, ...]:
    labels = {field.slug: str(field.label) for field in rtype.all_fields()}
    hidden, locked = (
        ", ".join(labels[slug] for slug in sorted(slugs & labels.keys())) for slugs in (policy.hidden, policy.locked)
    )
    if rtype.sees_as:
        return (*[_("as %(parent)s") % {"parent": _type_name(rtype.sees_as)}] * len(EVERY_VERB), hidden, locked)
    reach = (reach_word(policy.reach.get(verb, "none"), policy.where.get(verb, "")) for verb in EVERY_VERB)
    return (*reach, hidden, locked)


def reach_word(reach: str, where: str = "") -> str:
    """How far a right reaches, in a word or two."""
    words = {
        "none": _("none"), "own": _("own"), "team": _("team"), "tree": _("team and below"),
        "filter": where or _("a filter"), "all": _("all"),
    }  # fmt: skip
    return words[reach]


def _admins(admins: list[User]) -> Table:
    columns = Column(_("Administrator")), Column(_("E-mail")), Column(_("Last sign-in"), "time")
    return table(_("Administrators"), columns, [(str(one), one.email, iso(one.last_login)) for one in admins])


def _above(users: list[User]) -> Table:
    columns = Column(_("User")), Column(_("Role")), Column(_("Last sign-in"), "time")
    rows = [(str(one), role_name(one.role), iso(one.last_login)) for one in users]
    return table(_("Others with more than members may"), columns, rows)


def _changes(entries: list[Any]) -> Table:
    columns = Column(_("What changed")), Column(_("By")), Column(_("When"), "time")
    return table(
        _("Changes of roles, teams and shares, the newest first"),
        columns,
        [(one.text, one.by, iso(one.at)) for one in reversed(entries)],
    )


def _shares() -> Table:
    """The oldest ones that never end or reach a whole team."""
    rows = in_force().order_by("created_at", "pk")
    wide = rows.filter(ends_at=None) | rows.filter(kind=Share.Kind.TEAM)
    names, users = holder_names(), {one.pk: str(one) for one in User.objects.all()}
    shown = (
        (
            _type_name(one.record_type), names.get(one.holder, _("somebody who is gone")), one.get_level_display(),
            iso(one.ends_at), users.get(one.created_by, ""), iso(one.created_at),
        )
        for one in wide[:100]
    )  # fmt: skip
    columns = (
        Column(_("One of")), Column(_("Shared with")), Column(_("Lets them")), Column(_("Ends"), "time"),
        Column(_("By")), Column(_("Since"), "time"),
    )  # fmt: skip
    return table(_("Shares without an end or with whole teams, the oldest first"), columns, shown, wide.count())


def _type_name(slug: str) -> str:
    rtype = find_record_type(slug)
    return str(rtype.label_plural) if rtype else slug
