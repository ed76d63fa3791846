"""Whoever silences a tool says which rule and why; a bare `type: ignore` hides the next mistake as well."""

import io
import re
import tokenize
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?P<codes>\[[\w, -]+\])?(?P<reason>.*)")
NOQA = re.compile(r"#\s*noqa(?P<codes>:\s*[A-Z]+\d+)?", re.I)


def find(source: Source) -> Iterator[Violation]:
    if source.suffix != ".py" or ("ignore" not in source.text and "noqa" not in source.text):
        return
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        ignore, noqa = TYPE_IGNORE.match(token.string), NOQA.search(token.string)
        if ignore and not (ignore["codes"] and re.search(r"\w+\W+\w+", ignore["reason"])):
            yield Violation(source.path, token.start[0], "type: ignore needs a code and a reason after it")
        if noqa and not noqa["codes"]:
            yield Violation(source.path, token.start[0], "noqa needs the code of a rule")


GOOD = (
    Source("rapport/a.py", "x = f()  # type: ignore[misc]  # stubs know no generated columns\n"),
    Source("rapport/a.py", "x = f()  # noqa: S608\n"),
    Source("rapport/a.py", "x = '# type: ignore'\n"),
)
BAD = (
    Source("rapport/a.py", "x = f()  # type: ignore\n"),
    Source("rapport/a.py", "x = f()  # type: ignore[misc]\n"),
    Source("rapport/a.py", "x = f()  # type: ignore  # stubs know nothing of it\n"),
    Source("rapport/a.py", "x = f()  # noqa\n"),
)
