"""What every record has without declaring it: when it was made and changed, and by whom."""

from django.utils.translation import gettext_lazy as _

from rapport.engine.records.fields import TYPES, Field

BOOKKEEPING: tuple[Field, ...] = tuple(
    Field(slug=slug, label=label, type=TYPES[kind], column=slug, readonly=True, sortable=kind == "datetime")  # type: ignore[arg-type]  # lazy words
    for slug, label, kind in (
        ("created_at", _("Created"), "datetime"),
        ("created_by", _("Created by"), "user"),
        ("changed_at", _("Changed"), "datetime"),
        ("changed_by", _("Changed by"), "user"),
    )
)
