"""Why somebody can or cannot do a thing to a record, or see a field of it: the answer of the gate, reason by reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.fields import Field
from rapport.engine.records.gate.asking import ALL, asked_of_parent, grants_of, parents_of
from rapport.engine.records.gate.masks import mask
from rapport.engine.records.gate.policies import Grant, Verb, policies_for, role_name
from rapport.engine.records.gate.reaching import is_member, of_owners, owners_of, reaches
from rapport.engine.records.gate.ruled import ruled
from rapport.engine.records.gate.shares import LEVELS, last_day, shares_for
from rapport.engine.records.registry import RecordType


@dataclass(frozen=True)
class Reason:
    """One sentence, and whether it lets the actor do what was asked."""

    text: str
    lets: bool


@dataclass(frozen=True)
class Why:
    """The answer, and all that speaks for and against it."""

    answer: bool
    reasons: tuple[Reason, ...]


class Words(NamedTuple):
    """What reasons may say: the names of users and teams, and whether what filters ask."""

    names: Mapping[UUID, str]
    tells_rules: bool


def why(
    actor: Actor, rtype: RecordType, verb: Verb, row: Any, names: Mapping[UUID, str], *, tells_rules: bool = True
) -> Why:
    """Why an actor may or may not do this to this record. `names` are those of users and teams.

    Without `tells_rules` it says that a filter decides, not what it asks.
    """
    reasons = _reasons(actor, rtype, verb, row, Words(names, tells_rules))
    return Why(reaches(actor, rtype, verb, row), tuple(reasons))


def why_field(actor: Actor, rtype: RecordType, field: Field) -> Why:
    """Why an actor sees a field of a type, or does not. Whether they see the record is asked beside."""
    shown = mask(actor, rtype)
    answer = shown.shows(field.slug)
    return Why(answer, tuple(_of_field(actor, rtype, field, is_shown=answer)))


def _reasons(actor: Actor, rtype: RecordType, verb: Verb, row: Any, words: Words) -> Iterable[Reason]:
    if rtype.sees_as:
        yield from _of_parent(actor, rtype, verb, row, words)
        return
    if rtype.members:
        is_one = is_member(actor, rtype, row)
        yield Reason(_("They are a member.") if is_one else _("They are no member."), is_one)
        return
    grants = grants_of(actor, rtype, verb)
    spoken = {grant.role for grant in grants}
    if ALL in grants:
        yield from (_all(role) for role in _roles_with_all(actor, rtype, verb))
        return
    for role in sorted(actor.roles - spoken):
        yield Reason(_("The role %(role)s lets nobody do this.") % {"role": role_name(role)}, lets=False)
    for grant in sorted(grants):
        yield _of_grant(actor, rtype, verb, row, grant, words)
    if verb == "read" and grants and _owner(rtype, row) in actor.circle.led:
        owner = words.names.get(_owner(rtype, row), "")  # type: ignore[arg-type]  # it is among those led
        yield Reason(_("It belongs to %(owner)s, in a team that they lead.") % {"owner": owner}, lets=True)
    if grants and verb in LEVELS:
        yield from _of_shares(actor, rtype, verb, row, words.names)


def _roles_with_all(actor: Actor, rtype: RecordType, verb: Verb) -> Iterable[str]:
    return [role for role, policy in policies_for(actor, rtype) if policy.reach.get(verb) == "all"]


def _all(role: str) -> Reason:
    return Reason(_("The role %(role)s reaches all records.") % {"role": role_name(role)}, lets=True)


def _of_grant(actor: Actor, rtype: RecordType, verb: Verb, row: Any, grant: Grant, said: Words) -> Reason:
    words = {"role": role_name(grant.role), "filter": grant.where}
    if grant.reach == "filter":
        found = ruled(actor, rtype, grant.where)
        holds = found is not None and rtype.rows().filter(found, pk=row.pk).exists()
        return Reason(_of_rule(holds=holds, tells_rules=said.tells_rules) % words, holds)
    condition = of_owners(rtype, owners_of(actor, "change", [grant]))
    holds = condition is not None and rtype.rows().filter(condition, pk=row.pk).exists()
    texts = {
        ("own", True): _("The role %(role)s reaches their own records, and this is one."),
        ("own", False): _("The role %(role)s reaches their own records, and this belongs to somebody else."),
        ("team", True): _("The role %(role)s reaches records of their teams, and this is one."),
        ("team", False): _("The role %(role)s reaches records of their teams, and this is of none of these."),
        ("tree", True): _("The role %(role)s reaches records of their teams and those below, and this is one."),
        ("tree", False): _("The role %(role)s reaches records of their teams and those below, not this one."),
    }
    return Reason(texts[grant.reach, holds] % words, holds)


def _of_rule(*, holds: bool, tells_rules: bool) -> str:
    if not tells_rules:
        return _("The role %(role)s reaches what its filter finds, and it finds this record.") if holds else _(
            "The role %(role)s reaches what its filter finds, and it does not find this record."
        )  # fmt: skip
    return _("The role %(role)s reaches what this finds: %(filter)s. It finds this record.") if holds else _(
        "The role %(role)s reaches what this finds: %(filter)s. It does not find this record."
    )  # fmt: skip


def _owner(rtype: RecordType, row: Any) -> UUID | None:
    owner = rtype.field("owner")
    key: UUID | None = getattr(row, owner.column) if owner else None
    return key


def _of_shares(actor: Actor, rtype: RecordType, verb: Verb, row: Any, names: Mapping[UUID, str]) -> Iterable[Reason]:
    for share in shares_for(actor, rtype, verb).filter(record_id=row.pk):
        words = {"holder": names.get(share.holder, ""), "by": names.get(share.created_by, _("somebody"))}
        if (day := last_day(share.ends_at)) is None:
            yield Reason(_("%(by)s shared it with %(holder)s.") % words, lets=True)
        else:
            until = date_format(day, "DATE_FORMAT")
            yield Reason(_("%(by)s shared it with %(holder)s until %(until)s.") % {**words, "until": until}, lets=True)


def _of_parent(actor: Actor, rtype: RecordType, verb: Verb, row: Any, words: Words) -> Iterable[Reason]:
    needed = asked_of_parent(rtype, verb)
    for parent in parents_of(rtype):
        if rtype.sees_as == "*" and row.about_type != parent.slug:
            continue
        found = parent.rows().filter(pk=getattr(row, rtype.parent_column)).first()
        if found is not None:
            what = {"what": rtype.label_plural, "parent": parent.label}
            lets = reaches(actor, parent, needed, found)
            yield Reason(_("%(what)s go with their %(parent)s.") % what, lets)
            yield from _reasons(actor, parent, needed, found, words)


def _of_field(actor: Actor, rtype: RecordType, field: Field, *, is_shown: bool) -> Iterable[Reason]:
    words = {"field": field.label}
    hides_any = False
    for role, policy in policies_for(actor, rtype):
        is_hidden = field.slug in policy.hidden
        hides_any |= is_hidden
        text = _("The role %(role)s hides “%(field)s”.") if is_hidden else _("The role %(role)s shows “%(field)s”.")
        yield Reason(text % {**words, "role": role_name(role)}, not is_hidden)
        if field.slug in policy.locked and not is_hidden:
            yield Reason(
                _("The role %(role)s lets nobody change “%(field)s”.") % {**words, "role": role_name(role)}, lets=True
            )
    if not is_shown and not hides_any:
        yield Reason(_("“%(field)s” is worked out from something that is hidden.") % words, lets=False)
