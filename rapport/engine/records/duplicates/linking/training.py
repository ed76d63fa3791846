"""Learning from an instance's own records what its columns tell: u by random pairs, m by expectation maximisation.

Both by Splink. What was learned is taken only where it is plausible; else the usual chances stand.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from rapport.engine.records.duplicates.linking.keys import number_of
from rapport.engine.records.duplicates.linking.model import Model, Terms
from rapport.engine.records.duplicates.linking.splinked import linker_for
from rapport.engine.records.duplicates.linking.store import Store

ENOUGH = 300
RANDOM_PAIRS, SEEN = 1_000_000, 3  # what was seen more rarely among random pairs counts as seen so often
FEWEST, MOST = 50, 3_000_000  # pairs of a session of training
KNOWN_TERMS, RARE = 5_000, 4  # values of a column; a value that fewer records hold counts as held by so many
# Records that agree in these are often one, seldom enough not: from their pairs the other columns are learned.
SESSIONS = (
    ("given", "family"), ("date",), ("email",), ("phone",), ("name",), ("street",), ("family", "place"),
    ("family", "city"),
)  # fmt: skip
SAME, OTHER, LEAST = 0.1, 0.7, 1e-6
WORTH = 0.2
SHRINK = 0.15  # how much of the usual stays in what was learned
COUNT = "SELECT coalesce(sum(c * (c - 1) / 2), 0) FROM (SELECT count(*) AS c FROM record WHERE {held} GROUP BY {names})"
TERMS = """
SELECT "{name}", count(*)::DOUBLE / sum(count(*)) OVER () FROM record WHERE "{name}" IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC LIMIT {most}
"""


def train(store: Store) -> Model:
    """A model of the records in the store."""
    model = Model(store.shape, records=store.records)
    model.terms = dict(_terms(store))
    if store.records < ENOUGH:
        return model
    linker = linker_for(store, model)
    quiet = logging.getLogger("splink")
    quiet.setLevel(logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    sessions = list(_sessions(store))
    for names in sessions:
        _session(linker, names)
    _take(model, _learned(linker))
    return model


def _terms(store: Store) -> Iterator[tuple[str, Terms]]:
    """How frequent the common values of the columns are whose frequency counts."""
    names = {level.terms for one in store.shape.comparisons for level in one.levels if level.terms}
    for name in sorted(names):
        found = store.rows(TERMS.format(name=name, most=KNOWN_TERMS))
        rarest = found[-1][1] if len(found) == KNOWN_TERMS else 0.0
        least = max(RARE / max(store.records, 1_000), rarest)
        yield name, Terms(least, {number_of(value): share for value, share in found if share > least})


def _sessions(store: Store) -> Iterator[tuple[str, ...]]:
    for names in SESSIONS:
        if set(names) <= set(store.shape.texts):
            held = " AND ".join(f'"{name}" IS NOT NULL' for name in names)
            quoted = ", ".join(f'"{name}"' for name in names)
            if FEWEST <= store.rows(COUNT.format(held=held, names=quoted))[0][0] <= MOST:
                yield names


def _session(linker: Any, names: tuple[str, ...]) -> None:
    from splink import block_on
    from splink.internals.exceptions import EMTrainingException

    before = linker._settings_obj.core_model_settings.copy()
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*names),
            estimate_without_term_frequencies=True,
        )
    except (EMTrainingException, ValueError):
        # A session that fails leaves the linker without the columns that it had set aside.
        linker._settings_obj.core_model_settings = before
        logging.getLogger(__name__).info("Nothing is to be learned from pairs that agree in %s.", names)


def _learned(linker: Any) -> Mapping[str, list[tuple[float | None, float | None]]]:
    """m and u of each comparison's levels, strongest first, None where nothing was seen."""
    found = {}
    for one in linker.misc.save_model_to_json()["comparisons"]:
        levels = [level for level in one["comparison_levels"] if not level.get("is_null_level")]
        found[one["output_column_name"]] = [
            (_number(level.get("m_probability")), _number(level.get("u_probability"))) for level in levels
        ]
    return found


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _take(model: Model, learned: Mapping[str, list[tuple[float | None, float | None]]]) -> None:
    for one in model.shape.comparisons:
        found = learned[one.name]
        us = [u if u else level.u for (_m, u), level in zip(found, one.levels, strict=True)]
        ms = [max(m, LEAST) if m is not None else level.m for (m, _u), level in zip(found, one.levels, strict=True)]
        us = [max(u, SEEN / RANDOM_PAIRS) for u in us]
        usual = [level.m for level in one.levels]
        is_learned = any(m is not None for m, _u in found) and _is_plausible(ms, us)
        ms = [SHRINK * old + (1 - SHRINK) * m for old, m in zip(usual, ms, strict=True)] if is_learned else usual
        if is_learned:
            model.learned.append(one.name)
        pairs = zip(one.levels, ms, us, strict=True)
        model.chances[one.name] = {level.label: (m, m if level.told else u) for level, m, u in pairs}


def correct(model: Model) -> bool:
    """Take out of u what duplicates among the random pairs have put in. Returns whether that was worth a new score."""
    changed = False
    for one in model.shape.comparisons if model.records >= ENOUGH else ():
        chances = model.chances[one.name]
        for label, (m, u) in chances.items():
            found = model.prior * m
            if m != u and found > WORTH * u:
                chances[label] = (m, max(u - found, u / 50, SEEN / RANDOM_PAIRS))
                changed = True
    return changed


def _is_plausible(ms: list[float], us: list[float]) -> bool:
    """Whether agreement speaks for one and disagreement against."""
    return ms[0] >= SAME and ms[-1] <= OTHER and ms[0] > us[0] and ms[-1] < us[-1]
