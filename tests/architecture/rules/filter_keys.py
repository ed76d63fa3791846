"""A key chosen by a user never reaches the database: only the filter compiler turns names into lookups.

Fixed are keys that stand in the code (`**{"email__in": …}`, or a name bound to such a mapping) and the column or path
of a declared field (`**{field.column: …}`, `**{f"{field.path}__in": …}`); a mapping from elsewhere is not.
"""

import ast
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.orm import guess
from tests.architecture.repository import Source

METHODS = {"filter", "exclude", "annotate", "alias", "aggregate"}
ON_QUERYSETS = {"get", "create", "update", "get_or_create", "update_or_create", "values", "values_list"}
COMPILER = "rapport/engine/records/filters"


def find(source: Source) -> Iterator[Violation]:
    if not source.is_product or source.path.startswith(COMPILER):
        return
    fixed = _fixed_names(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _is_lookup(node):
            for keyword in node.keywords:
                if keyword.arg is None and not _has_fixed_keys(keyword.value, fixed):
                    message = f"lookup with keys from elsewhere: **{ast.unparse(keyword.value)}"
                    yield Violation(source.path, node.lineno, message)


def _is_lookup(node: ast.Call) -> bool:
    match node.func:
        case ast.Attribute(attr=method) if method in METHODS:
            return True
        case ast.Attribute(value=receiver, attr=method) if method in ON_QUERYSETS:
            found = guess(receiver, {})
            return found is not None and found.kind == "queryset"
        case ast.Attribute(attr="Q") | ast.Name(id="Q"):
            return True
    return False


def _fixed_names(tree: ast.Module) -> set[str]:
    """Names that this file binds to fixed keys, or to mappings with fixed keys, and to nothing else."""
    fixed: set[str] = set()
    loose = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            loose |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.Assign):
            for target, value in _bindings(node):
                grows = isinstance(target, ast.Subscript)
                is_fixed = not grows and (_is_fixed(value, set()) or _has_fixed_keys(value, set()))
                (fixed if is_fixed else loose).update(
                    name.id for name in ast.walk(target) if isinstance(name, ast.Name)
                )
    return fixed - loose


def _bindings(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Targets with their values; `a, b = (c, d) if e else (f, g)` binds each name to one of two."""
    for target in node.targets:
        match target, node.value:
            case ast.Tuple(elts=names), ast.Tuple(elts=values):
                yield from zip(names, values, strict=False)
            case ast.Tuple(elts=names), ast.IfExp(test=test, body=ast.Tuple(elts=yes), orelse=ast.Tuple(elts=no)):
                choices = [ast.IfExp(test, one, other) for one, other in zip(yes, no, strict=False)]
                yield from zip(names, choices, strict=False)
            case _:
                yield target, node.value


def _has_fixed_keys(node: ast.expr, fixed: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in fixed
    return isinstance(node, ast.Dict) and all(_is_fixed(key, fixed) for key in node.keys)


def _is_fixed(key: ast.expr | None, fixed: set[str]) -> bool:
    match key:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name in fixed
        case ast.Attribute(value=owner, attr=attr):
            return attr.endswith(("column", "path", "attname")) and "request" not in ast.unparse(owner)
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            return all(_is_fixed(part, fixed) for part in parts)
        case ast.IfExp(body=one, orelse=other):
            return _is_fixed(one, fixed) and _is_fixed(other, fixed)
        case ast.FormattedValue(value=value):
            return _is_fixed(value, fixed)
    return False


GOOD = (
    Source("rapport/customers/queries.py", "rows.filter(name='x', **{'email__in': emails})\n"),
    Source("rapport/engine/records/gate.py", "rows.filter(**{field.column: 1, f'{rtype.parent_column}__in': keys})\n"),
    Source(
        "rapport/engine/web/lookup.py", "path = a.fold_path or a.path\nrows.filter(**{f'{path}__contains': text})\n"
    ),
    Source("rapport/engine/web/lookup.py", "a, b = (f.path, 1) if x else (f.fold_path, 2)\nrows.filter(**{a: b})\n"),
    Source("rapport/engine/jobs/loops.py", "seen = {'at': now}\nLoop.objects.create(**seen)\n"),
    Source("rapport/customers/queries.py", "client.get(url, **headers)\nvalues.update(**extra)\n"),
    Source("rapport/engine/records/filters/compile.py", "rows.filter(**lookups)\n"),
)
BAD = (
    Source("rapport/customers/queries.py", "rows.filter(**request.GET.dict())\n"),
    Source("rapport/customers/queries.py", "rows.filter(**{f'{name}__in': values})\n"),
    Source("rapport/customers/queries.py", "Person.objects.get(**keys)\n"),
    Source("rapport/customers/queries.py", "keys = {'a': 1}\nkeys[name] = 2\nrows.filter(**keys)\n"),
    Source("rapport/customers/queries.py", "rows.exclude(Q(**keys))\n"),
    Source("rapport/engine/web/views.py", "a, b = (f.path, 1) if x else (y, 2)\nrows.filter(**{a: b})\n"),
    Source("rapport/engine/web/views.py", "def f(path): return rows.filter(**{f'{path}__in': values})\n"),
    Source("rapport/engine/web/views.py", "rows.filter(**{request.path: 1})\n"),
    Source("rapport/engine/web/views.py", "rows.annotate(**columns)\n"),
)
