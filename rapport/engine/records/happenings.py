"""What the journal tells of records: their own changes, those of the records that point at them, and facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from rapport.engine.events.facts import FACTS
from rapport.engine.events.models import Journaled, JournalEntry
from rapport.engine.records.declare import field
from rapport.engine.records.fields import TYPES, Field, Option
from rapport.engine.records.registry import RecordType, Words
from rapport.engine.records.related import Related

OWN: dict[str, Words] = {"created": __("was created"), "changed": __("was changed"), "restored": __("was restored")}
OF_OTHERS: dict[str, Words] = {"created": __("%(what)s: new"), "changed": __("%(what)s: changed")}
ACTORS = tuple(Option(kind, kind) for kind in ("user", "token", "flow", "import", "system"))

# The entries of the journal as a filter may ask about them; no slug of a type that people make has a dot.
EVENTS = RecordType(
    slug="journal.entries",
    model=cast(type[Journaled], JournalEntry),
    label=__("event"),
    label_plural=__("events"),
    icon="clock",
    title="reason",
    fields=[
        field("by", __("By"), "user", column="user_id"),
        Field(slug="actor", label="Actor", type=TYPES["choice"], column="actor_kind", fixed_options=ACTORS),
        field("at", __("When"), "datetime"),
        field("reason", __("Reason"), "text"),
    ],
)


@dataclass(frozen=True)
class Happening:
    """Something that happens. `others`: it happens to records that point at the one that is asked."""

    name: str
    label: str
    kind: str
    about_type: str
    others: RecordType | None = None


def happenings(rtype: RecordType, related: Iterable[Related]) -> Mapping[str, Happening]:
    """What can have happened about records of a type and those that point at them: `created`, `notes.created`."""
    found = {kind: Happening(kind, str(label), kind, rtype.journal_type) for kind, label in OWN.items()}
    for one in related:
        if one.record_type.subjects and not (one.field and one.field.custom):
            found |= _of_others(one)
    for fact in FACTS.values():
        if fact.about_type == rtype.journal_type:
            label = rtype.event_kinds.get(fact.kind, fact.kind)
            found[fact.kind] = Happening(fact.kind, str(label), fact.kind, rtype.journal_type)
    return found


def _of_others(related: Related) -> dict[str, Happening]:
    """Entries name those whom the type's `subjects` tell. What another table ties is made before there is a tie."""
    other, is_tied_later = related.record_type, bool(related.field and related.field.through)
    what: Any = capfirst(str(other.label_plural))
    return {
        f"{other.slug}.{kind}": Happening(
            f"{other.slug}.{kind}", _(str(label)) % {"what": what}, kind, other.journal_type, other
        )
        for kind, label in OF_OTHERS.items()
        if kind != "created" or not is_tied_later
    }
