"""Whatever changes a custom field, by whichever door or by undo, has its indexes follow."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from rapport.engine.events.act import Act
from rapport.engine.events.images import type_name
from rapport.engine.events.models import JournalEntry
from rapport.engine.events.reactions import when
from rapport.engine.records.custom.jobs import build_indexes
from rapport.engine.records.models import CustomField, FieldIndexes

MATTERS = frozenset({"indexed", "unique"})


@when(
    "created", "changed", "deleted", "restored",
    about=[type_name(CustomField)], replay=True, label=_("Indexes of custom fields"),
)  # fmt: skip
def keep_indexes(_act: Act, entries: Sequence[JournalEntry]) -> None:
    """Have the indexes of these fields built or dropped, where the change can have an influence on them."""
    for key in {one.about_id for one in entries if one.about_id and _matters(one)}:
        FieldIndexes.objects.filter(pk=key).update(error="")
        build_indexes.defer_once(str(key), key)


def _matters(entry: JournalEntry) -> bool:
    if entry.kind in ("deleted", "restored"):
        return True
    return not MATTERS.isdisjoint(entry.after) or not MATTERS.isdisjoint(entry.before)
