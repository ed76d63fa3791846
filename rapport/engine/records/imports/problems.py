"""What is wrong, grouped by kind, and the mends: one click for each group, or a cell at a time."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from rapport.engine.records.declare import countries
from rapport.engine.records.folding import fold
from rapport.engine.records.imports.compiled import ROW, Compiled
from rapport.engine.records.imports.doubles import ways_to_settle
from rapport.engine.records.imports.errors import ImportRefused
from rapport.engine.records.models import ImportProblem, ImportRun

MOST_VALUES = 200
MOST_GUESSED = 20  # comparing with every option takes a while


@dataclass
class Group:
    """Rows with the same kind of problem in the same column. `values` are the texts at fault with their counts."""

    col: int
    code: str
    count: int
    title: str
    mends: list[str]
    values: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.col}:{self.code}"

    @property
    def can_map(self) -> bool:
        return "map" in self.mends


def groups(run: ImportRun, compiled: Compiled | None) -> list[Group]:
    """All groups, the largest first."""
    counted = ImportProblem.objects.filter(run_id=run.pk).exclude(code="refused").values_list("col", "code")
    found = [
        Group(col, code, count, _title(run, col, code), _mends(compiled, col, code))
        for col, code, count in counted.annotate(count=Count("id")).order_by("-count", "col")
    ]
    for one in found:
        one.values = _values(run, compiled, one)
    return found


def mend_group(run: ImportRun, compiled: Compiled, key: str, do: str) -> list[int]:
    """Settle a whole group: empty the cells, leave the rows out, create what is missing. Returns the rows concerned."""
    col, code = _split(key)
    if do not in _mends(compiled, col, code) or do == "map":
        raise ImportRefused(_("This cannot be done for these rows."))
    numbers = _numbers(run, col, code)
    run.mends[key] = do
    run.save(update_fields=["mends"])
    return numbers


def map_values(run: ImportRun, compiled: Compiled, key: str, replaced: Mapping[str, str]) -> list[int]:
    """Say what texts of a column mean. Returns the rows concerned."""
    col, code = _split(key)
    if col == ROW or col >= len(run.columns):
        raise ImportRefused(_("There is no such column."))
    values = run.columns[col].setdefault("values", {})
    for text, becomes in replaced.items():
        if becomes.strip():
            values[text[:300]] = becomes.strip()[:300]
    run.save(update_fields=["columns"])
    return _numbers(run, col, code)


def problem_rows(run: ImportRun, key: str, *, after: int, limit: int) -> list[int]:
    """Numbers of rows with a problem, of one group or of all, for the grid."""
    problems = ImportProblem.objects.filter(run_id=run.pk, n__gt=after)
    if key:
        col, code = _split(key)
        problems = problems.filter(col=col, code=code)
    return list(problems.order_by("n").values_list("n", flat=True).distinct()[:limit])


def problems_of(run: ImportRun, numbers: list[int]) -> dict[int, list[ImportProblem]]:
    found: dict[int, list[ImportProblem]] = {}
    for one in ImportProblem.objects.filter(run_id=run.pk, n__in=numbers).order_by("n", "col"):
        found.setdefault(one.n, []).append(one)
    return found


def _numbers(run: ImportRun, col: int, code: str) -> list[int]:
    return list(ImportProblem.objects.filter(run_id=run.pk, col=col, code=code).values_list("n", flat=True))


def _values(run: ImportRun, compiled: Compiled | None, group: Group) -> list[dict[str, Any]]:
    rows = ImportProblem.objects.filter(run_id=run.pk, col=group.col, code=group.code).values_list("value")
    counted = rows.annotate(count=Count("id")).order_by("-count", "value")[:MOST_VALUES]
    to = next((one.place.field for one in compiled.columns if one.index == group.col), None) if compiled else None
    options = list(to.options) if to and group.code in ("choice", "choices") else []
    if group.code == "country":
        options = list(countries())
    return [
        {"text": text, "count": count, "guess": _guess(text, options) if place < MOST_GUESSED else ""}
        for place, (text, count) in enumerate(counted)
    ]


def _guess(text: str, options: list[Any]) -> str:
    """The option that a text most likely means, to be offered."""
    labels = {fold(option.label): option.label for option in options}
    close = difflib.get_close_matches(fold(text), labels, n=1, cutoff=0.7)
    return labels[close[0]] if close else ""


def _mends(compiled: Compiled | None, col: int, code: str) -> list[str]:
    if code == "duplicate":
        return ways_to_settle(compiled)
    if col == ROW or code == "needed":
        return ["skip"]
    mends = ["map", "empty", "skip"] if code not in ("unique", "locked") else ["empty", "skip"]
    if code == "relation":
        mends.append("create")
    if code in ("choice", "choices") and compiled is not None and compiled.actor.is_admin:
        to = next((one.place.field for one in compiled.columns if one.index == col), None)
        if to is not None and not to.fixed_options:
            mends.append("create")
    return mends


def _title(run: ImportRun, col: int, code: str) -> str:
    name = run.header[col] if 0 <= col < len(run.header) else ""
    words = {
        "email": _("%(name)s: not an e-mail address"), "phone": _("%(name)s: not a phone number"),
        "country": _("%(name)s: country not known"), "choice": _("%(name)s: not one of the choices"),
        "number": _("%(name)s: not a number"), "date": _("%(name)s: not a date"), "datetime": _("%(name)s: not a time"),
        "money": _("%(name)s: not an amount"), "bool": _("%(name)s: neither yes nor no"),
        "domain": _("%(name)s: not a domain"), "link": _("%(name)s: not a web address"),
        "user": _("%(name)s: nobody here is called so"), "relation": _("%(name)s: not found"),
        "unique": _("%(name)s: must be unique"), "duplicate": _("The same record several times in this file"),
        "locked": _("%(name)s: cannot be changed in these records"),
        "needed": _("Something that is needed is empty"), "reach": _("Records that your role does not let you change"),
    }  # fmt: skip
    return words.get(code, _("%(name)s: cannot be read")) % {"name": name}


def _split(key: str) -> tuple[int, str]:
    col, _colon, code = key.partition(":")
    if not col.lstrip("-").isdigit() or not code:
        raise ImportRefused(_("There is no such group of problems."))
    return int(col), code
