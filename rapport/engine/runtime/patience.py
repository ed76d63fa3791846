"""How long a visitor's question may keep the database busy: one that asks too much is given up."""

import os
from collections.abc import Mapping

VARIABLE = "RAPPORT_STATEMENT_LIMIT"
LIMIT = "30s"
CANCELLED = "57014"  # the SQLSTATE of a statement that was given up


def limit_statements() -> None:
    """Let no statement of this process run longer than the limit; to be called before settings are read."""
    os.environ.setdefault(VARIABLE, LIMIT)


def limits(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The setting of each session, for processes that have a limit; jobs and commands have none."""
    return {"statement_timeout": environ[VARIABLE]} if VARIABLE in environ else {}


def was_given_up(error: Exception) -> bool:
    """Whether the database gave a statement up, rather than failed."""
    return getattr(error.__cause__, "sqlstate", None) == CANCELLED
