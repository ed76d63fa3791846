"""Small files and functions are read; large ones are searched. The hard stops of the budget (see budgets.py)."""

from collections.abc import Iterator

from tests.architecture import budgets
from tests.architecture.framework import Violation
from tests.architecture.repository import Source

MEASURED = {".py", ".css", ".js"}


def find(source: Source) -> Iterator[Violation]:
    if source.suffix not in MEASURED or source.is_migration:
        return
    lines = source.text.count("\n")
    limit = budgets.LINES if source.suffix == ".py" else budgets.ASSET_LINES
    if lines > limit:
        yield Violation(source.path, lines, f"{lines} lines, at most {limit}")
    comments = budgets.comment_lines(source.text, source.suffix)
    if comments > max(budgets.FEW_COMMENTS, lines * budgets.COMMENT_SHARE):
        yield Violation(source.path, 1, f"{comments} comment lines of {lines}, at most 6 %")
    if source.suffix == ".py":
        yield from _functions(source)


def _functions(source: Source) -> Iterator[Violation]:
    for one in budgets.functions(source.tree):
        if one.lines > budgets.FUNCTION_LINES:
            yield Violation(
                source.path, one.line, f"{one.name} has {one.lines} lines, at most {budgets.FUNCTION_LINES}"
            )
        if one.parameters > budgets.PARAMETERS:
            message = f"{one.name} takes {one.parameters} parameters, at most {budgets.PARAMETERS}"
            yield Violation(source.path, one.line, message)


GOOD = (
    Source("rapport/a.py", "x = 1\n" * 400),
    Source("rapport/a.py", "# why\nx = 1  # noqa: S101\n"),
    Source("rapport/a.py", "def f(self, a, b, *, c, d, e, f, g): ...\n"),
    Source("rapport/a/migrations/0001_initial.py", "x = 1\n" * 500),
    Source("rapport/a/static/a/a.css", "/* why */\na { margin: 0 }\n"),
)
BAD = (
    Source("rapport/a.py", "x = 1\n" * 401),
    Source("rapport/a.py", "def f():\n" + "    x = 1\n" * 50),
    Source("rapport/a.py", "def f(a, b, c, d, e, f, g, h): ...\n"),
    Source("rapport/a.py", "def f(a, b, *rest, c, d, e, f, **more): ...\n"),
    Source("rapport/a.py", "# one\n# two\n# three\n# four\n# five\nx = 1  # six\n"),
    Source("rapport/a/static/a/a.css", "a { margin: 0 }\n" * 301),
    Source("rapport/a/static/a/a.js", "go();\n" * 301),
    Source("rapport/a/static/a/a.css", "/* one\n two\n three\n four\n five\n six */\n"),
)
