"""The audit: who may see what, what was read and taken out, and whether the journal is whole; kept and mailed."""

from rapport.engine.accounts.audit import (
    access,
    journal,
    sensitive,
    signing_in,
    stepping_in,
    taken_out,
    tokens,
)
from rapport.engine.accounts.audit.making import make_report
from rapport.engine.accounts.audit.report import Column, Count, Report, Section, Table, Verdict, table
from rapport.engine.accounts.audit.sections import Asked, Looked, add_section

__all__ = [
    "Asked",
    "Column",
    "Count",
    "Looked",
    "Report",
    "Section",
    "Table",
    "Verdict",
    "add_section",
    "make_report",
    "table",
]

for place, (name, one) in enumerate(
    (
        ("access", access), ("tokens", tokens), ("accounts", signing_in), ("journal", journal),
        ("taken_out", taken_out), ("sensitive", sensitive), ("stepping_in", stepping_in),
    )
):  # fmt: skip
    add_section(name, one.look, place=place * 10)
