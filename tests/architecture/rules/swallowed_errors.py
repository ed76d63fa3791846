"""An error that is caught broadly is answered: raised, shown to somebody, or stored where people look.

A log line alone is read by nobody, so it is no answer.
"""

import ast
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

BROAD = {"Exception", "BaseException"}
LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def find(source: Source) -> Iterator[Violation]:
    if source.suffix != ".py":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield Violation(source.path, node.lineno, "bare except")
        elif isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and all(map(_is_silent, node.body)):
            yield Violation(source.path, node.lineno, "a broad except that answers with silence")
        elif isinstance(node, ast.Call) and _is_suppress(node):
            yield Violation(source.path, node.lineno, "suppress(Exception) hides every mistake")


def _is_broad(caught: ast.expr | None) -> bool:
    types = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(one, ast.Name) and one.id in BROAD for one in types)


def _is_suppress(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name == "suppress" and any(map(_is_broad, node.args))


def _is_silent(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Continue() | ast.Break() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return(value=None | ast.Constant() | ast.List(elts=[]) | ast.Dict(keys=[])):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=method))):
            return method in LOGGING
    return False


GOOD = (
    Source("rapport/a.py", "try:\n    f()\nexcept ValueError:\n    pass\n"),
    Source("rapport/a.py", "try:\n    f()\nexcept Exception as error:\n    park(event, error)\n"),
    Source("rapport/a.py", "try:\n    f()\nexcept Exception:\n    undo()\n    raise\n"),
    Source("rapport/a.py", "with suppress(FileNotFoundError):\n    f()\n"),
)
BAD = (
    Source("rapport/a.py", "try:\n    f()\nexcept:\n    raise\n"),
    Source("rapport/a.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
    Source("rapport/a.py", "try:\n    f()\nexcept (OSError, Exception):\n    return None\n"),
    Source("rapport/a.py", "try:\n    f()\nexcept Exception:\n    log.exception('failed')\n"),
    Source("rapport/a.py", "with contextlib.suppress(Exception):\n    f()\n"),
)
