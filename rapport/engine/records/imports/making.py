"""What a run makes before its first row: custom fields and choices, in its own batch, so that undo takes them back."""

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.records.custom.actions import create_field
from rapport.engine.records.definitions import forget
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.imports.places import NEW
from rapport.engine.records.models import Choice, ImportRun
from rapport.engine.records.registry import RecordType


def make_definitions(act: Act, run: ImportRun, rtype: RecordType) -> None:
    """Create the fields and choices that were asked for."""
    for new in [one["new"] for one in run.columns if one.get("to") == NEW]:
        try:
            create_field(act, rtype, {"slug": new["slug"], "label": new["label"], "type": new["type"]})
        except ValidationFailed as error:
            raise ImportRefused(_("%(why)s Check again.") % {"why": " ".join(error.errors.values())}) from error
    for slug, options in run.found.get("new_options", {}).items():
        _make_choices(act, rtype, slug, options)
    run.save(update_fields=["columns", "found"])


def made(run: ImportRun, rtype: RecordType) -> None:
    """From here on the new fields are fields as all others."""
    forget()
    for asked in run.columns:
        if asked.get("to") == NEW and rtype.field(asked["new"]["slug"]) is not None:
            asked["to"] = asked["new"]["slug"]
    run.save(update_fields=["columns"])


def _make_choices(act: Act, rtype: RecordType, slug: str, options: dict[str, str]) -> None:
    to = rtype.field(slug)
    choice_list = to.choice_list if to else f"{rtype.slug}.{slug}"
    known = set(Choice.objects.filter(list=choice_list, deleted_at=None).values_list("value", flat=True))
    act.create(
        [
            Choice(list=choice_list, value=value, label=label, position=len(known) + place)
            for place, (value, label) in enumerate(options.items())
            if value not in known
        ]
    )
