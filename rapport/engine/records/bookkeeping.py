"""What every record has without declaring it: when it was made and changed, and by whom, and how good it is."""

from django.utils.translation import gettext_lazy as _

from rapport.engine.records.fields import TYPES, Computed, Field

BOOKKEEPING: tuple[Field, ...] = tuple(
    Field(slug=slug, label=label, type=TYPES[kind], column=slug, readonly=True, sortable=kind == "datetime")  # type: ignore[arg-type]  # lazy words
    for slug, label, kind in (
        ("created_at", _("Created"), "datetime"),
        ("created_by", _("Created by"), "user"),
        ("changed_at", _("Changed"), "datetime"),
        ("changed_by", _("Changed by"), "user"),
    )
)

# What is worked out by rules about all records that are seen by themselves; see the folder quality.
QUALITY = Field(
    slug="quality",
    label=_("Data quality"),  # type: ignore[arg-type]  # lazy words
    help=_("0 to 100: how complete, valid and fresh the record is, by the rules of quality."),  # type: ignore[arg-type]  # as above
    type=TYPES["number"],
    computed=Computed("record_quality", formula=""),
    readonly=True,
    sortable=True,
    whole=True,
)


def bookkeeping_of(*, is_judged: bool) -> tuple[Field, ...]:
    """The fields that records have without declaring them; only those of which roles speak are judged."""
    return (*BOOKKEEPING, QUALITY) if is_judged else BOOKKEEPING
