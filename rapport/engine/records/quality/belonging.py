"""Rules in filters: `in failing("Has a phone")` finds the records that fail a rule."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.filters.errors import N_, FilterError, Place
from rapport.engine.records.filters.memberships import Members, Membership, register_membership
from rapport.engine.records.filters.scope import nearest
from rapport.engine.records.filters.text import quoted
from rapport.engine.records.filters.values import Id, Text
from rapport.engine.records.folding import fold
from rapport.engine.records.models import RecordQuality
from rapport.engine.records.quality.showing import rules_seen
from rapport.engine.records.registry import RecordType

FAILING = "failing"


def known_rules(actor: Actor, rtype: RecordType) -> Sequence[tuple[UUID, str]]:
    """The rules of a type that an actor may know of."""
    return [(rule.id, rule.label) for rule in rules_seen(actor, rtype)]


def find_members(actor: Actor, rtype: RecordType, named: Id | Text, place: Place) -> Members:
    """The rule that somebody means by an id or a name. Raises FilterError that says why there is none."""
    known = known_rules(actor, rtype)
    found = [one for one in known if named.value == one[0] or fold(str(named.value)) == fold(one[1])]
    if len(found) == 1:
        ((key, label),) = found
        return Members(key, label, rows=rows_failing(rtype, key))
    near = nearest(str(named.value), {fold(label): label for _key, label in known})
    words = {"name": named.value, "type": str(rtype.label_plural).lower()}
    if found:
        raise FilterError(N_("Several rules are called “%(name)s”: name one by its id."), place, words=words)
    raise FilterError(
        N_("There is no quality rule “%(name)s” for %(type)s."),
        place,
        suggestion=quoted(near) if near else "",
        words=words,
    )


def rows_failing(rtype: RecordType, rule: UUID) -> Q:
    """The records that failed a rule when they were last judged."""
    failing = RecordQuality.objects.filter(record_type=rtype.slug, failing__contains=[rule])
    return Q(pk__in=failing.values("record_id"))


register_membership(Membership(FAILING, _("Failing rule"), find_members, known_rules))
