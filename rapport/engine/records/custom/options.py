"""The options of a choice: added, renamed, recoloured, reordered, retired and brought back as one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.events.act import Act
from rapport.engine.records.custom.kinds import COLOURS
from rapport.engine.records.custom.slugs import free_value
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.folding import fold
from rapport.engine.records.models import Choice, CustomField

MOST = 500
LONGEST = 100


@dataclass(frozen=True)
class Wanted:
    """An option as it should be. Without a value it is a new one."""

    label: str
    value: str = ""
    colour: str = ""


def list_name(row: CustomField) -> str:
    """Under which name the choices of a field are kept."""
    return f"{row.record_type}.{row.slug}"


def choices_of(row: CustomField) -> list[Choice]:
    """All options, retired ones included, in order."""
    return list(Choice.objects.filter(list=list_name(row)).order_by("position", "label"))


def read_options(given: Any, *, known: CustomField | tuple[()]) -> list[Wanted]:
    """Options from labels, or from objects with `label`, `value` and `colour`. Raises ValidationFailed."""
    if not isinstance(given, list) or len(given) > MOST:
        raise ValidationFailed({"options": _("Send a list of at most %(most)d options.") % {"most": MOST}})
    values = {one.value for one in choices_of(known)} if known else set()
    wanted = [_read(one, values) for one in given]
    seen: set[str] = set()
    for one in wanted:
        if (key := fold(one.label)) in seen:
            raise ValidationFailed({"options": _("There are two options “%(label)s”.") % {"label": one.label}})
        seen.add(key)
    return wanted


def write_options(act: Act, row: CustomField, wanted: Sequence[Wanted]) -> None:
    """Bring the list to what is wanted. An option left out is retired: records keep it, nobody is offered it."""
    rows = choices_of(row)
    by_value = {one.value: one for one in rows}
    retired = {fold(one.label): one.value for one in rows if one.is_deleted}
    taken = set(by_value)
    kept: list[tuple[Choice, dict[str, Any]]] = []
    new = []
    for place, one in enumerate(wanted, start=1):
        # A new option that is called like a retired one is that one, come back.
        value = one.value or retired.get(fold(one.label), "")
        if value in by_value:
            kept.append((by_value[value], {"label": one.label, "colour": one.colour, "position": place}))
            continue
        value = free_value(one.label, taken)
        taken.add(value)
        shape = {"label": one.label, "colour": one.colour, "position": place}
        new.append(Choice(list=list_name(row), value=value, **shape))
    staying = {choice.pk for choice, _values in kept}
    act.delete([one for one in rows if one.pk not in staying and not one.is_deleted])
    act.restore([choice for choice, _values in kept if choice.is_deleted])
    act.change_each(kept)
    act.create(new)


def _read(one: Any, known: set[str]) -> Wanted:
    given = one if isinstance(one, dict) else {"label": one}
    label = " ".join(str(given.get("label") or "").replace("\0", "").split())
    value, colour = str(given.get("value") or ""), str(given.get("colour") or "")
    if not fold(label) or len(label) > LONGEST:
        raise ValidationFailed(
            {"options": _("Each option needs a name of at most %(most)d characters.") % {"most": LONGEST}}
        )
    if value and value not in known:
        raise ValidationFailed({"options": _("There is no option with the value “%(value)s”.") % {"value": value[:60]}})
    if colour not in COLOURS:
        raise ValidationFailed({"options": _("“%(colour)s” is not a colour of options.") % {"colour": colour[:20]}})
    return Wanted(label, value, colour)
