"""What a merge did, as the journal tells it: the entries from that of its row to its fact, in one transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from rapport.engine.events.journal import with_payloads
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.undo.steps import CHANGES
from rapport.engine.records.merging.events import RecordsMerged
from rapport.engine.records.models import Merge

CHUNK = 1000


@dataclass(frozen=True)
class Stretch:
    """The first and last entry of a merge; `holds` says whether another entry is between them."""

    batch: UUID
    era: int
    xid: int
    first: int
    last: int

    def holds(self, entry: JournalEntry) -> bool:
        is_same_act = (entry.batch, entry.era, entry.xid) == (self.batch, self.era, self.xid)
        return is_same_act and self.first <= entry.id <= self.last

    def backwards(self) -> Iterator[list[JournalEntry]]:
        """Its entries with their values, from the last, by keyset."""
        rows = JournalEntry.objects.filter(batch=self.batch, era=self.era, xid=self.xid, id__gte=self.first)
        rows = rows.filter(id__lte=self.last, kind__in=CHANGES).order_by("-id")
        while chunk := list(rows[:CHUNK]):
            with_payloads(chunk)
            yield chunk
            rows = rows.filter(id__lt=chunk[-1].id)


def stretch_of(merge: Merge) -> Stretch:
    """Where the journal tells what a merge did."""
    entries = JournalEntry.objects.filter(batch=merge.batch, at=merge.created_at)
    first = entries.get(about_id=merge.pk, kind="created")
    own = entries.filter(era=first.era, xid=first.xid, id__gt=first.id, kind=RecordsMerged.kind)
    last = own.order_by("id")[:1].get()
    return Stretch(first.batch, first.era, first.xid, first.id, last.id)


def done_again_in(merge: Merge) -> frozenset[UUID]:
    """The batches that brought a merge into force again, by taking back its un-merge."""
    entries = JournalEntry.objects.filter(about_id=merge.pk, kind="restored")
    return frozenset(entries.values_list("batch", flat=True))


def is_whole_batch(stretch: Stretch) -> bool:
    """Whether the batch did nothing but this merge."""
    rows = JournalEntry.objects.filter(batch=stretch.batch, kind__in=CHANGES)
    return not rows.exclude(era=stretch.era, xid=stretch.xid, id__gte=stretch.first, id__lte=stretch.last).exists()
