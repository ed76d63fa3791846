"""Our kinds and weights as settings of Splink, and pairs scored by it."""

from typing import Any

from rapport.engine.records.duplicates.linking.kinds import Comparison
from rapport.engine.records.duplicates.linking.model import Model
from rapport.engine.records.duplicates.linking.store import Store

# Splink tells nobody anything and fetches nothing; its charts are not used.
SCORED = """
CREATE OR REPLACE TABLE {into} AS
SELECT n_l AS l, n_r AS r, match_weight AS bits, {columns} FROM {found}
"""


def linker_for(store: Store, model: Model) -> Any:
    """A linker over the records of a store."""
    from splink import DuckDBAPI, Linker, SettingsCreator

    api = DuckDBAPI(connection=store.db)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="n",
        comparisons=[_comparison(model, one) for one in store.shape.comparisons],
        blocking_rules_to_generate_predictions=[],
        probability_two_random_records_match=model.prior,
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        max_iterations=50,
    )
    return Linker(api.register("record"), settings, log_level="ERROR", validate_settings=False)


def score_pairs(store: Store, model: Model, pairs: str, *, into: str, least: float) -> None:
    """Score the pairs in a table (match_key, join_key_l, join_key_r) into another one.

    That has l, r, bits (the logarithm of the odds) and for each comparison `gamma_…` (the answer) and `mw_…` (its
    weight); of the pairs with at least so many bits.
    """
    linker = linker_for(store, model)
    api = linker._db_api
    linker.table_management.register_blocked_pairs_for_predict(api.register(pairs))
    found = linker.inference.predict(threshold_match_weight=least)
    columns = ", ".join(f'"gamma_{one.name}", {_weight(model, one)}' for one in store.shape.comparisons)
    store.db.execute(SCORED.format(into=into, found=found.physical_name, columns=columns))
    found.drop_table_from_database_and_remove_from_cache()


def _weight(model: Model, comparison: Comparison) -> str:
    """What an answer weighs, with the frequency of the value."""
    adjusted = any(level.terms in model.terms for level in comparison.levels if level.terms)
    plus = f' + "mw_tf_adj_{comparison.name}"' if adjusted else ""
    return f'"mw_{comparison.name}"{plus} AS "mw_{comparison.name}"'


def numbers(model: Model) -> dict[str, dict[str, int]]:
    """The number by which Splink names each answer: the strongest agreement has the highest, missing is -1."""
    return {
        one.name: {"missing": -1} | {level.label: len(one.levels) - 1 - at for at, level in enumerate(one.levels)}
        for one in model.shape.comparisons
    }


def _comparison(model: Model, comparison: Comparison) -> dict[str, Any]:
    missing = " OR ".join(
        "(" + " AND ".join(_is_empty(model, name, side) for name in comparison.needs) + ")" for side in "lr"
    )
    levels: list[dict[str, Any]] = [{"sql_condition": missing, "label_for_charts": "missing", "is_null_level": True}]
    for level in comparison.levels:
        m, u = model.chance(comparison, level)
        one: dict[str, Any] = {
            "sql_condition": level.agreement.sql() if level.agreement else "ELSE",
            "label_for_charts": level.label,
            "m_probability": m,
            "u_probability": u,
        }
        if level.terms and level.terms in model.terms:
            one |= {
                "tf_adjustment_column": level.terms,
                "tf_adjustment_weight": 1.0,
                "tf_minimum_u_value": model.terms[level.terms].least,
            }
        levels.append(one)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _is_empty(_model: Model, name: str, side: str) -> str:
    return f'"{name}_{side}" IS NULL'
