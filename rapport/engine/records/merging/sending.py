"""What came later may go to one of those that come back: a field with its value, a record with what it points by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.events.images import image
from rapport.engine.records import values as given
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.fields import LISTS, Field
from rapport.engine.records.gate import mask
from rapport.engine.records.merging.choices import joined
from rapport.engine.records.merging.entries import stretch_of
from rapport.engine.records.merging.later import Since, changed_since, children_since
from rapport.engine.records.merging.references import references_to
from rapport.engine.records.models import Merge
from rapport.engine.records.registry import RecordType
from rapport.engine.records.timeline import stored_in


@dataclass
class Sending:
    """Fields and records that go to those that come back, looked up while they were still merged."""

    rtype: RecordType
    merge: Merge
    fields: list[tuple[Since, UUID]] = field(default_factory=list)
    children: list[tuple[Any, UUID]] = field(default_factory=list)

    def send(self, act: Act) -> None:
        """Do it, once those that went are back."""
        for since, target in self.fields:
            _send_field(act, self.rtype, self.merge, since, target)
        for row, target in self.children:
            for reference in references_to(self.rtype):
                if isinstance(row, reference.model) and reference.at(act.lock(row)) == self.merge.survivor:
                    act.change(row, **reference.filling(row, target))


def sending_of(actor: Actor, rtype: RecordType, merge: Merge, goes: Mapping[str, UUID]) -> Sending:
    """What is to go where. Raises ValidationFailed for what did not come later, or to whom it cannot go."""
    sending = Sending(rtype, merge)
    errors: dict[str, str] = {}
    changed = {one.field.slug: one for one in changed_since(rtype, merge)} if goes else {}
    allowed = mask(actor, rtype)
    named = dict(_children_named(goes))
    children = {row.pk: row for _rtype, row in children_since(actor, rtype, merge, only=named)[0]} if named else {}
    for name, target in goes.items():
        kind, _colon, rest = name.partition(":")
        key = read_id(rest)
        if target not in merge.losers:
            errors[name] = _("This can go only to a record that comes back.")
        elif kind == "field" and rest in changed and allowed.lets_change(rest):
            sending.fields.append((changed[rest], target))
        elif key is not None and key in children and named.get(key) == kind:
            sending.children.append((children[key], target))
        else:
            errors[name] = _("This did not come later: it goes back, or stays, by itself.")
    if errors:
        raise ValidationFailed(errors)
    return sending


def _children_named(goes: Mapping[str, UUID]) -> Iterator[tuple[UUID, str]]:
    for name in goes:
        kind, _colon, rest = name.partition(":")
        if kind != "field" and (key := read_id(rest)):
            yield key, kind


def _send_field(act: Act, rtype: RecordType, merge: Merge, since: Since, target: UUID) -> None:
    """The one that comes back gets the value; the survivor what it had held before the merge."""
    one = since.field
    survivor, other = (act.lock(rtype.rows().get(pk=key)) for key in (merge.survivor, target))
    if one.through:
        own = _before(rtype, merge, since)
        one.through.assign(act, [(survivor, own)])
        one.through.assign(act, [(other, since.now)])
        act.settle([survivor, other])
        return
    if one.type.name in LISTS:
        stays = [entry for entry in one.get(survivor) or () if entry not in since.added]
        gets = joined(one, [one.get(other), since.added])
        stays = [
            {**entry, "primary": place == 0} if isinstance(entry, dict) else entry for place, entry in enumerate(stays)
        ]
    else:
        stays, gets = _before(rtype, merge, since), since.now
    _write(act, rtype, survivor, one, stays)
    given.check_unique(rtype, {one.slug: gets}, besides=other.pk)
    _write(act, rtype, other, one, gets)


def _write(act: Act, rtype: RecordType, row: Any, one: Field, value: Any) -> None:
    """An image says nothing of what is empty, so nothing is what it stands for here."""
    act.change(row, **given.columns(rtype, row, {one.slug: one.type.empty if value is None else value}))


def _before(rtype: RecordType, merge: Merge, since: Since) -> Any:
    """What the survivor held before the merge: as the merge found it, or as it left it alone."""
    one = since.field
    for entries in stretch_of(merge).backwards():
        for entry in entries:
            if entry.about_id != merge.survivor or entry.kind != "changed":
                continue
            told = entry.before.get("custom") or {} if one.custom else entry.before
            after = entry.after.get("custom") or {} if one.custom else entry.after
            names = [one.slug] if one.custom or one.through else list(one.columns(None))
            if any(told.get(name) != after.get(name) for name in names):
                survivor = rtype.rows().get(pk=merge.survivor)
                was = entry.before if one.custom else {**image(survivor), **entry.before}
                return stored_in(one, rtype.new(), was) if was else one.type.empty
    return since.at_merge
