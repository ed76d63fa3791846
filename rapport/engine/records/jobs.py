"""The room's jobs, so that every process knows them."""

from rapport.engine.records.bulk.jobs import clear_old_runs
from rapport.engine.records.bulk.jobs import work as work_in_bulk
from rapport.engine.records.duplicates.jobs import find_all_duplicates, find_duplicates, find_where_wanted
from rapport.engine.records.imports.helping import help_check
from rapport.engine.records.imports.jobs import clear_old_imports, work
from rapport.engine.records.search.rebuilding import rebuild_type
from rapport.engine.records.search.words import sweep_words

__all__ = [
    "clear_old_imports",
    "clear_old_runs",
    "find_all_duplicates",
    "find_duplicates",
    "find_where_wanted",
    "help_check",
    "rebuild_type",
    "sweep_words",
    "work",
    "work_in_bulk",
]
