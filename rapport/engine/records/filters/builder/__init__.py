"""The builder as plain form fields: rows of field, operator and values, matched by all, any or none, one group deep.

Names in the form: `match`; for row 0 `0.field`, `0.op`, `0.value` (any number) and `0.group` (empty, or the number of
its group); for group 1 `g1.match`. A prefix keeps them apart from others on the page.

A row about other records has `@` and their path as its field, `0.made` says what is made of them, `0.of` of which of
their fields, and `0.where.match`, `0.where.0.field` and so on which of them count. A row about what the journal tells
has `!did`, `!changed` or `!held` as its field; `0.of` is the event or the field, `0.within` when or for how long,
`0.times` how often. A row about what the record is among has `!in-view` as its field, or `!in-view.company` for the one
that a relation leads to, and its id or name as the value; its operator is `=` or `!=`.
"""

from rapport.engine.records.filters.builder.form import JOURNAL, MEMBER, OTHERS, Form, Match, Row
from rapport.engine.records.filters.builder.received import read_form
from rapport.engine.records.filters.builder.shown import to_form

__all__ = ["JOURNAL", "MEMBER", "OTHERS", "Form", "Match", "Row", "read_form", "to_form"]
