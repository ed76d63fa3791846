"""The numbers of a chart: asked in one query, put in order, named, each with the address of the records behind it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.records.errors import Invalid
from rapport.engine.records.folding import fold
from rapport.engine.records.queries.counting import CAP
from rapport.engine.records.queries.labels import POINTING, USERS, labels
from rapport.engine.records.queries.summing import LISTS, By, Group, Measure, Sort, Total, grouped, totals
from rapport.engine.records.queries.within import after, within
from rapport.engine.records.reading import zone_now
from rapport.engine.web import formatting
from rapport.engine.web.counts import eyes_of, kept_if_large
from rapport.engine.web.grouping import BY_VALUE, CHOSEN
from rapport.engine.web.naming import label_of
from rapport.engine.web.plotting import Plot
from rapport.engine.web.totals import Shown
from rapport.engine.web.views.listed import Listed

MOST = 400  # labels of one series
MOST_PAIRS = 2_000
MOST_BARS = 20
MOST_SERIES = 8
REST = object()  # the key of what is left over
SPELLED = frozenset({"text", "email", "link"})


@dataclass(frozen=True)
class Sums:
    """What a group comes to: records, how many of them have the field that is measured, amounts without a rate."""

    value: Any = None
    filled: int = 0
    without_rate: int = 0


@dataclass(frozen=True)
class Head:
    """One label: the key of its group, or what is left over by the others (`is_rest`)."""

    key: Any
    label: str
    is_rest: bool = False


@dataclass
class Figures:
    """The numbers by row and column, and what has to be said of them."""

    rows: list[Head]
    columns: list[Head]
    sums: Mapping[tuple[int, int], Sums]
    spelled: frozenset[Any] = frozenset()
    notes: list[str] = field(default_factory=list)
    without: Sums | None = None

    def value(self, row: int, column: int) -> Any:
        return self.sums.get((row, column), Sums()).value


def figures(actor: Actor, asked: Listed, plot: Plot, rows: Any = None) -> Figures:
    """The numbers of a plot over the rows of a list. Raises Invalid where they are too many to be drawn."""
    rows = asked.rows if rows is None else rows
    most = MOST_PAIRS if plot.series else MOST
    found = _found(actor, asked, plot, rows, most)
    is_cut = len(found) > most
    if is_cut and (plot.is_time or plot.series):
        raise Invalid(
            _("There are too many values here to be drawn together. Choose longer stretches or filter first.")
        )
    sums, spelled = _summed(plot, found[:most])
    if is_cut and plot.is_added and plot.by.field.type.name not in LISTS:
        sums |= _beyond(asked, plot, rows, sums)
    across = [_kept(plot.by, plot, sums, 0, MOST_BARS)]
    across.append(_kept(plot.series, plot, sums, 1, MOST_SERIES) if plot.series else [None])
    if plot.is_time:
        across[0] = _filled_in(plot.by, across[0])
    made = _placed(plot, sums, across)
    names = _names(actor, plot, across)
    heads = [
        [Head(key, label_of(by, key, names) if by else "", is_rest=key is REST) for key in keys]
        for by, keys in zip((plot.by, plot.series), across, strict=True)
    ]
    dateless = [one for keys, one in sums.items() if plot.is_time and keys[0] is None]
    without = _together(plot.measure.total, dateless) if dateless and not plot.series else None
    return Figures(heads[0], heads[1], made, spelled, list(_notes(plot, sums, across, is_cut)), without)


def _found(actor: Actor, asked: Listed, plot: Plot, rows: Any, most: int) -> list[Group]:
    """One group more than is drawn. Those of many records may be a minute old."""
    zone = zone_now()["zone"]
    by, measures = [plot.by, *([plot.series] if plot.series else [])], _measures(plot)
    sort = Sort.UP if plot.is_time else Sort.HIGHEST

    def made() -> list[Group]:
        return grouped(asked.rtype, rows, by, measures, zone=zone, most=most + 1, sort=sort)

    if rows is not asked.rows:
        return made()
    parts = [asked.parts["where"], asked.parts["deleted"], *plot.parts.values()]
    key = (eyes_of(actor), asked.rtype.slug, f"chart {zone} {'|'.join(parts)}")
    return kept_if_large(key, made, is_large=lambda found: sum(one.values[1] for one in found) > CAP)


def _measures(plot: Plot) -> list[Measure]:
    """What is asked of each group: what is drawn, how many records, how many with a value, how many without a rate."""
    measures = [plot.measure, Measure(Total.COUNT)]
    if plot.measure.field and plot.measure.total is not Total.UNIQUE:
        measures.append(Measure(Total.FILLED, plot.measure.field))
        if plot.measure.field.type.name == "money":
            measures.append(Measure(Total.NO_RATE, plot.measure.field))
    return measures


def _summed(plot: Plot, found: Sequence[Group]) -> tuple[dict[tuple[Any, Any], Sums], frozenset[Any]]:
    """By keys. Spellings that a filter takes for one are put together, if what they come to can be."""
    together = plot.measure.total is not Total.UNIQUE
    named: dict[tuple[int, Any], Any] = {}
    spelled: set[Any] = set()
    parts: dict[tuple[Any, Any], list[Sums]] = defaultdict(list)
    for group in found:
        keys = []
        for place, (by, key) in enumerate(zip((plot.by, plot.series), (*group.keys, None), strict=False)):
            same = named.setdefault((place, _spelling(by, key)), key)
            spelled |= {key, same} if same != key and not together else set()
            keys.append(same if together else key)
        value, _count, *more = (*group.values, 0, 0)
        parts[keys[0], keys[1]].append(Sums(value, *more[:2]))
    return {keys: _together(plot.measure.total, one) for keys, one in parts.items()}, frozenset(spelled)


def _spelling(by: By | None, key: Any) -> Any:
    """What a filter for a text compares."""
    if by is None or key is None or by.field.type.name not in SPELLED:
        return key
    return fold(key) if by.field.fold_path else key.upper()


def _together(total: Total, parts: Sequence[Sums]) -> Sums:
    values = [one for one in parts if one.value is not None]
    filled, without = sum(one.filled for one in parts), sum(one.without_rate for one in parts)
    if len(values) < 2:
        return replace(values[0] if values else Sums(), filled=filled, without_rate=without)
    counted = [max(one.filled - one.without_rate, 0) for one in values]
    made: dict[Total, Callable[[], Any]] = {
        Total.AVG: lambda: sum(one.value * n for one, n in zip(values, counted, strict=True)) / Decimal(sum(counted)),
        Total.MIN: lambda: min(one.value for one in values),
        Total.MAX: lambda: max(one.value for one in values),
    }
    return Sums(made.get(total, lambda: sum(one.value for one in values))(), filled, without)


def _kept(by: By, plot: Plot, sums: Mapping[tuple[Any, Any], Sums], place: int, most: int) -> list[Any]:
    """The keys that are drawn, in order: the largest, what is left over, and what has no value."""
    size: dict[Any, Any] = defaultdict(int)
    for keys, one in sums.items():
        size[keys[place]] += abs(one.value or 0)
    filled = sorted(
        (key for key in size if key is not None and key is not REST), key=lambda key: (-size[key], str(key))
    )
    is_cut = len(filled) > most and not (by is plot.by and plot.is_time)
    kept = filled[:most] if is_cut else filled
    if by.field.type.name in CHOSEN:
        places = {one.value: index for index, one in enumerate((*by.field.options, *by.field.retired))}
        kept.sort(key=lambda key: (places.get(key, len(places)), str(key)))
    elif by.field.type.name in BY_VALUE:
        kept.sort()
    rest = [REST] if REST in size or (is_cut and plot.is_added) else []
    none = [None] if None in size and not (by is plot.by and plot.is_time) else []
    return [*kept, *rest, *none]


def _filled_in(by: By, found: Sequence[date]) -> list[Any]:
    """Every stretch of time from the first to the last: nothing happened in some, and they are shown."""
    if not found:
        return []
    assert by.unit
    every: list[Any] = [found[0]]
    while every[-1] < found[-1]:
        following = after(every[-1], by.unit)
        if following is None or len(every) >= MOST:
            raise Invalid(
                _("From %(first)s to %(last)s there are more than %(most)d points. Choose longer stretches.")
                % {"first": formatting.day(found[0]), "last": formatting.day(found[-1]), "most": MOST}
            )
        every.append(following)
    return every


def _placed(
    plot: Plot, sums: Mapping[tuple[Any, Any], Sums], across: Sequence[Sequence[Any]]
) -> dict[tuple[int, int], Sums]:
    """The sums by row and column; those of keys that are not drawn go to the rest."""
    places = [{key: index for index, key in enumerate(keys)} for keys in across]
    parts: dict[tuple[int, int], list[Sums]] = defaultdict(list)
    for keys, one in sums.items():
        row, column = (place.get(key, place.get(REST)) for place, key in zip(places, keys, strict=True))
        if row is not None and column is not None:
            parts[row, column].append(one)
    made = {place: _together(plot.measure.total, one) for place, one in parts.items()}
    if plot.is_added or plot.measure.total is Total.UNIQUE:
        nothing = Sums(0)
        every = ((row, column) for row in range(len(across[0])) for column in range(len(across[1])))
        return {
            place: nothing if made.get(place, nothing).value is None else made.get(place, nothing) for place in every
        }
    return made


def _beyond(asked: Listed, plot: Plot, rows: Any, sums: Mapping[Any, Sums]) -> dict[tuple[Any, Any], Sums]:
    """What the groups that were read leave over of the whole, and apart from it what has no value."""
    money = plot.measure.field is not None and plot.measure.field.type.name == "money"
    measures = [plot.measure, *([Measure(Total.NO_RATE, plot.measure.field)] if money else [])]
    value, without = (*totals(asked.rtype, rows, measures), 0)[:2]
    found: dict[tuple[Any, Any], Sums] = {}
    known = list(sums.values())
    if (None, None) not in sums:
        empty = within(asked.rtype, rows, plot.by, None, zone=zone_now()["zone"])
        counted, *more = totals(asked.rtype, empty, [Measure(Total.COUNT), *measures])
        if counted:
            found[None, None] = Sums(more[0], 0, (*more, 0)[1])
            known.append(found[None, None])
    left = (value or 0) - sum(one.value or 0 for one in known)
    found[REST, None] = Sums(left, 0, without - sum(one.without_rate for one in known))
    return found


def _names(actor: Actor, plot: Plot, across: Sequence[Sequence[Any]]) -> dict[UUID, str]:
    wanted = {
        (USERS if by.field.type.name == "user" else by.field.target, key)
        for by, keys in zip((plot.by, plot.series), across, strict=True)
        if by and by.field.type.name in POINTING
        for key in keys
        if isinstance(key, UUID)
    }
    return {key: one.title for key, one in labels(actor, wanted).items()}


def _notes(plot: Plot, sums: Mapping[tuple[Any, Any], Sums], across: Sequence[Sequence[Any]], is_cut: bool) -> Any:
    """What a reader could take wrongly without being told."""
    for by, keys, place in ((plot.by, across[0], 0), (plot.series, across[1], 1)):
        if by is None:
            continue
        if by.field.type.name in LISTS:
            yield _("A record with several values of “%(field)s” counts at each of them.") % {"field": by.field.label}
        shown = {one for one in keys if one is not None and one is not REST}
        left = {one[place] for one in sums} - shown - {None, REST}
        if left and not plot.is_added:
            words = _("Only the %(n)d largest of “%(field)s” are shown.")
            yield words % {"n": len(shown), "field": by.field.label}
    if is_cut and plot.by.field.type.name in LISTS:
        yield _("There are more values than could be counted; the rest is that of the %(n)d largest.") % {"n": MOST}
    missing = sum(one.without_rate for one in sums.values())
    if missing:
        yield Shown("", missing).note
