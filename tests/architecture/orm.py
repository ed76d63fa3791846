"""Guesses which expressions are rows, querysets and managers, from names, annotations and assignments.

mypy strict makes every parameter say its type, so following names inside one function is enough.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

MANAGERS = {"objects", "_default_manager", "_base_manager"}
QUERYSET_TYPES = {"QuerySet", "Manager", "BaseManager", "RelatedManager", "ValuesQuerySet"}
MANY_TYPES = {
    "list",
    "List",
    "Sequence",
    "Iterable",
    "Iterator",
    "Collection",
    "set",
    "tuple",
    "frozenset",
    "Generator",
}
FILTERING = {"filter", "exclude", "order_by", "select_for_update", "select_related", "prefetch_related", "annotate"}
FILTERING |= {"only", "defer", "distinct", "using", "alias", "all", "none", "iterator", "union", "get_queryset"}
PICKING = {"get", "first", "last", "latest", "earliest", "get_or_create", "update_or_create", "create"}
QUERYSET_MAKERS = {"visible"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Guess:
    """A row, several rows in memory, or a queryset, of the model named ("" when it cannot be told)."""

    kind: str
    model: str = ""

    @property
    def item(self) -> "Guess":
        return Guess("row", self.model)


Names = dict[str, Guess]


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, Names]]:
    """Every call in a file with what is known about the names around it."""
    yield from _calls_in(tree, {}, _makers(tree), owner="")


def guess(node: ast.expr | None, names: Names) -> Guess | None:
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=value, attr=attr) if attr in MANAGERS:
            return Guess("queryset", _class_name(value, names))
        case ast.Subscript(value=value, slice=index):
            found = guess(value, names)
            return found.item if found and not isinstance(index, ast.Slice) else found
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            return guess(value, names)
        case ast.IfExp(body=first, orelse=second):
            return guess(first, names) or guess(second, names)
        case ast.BoolOp(values=values):
            return next((found for value in values if (found := guess(value, names))), None)
        case ast.Call():
            return _guess_call(node, names)
    return None


def annotated(node: ast.expr | None) -> Guess | None:
    """What a type annotation says."""
    match node:
        case ast.Constant(value=str(text)):
            try:
                return annotated(ast.parse(text, mode="eval").body)
            except SyntaxError:
                return None
        case ast.BinOp(left=left, right=right):
            return annotated(left) or annotated(right)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            if name in QUERYSET_TYPES:
                return Guess("queryset")
            return Guess("row", name) if name[:1].isupper() else None
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            found = annotated(inside.elts[0] if isinstance(inside, ast.Tuple) and inside.elts else inside)
            if name in QUERYSET_TYPES:
                return Guess("queryset", found.model if found else "")
            if name in MANY_TYPES:
                return Guess("rows", found.model) if found else None
            return found if name in {"Optional", "Annotated", "Final"} else None
    return None


def _guess_call(node: ast.Call, names: Names) -> Guess | None:
    match node.func:
        case ast.Attribute(value=receiver, attr=method):
            found = guess(receiver, names)
            queryset = found is not None and found.kind == "queryset"
            if method in FILTERING and (queryset or found is None):
                return found or Guess("queryset")
            return found.item if found and queryset and method in PICKING else None
        case ast.Name(id=name) if name in names and names[name].kind == "maker":
            return Guess("queryset", names[name].model)
        case ast.Name(id=name) if name in QUERYSET_MAKERS:
            return Guess("queryset")
        case ast.Name(id=name) if name in {"list", "sorted", "reversed", "tuple", "iter"} and node.args:
            found = guess(node.args[0], names)
            return Guess("rows", found.model) if found else None
        case ast.Name(id=name) if name[:1].isupper() and not name.isupper():
            return Guess("row", name)
    return None


def _class_name(node: ast.expr, names: Names) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name[:1].isupper():
            return name
        case ast.Name(id=name) if name in names:
            return names[name].model
    return ""


def _makers(tree: ast.Module) -> Names:
    found = {node.name: annotated(node.returns) for node in ast.walk(tree) if isinstance(node, FUNCTIONS)}
    return {name: Guess("maker", what.model) for name, what in found.items() if what and what.kind == "queryset"}


def _calls_in(scope: ast.AST, outer: Names, makers: Names, *, owner: str) -> Iterator[tuple[ast.Call, Names]]:
    names = {**makers, **outer, **_names_of(scope, {**makers, **outer}, owner)}
    for node in _own_nodes(scope):
        if isinstance(node, ast.Call):
            yield node, names
        if isinstance(node, ast.ClassDef):
            yield from _calls_in(node, names, makers, owner=_owner(node))
        elif isinstance(node, (*FUNCTIONS, ast.Lambda)):
            yield from _calls_in(node, names, makers, owner=owner)


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a scope in order, not those inside of nested scopes."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, (ast.ClassDef, *FUNCTIONS, ast.Lambda)):
            yield from _own_nodes(child)


def _owner(node: ast.ClassDef) -> str:
    bases = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases}
    return "QuerySet" if bases & QUERYSET_TYPES else node.name


def _names_of(scope: ast.AST, outer: Names, owner: str) -> Names:
    names: Names = {}
    if isinstance(scope, FUNCTIONS):
        arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
        if owner and arguments and arguments[0].arg == "self":
            names["self"] = Guess("queryset") if owner == "QuerySet" else Guess("row", owner)
        names |= {one.arg: found for one in arguments if (found := annotated(one.annotation))}
    for node in _own_nodes(scope):
        for target, found in _bindings(node, {**outer, **names}):
            if isinstance(target, ast.Name) and found:
                names[target.id] = found
    return names


def _bindings(node: ast.AST, names: Names) -> Iterator[tuple[ast.expr, Guess | None]]:
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=[first, *_])], value=value):
            yield first, guess(value, names)
        case ast.Assign(targets=targets, value=value):
            yield from ((target, guess(value, names)) for target in targets)
        case ast.AnnAssign(target=target, annotation=annotation, value=value):
            yield target, annotated(annotation) or guess(value, names)
        case ast.NamedExpr(target=target, value=value):
            yield target, guess(value, names)
        case (
            ast.For(target=target, iter=rows)
            | ast.AsyncFor(target=target, iter=rows)
            | ast.comprehension(target=target, iter=rows)
        ):
            found = guess(rows, names)
            yield target, found.item if found else None
