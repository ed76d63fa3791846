"""How large files and functions are: the hard stops that fail a build, and a report of medians beside the targets.

Run `python tests/architecture/budgets.py` for the report.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

LINES = 400
FUNCTION_LINES = 50
PARAMETERS = 7
ASSET_LINES = 300
COMMENT_SHARE = 0.06
FEW_COMMENTS = 5
DIRECTIVE = re.compile(r"#\s*(?:noqa|type:|pragma|fmt:|ruff:|mypy:|!|-\*-)")


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    lines: int
    parameters: int
    positional: int


def functions(tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = node.args
            positional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
            own = positional[1:] if positional[:1] in (["self"], ["cls"]) else positional
            extra = len(arguments.kwonlyargs) + bool(arguments.vararg) + bool(arguments.kwarg)
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(node.name, node.lineno, lines, len(own) + extra, len(own))


def comment_lines(text: str, suffix: str) -> int:
    """Lines that hold a comment. What is said to tools (noqa, type: ignore) does not count."""
    if suffix == ".py":
        if "#" not in text:
            return 0
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return sum(token.type == tokenize.COMMENT and not DIRECTIVE.match(token.string) for token in tokens)
    blocks = re.findall(r"/\*.*?\*/", text, flags=re.S)
    rest = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    lines = sum(line.lstrip().startswith("//") for line in rest.splitlines()) if suffix == ".js" else 0
    return lines + sum(block.count("\n") + 1 for block in blocks)


def report() -> str:
    from tests.architecture.repository import sources

    product = [source for source in sources() if source.is_product and source.text]
    every = [one for source in product for one in functions(source.tree)]
    assets = [source for source in sources() if source.parts[0] == "rapport" and source.suffix in {".css", ".js"}]
    comments = sum(comment_lines(source.text, ".py") for source in product)
    total = sum(source.text.count("\n") for source in product)
    rows = [
        _row("Python file, lines", [source.text.count("\n") for source in product], (60, 200, LINES)),
        _row("function, lines", [one.lines for one in every], (8, 25, FUNCTION_LINES)),
        _row("parameters", [one.parameters for one in every], ("", 5, PARAMETERS)),
        _row("CSS and JS file, lines", [source.text.count("\n") for source in assets], ("", 150, ASSET_LINES)),
        f"{'comment lines':26}{comments / max(total, 1):10.1%}  (6 %)",
        f"{'more than two positional':26}{sum(one.positional > 2 for one in every):10}  of {len(every)} functions",
    ]
    return "\n".join([f"{'':26}{'median (target)':>18}{'p90 (target)':>18}{'max (stop)':>18}", *rows])


def _row(name: str, values: Sequence[int], targets: tuple[int | str, int, int]) -> str:
    p90 = quantiles(values, n=10)[-1] if len(values) > 1 else max(values, default=0)
    figures = (median(values) if values else 0, p90, max(values, default=0))
    cells = [f"{figure:.0f} ({target})" for figure, target in zip(figures, targets, strict=True)]
    return f"{name:26}" + "".join(f"{cell:>18}" for cell in cells)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    print(report())
