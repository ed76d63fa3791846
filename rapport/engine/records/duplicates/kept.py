"""What the last scan of a record type left: its weights, read once per process and scan."""

from dataclasses import dataclass
from datetime import datetime

from rapport.engine.records.duplicates.linking.model import Model, read_model
from rapport.engine.records.duplicates.linking.pairs import MOST_SHARING
from rapport.engine.records.duplicates.linking.shape import Shape
from rapport.engine.records.duplicates.shapes import shape_of, signature
from rapport.engine.records.models import DuplicateScan
from rapport.engine.records.registry import RecordType


@dataclass(frozen=True)
class Kept:
    """By what records of a type are compared between scans. Before the first one, as is usual."""

    rtype: RecordType
    shape: Shape
    model: Model
    sharing: int


_known: dict[str, tuple[datetime | None, list[object], Kept]] = {}


def kept(rtype: RecordType) -> Kept:
    """The weights in force. Those learned for other fields than the type has now still count for what is left."""
    shape = shape_of(rtype)
    named = signature(shape)
    ended = DuplicateScan.objects.filter(pk=rtype.slug).values_list("ended_at", flat=True).first()
    found = _known.get(rtype.slug)
    if found is not None and found[0] == ended and found[1] == named and found[2].rtype is rtype:
        return found[2]
    row = DuplicateScan.objects.filter(pk=rtype.slug).first()
    model = read_model(shape, row.model if row else {})
    sharing = row.figures.get("sharing", MOST_SHARING) if row else MOST_SHARING
    made = Kept(rtype, shape, model, sharing)
    _known[rtype.slug] = (ended, [*named], made)
    return made
