"""Who may be merged with whom: two to fifty live records of one type, all within the actor's reach."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.errors import NotAllowed
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate import Verb, require, within_reach
from rapport.engine.records.registry import RecordType
from rapport.engine.records.survivors import may_merge

MOST = 50
ON_SURVIVOR: tuple[Verb, ...] = ("read", "change")
ON_LOSERS: tuple[Verb, ...] = ("read", "change", "delete")


@dataclass(frozen=True)
class Group:
    """Records to be merged: the survivor, and those that go into it."""

    rtype: RecordType
    survivor: Any
    losers: Sequence[Any]

    @property
    def rows(self) -> list[Any]:
        """All of them, the survivor first."""
        return [self.survivor, *self.losers]

    @cached_property
    def keys(self) -> frozenset[UUID]:
        return frozenset(row.pk for row in self.rows)

    @cached_property
    def going(self) -> list[UUID]:
        """The ids of those that go, in order."""
        return sorted(row.pk for row in self.losers)


def group_of(rtype: RecordType, rows: Iterable[Any], survivor: UUID) -> Group:
    """Records of a type that can be merged at all. Raises ValidationFailed with a sentence where they cannot."""
    found = {row.pk: row for row in rows}
    if not may_merge(rtype):
        words = _("%(what)s follow what they belong to, and are not merged by hand.")
        raise _refused(words % {"what": str(rtype.label_plural).capitalize()})
    if not 2 <= len(found) <= MOST:
        words = _("From 2 to %(most)d %(what)s can be merged at once; these are %(count)d.")
        raise _refused(words % {"most": MOST, "what": rtype.label_plural, "count": len(found)})
    if survivor not in found:
        raise ValidationFailed({"survivor": _("The record that stays must be one of those that are merged.")})
    for row in found.values():
        _require_live(rtype, row)
    others = [row for key, row in found.items() if key != survivor]
    return Group(rtype, found[survivor], others)


def require_merging(actor: Actor, rtype: RecordType, survivor: UUID, losers: Iterable[UUID]) -> None:
    """Raise NotAllowed unless the actor may change the one and also delete the others."""
    going = list(losers)
    for verbs, keys in ((ON_SURVIVOR, [survivor]), (ON_LOSERS, going)):
        for verb in verbs:
            require(actor, rtype, verb)
            if within_reach(actor, rtype, verb, rtype.rows().filter(pk__in=keys)).count() < len(keys):
                raise NotAllowed(_("Only who may change these records, and delete those that go, may merge them."))


def _require_live(rtype: RecordType, row: Any) -> None:
    words = {"title": rtype.title_of(row) or rtype.label}
    if row.merged_into is not None:
        raise _refused(_("“%(title)s” was merged into another record already.") % words)
    if row.is_deleted:
        raise _refused(_("“%(title)s” is deleted. Restore it first.") % words)


def _refused(words: str) -> ValidationFailed:
    return ValidationFailed({"records": words})
