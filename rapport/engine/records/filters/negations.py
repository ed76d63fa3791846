"""Operators that deny another one."""

from rapport.engine.records.filters.tree import Op

AFFIRMED = {Op.NE: Op.EQ, Op.LACKS: Op.CONTAINS, Op.NOT_IN: Op.IN, Op.EMPTY: Op.FILLED}
