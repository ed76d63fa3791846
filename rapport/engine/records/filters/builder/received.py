"""From what a browser sends to rows."""

import re

from django.http import QueryDict

from rapport.engine.records.filters.builder.form import MATCHES, Form, Match, Row
from rapport.engine.records.filters.tree import MAX_DEPTH

ROW = re.compile(r"(\d{1,4})\.field")
GROUP = re.compile(r"g(\d{1,4})\.match")


def read_form(data: QueryDict, prefix: str = "", depth: int = 0) -> Form:
    """The rows as they were sent, right or wrong, so that nothing typed is lost."""
    names = [name.removeprefix(prefix) for name in data if name.startswith(prefix)]
    numbers = sorted(int(found[1]) for name in names if (found := ROW.fullmatch(name)))
    groups = [found[1] for name in names if (found := GROUP.fullmatch(name))]
    return Form(
        match=_match(data.get(f"{prefix}match")),
        rows=[_row(data, f"{prefix}{number}.", depth) for number in numbers],
        groups={number: _match(data.get(f"{prefix}g{number}.match")) for number in groups},
    )


def _row(data: QueryDict, prefix: str, depth: int) -> Row:
    has_where = f"{prefix}where.match" in data and depth <= MAX_DEPTH
    values = [line.strip() for sent in data.getlist(f"{prefix}value") for line in sent.splitlines()]
    return Row(
        path=data.get(f"{prefix}field", "").strip(),
        op=data.get(f"{prefix}op", ""),
        values=[value for value in values if value],
        group=data.get(f"{prefix}group", ""),
        made=data.get(f"{prefix}made", ""),
        of=data.get(f"{prefix}of", "").strip(),
        within=data.get(f"{prefix}within", "").strip(),
        times=data.get(f"{prefix}times", "").strip(),
        where=read_form(data, f"{prefix}where.", depth + 1) if has_where else None,
    )


def _match(sent: str | None) -> Match:
    return MATCHES.get(sent or "", "all")
