"""Rows change only through an Act, so that the journal, undo and reactions know of every change.

Machinery tables (machinery.txt) may be written by their owner room, where the code shows which table it is:
`Run.objects.filter(...).update(...)`, a parameter `run: Run`, or `run = Run.objects.get(...)`.
"""

import ast
import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.lists import owns_model, owns_table
from tests.architecture.orm import Guess, Names, calls, guess
from tests.architecture.repository import Source

ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "_raw_delete", "save_base"}
SAVE_OPTIONS = {"update_fields", "force_insert", "force_update", "using", "commit", "keep_parents"}
NOT_A_ROW = {"act", "session", "cache"}
TABLE = r"\"?(?P<table>[{%][\w.]*[}s]?|\w+[._]\w+|\w+(?=\"|\s*\(|\s+(?:as|where|using|values|select|set|cascade)\b))"
SQL_WRITES = [
    re.compile(rf"\b(?:insert\s+into|delete\s+from|merge\s+into|truncate(?:\s+table)?)\s+{TABLE}", re.I),
    re.compile(rf"\bupdate\s+(?:only\s+)?{TABLE}[^;]*?\bset\s+(?:[\w\".]+\s*=|[{{%(])", re.I | re.S),
    re.compile(rf"\bcopy\s+{TABLE}[^;]*?\bfrom\s+stdin", re.I | re.S),
]


def find(source: Source) -> Iterator[Violation]:
    if not source.is_product or source.room == "events":
        return
    for call, names in calls(source.tree):
        written = _written(call, names)
        if written and not owns_model(source.room, written.model):
            row = written.model or "a row of an unknown table"
            yield Violation(source.path, call.lineno, f"{ast.unparse(call.func)}(…) writes {row} outside an Act")
    for line, text in _strings(source.tree):
        for table in _tables_written(text):
            if not owns_table(source.room, table):
                yield Violation(source.path, line, f"SQL writes {table} outside an Act")


def _written(call: ast.Call, names: Names) -> Guess | None:
    """The row or queryset that a call writes to, if it writes at all."""
    if not isinstance(call.func, ast.Attribute) or _is_super(call.func.value):
        return None
    receiver, method = call.func.value, call.func.attr
    method = method[1:] if method in {"asave", "adelete", "acreate", "aupdate"} else method
    if method.removeprefix("a") in ALWAYS:
        method = method.removeprefix("a")
    last = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
    if last.lstrip("_") in NOT_A_ROW:
        return None
    found = guess(receiver, names)
    queryset = found is not None and found.kind == "queryset"
    plain = not call.args and all(keyword.arg in SAVE_OPTIONS for keyword in call.keywords)
    writes = (
        method in ALWAYS
        or (method in {"update", "create"} and queryset)
        or (method == "create" and isinstance(receiver, ast.Attribute) and bool(call.keywords) and not call.args)
        or (method in {"save", "delete"} and plain)
    )
    return (found or Guess("row")) if writes else None


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string that is not a docstring; the holes of an f-string read as {}."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(getattr(part, "value", "") if _is_text(part) else "{}" for part in node.values)
        elif _is_text(node) and id(node) not in docstrings | inside:
            yield node.lineno, node.value


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _tables_written(text: str) -> Iterator[str]:
    for pattern in SQL_WRITES:
        for match in pattern.finditer(text):
            yield match["table"]


def _example(code: str, path: str = "rapport/customers/actions.py") -> Source:
    return Source(path, code)


GOOD = (
    _example("def win(act, deal):\n    act.change(deal, stage=1)\n    act.delete(deal)\n    act.create(Note(deal))\n"),
    _example("seen = set()\nseen.update(ids)\ncontext = {}\ncontext.update(title='x')\nhashlib.sha256().update(b'')\n"),
    _example("def f(self):\n    self.act.create(Note(text='x'))\n"),
    _example("def keep(book: Workbook, path: Path) -> None:\n    book.save(path)\n    cache.delete(key)\n"),
    _example("class Person(Model):\n    def save(self, **kw):\n        super().save(**kw)\n"),
    _example("Person.objects.create(name='x')\n", "rapport/customers/tests/test_person.py"),
    _example("SQL = 'SELECT 1 FROM customers_person FOR UPDATE'\nlabel = 'Update the set of people'\n"),
    _example("Failure.objects.filter(pk=1).delete()\n", "rapport/engine/jobs/running.py"),
    _example("def note(row: 'Failure | None') -> None:\n    row.save()\n", "rapport/engine/jobs/running.py"),
    _example("held = Failure.objects.filter(a=1)\nheld.filter(b=2).update(c=3)\n", "rapport/engine/jobs/running.py"),
    _example("cursor.execute('DELETE FROM job_failure')\n", "rapport/engine/jobs/running.py"),
    _example("SQL = 'INSERT INTO {} VALUES (1) ON CONFLICT DO UPDATE SET a = 1'\n", "rapport/engine/events/act.py"),
)
BAD = (
    _example("Person.objects.create(name='x')\n"),
    _example("Failure.objects.filter(pk=1).delete()\n", "rapport/engine/web/views/jobs.py"),
    _example("cursor.execute('DELETE FROM job_failure')\n", "rapport/engine/web/views/jobs.py"),
    _example("def f(row):\n    row.save()\n", "rapport/engine/jobs/running.py"),
    _example("Person.objects.filter(pk=1).update(name='x')\n"),
    _example("Person.objects.bulk_create(rows)\n"),
    _example("person, made = Person.objects.get_or_create(email='x')\n"),
    _example("def f(person):\n    person.name = 'x'\n    person.save(update_fields=['name'])\n"),
    _example("def f(person):\n    person.delete()\n"),
    _example("def f(person):\n    person.notes.create(text='x')\n"),
    _example("async def f(person):\n    await person.asave()\n"),
    _example("def f(rows: QuerySet[Person]) -> None:\n    rows.update(name='x')\n"),
    _example("def f(actor):\n    rows = visible(actor, people)\n    rows.filter(a=1).update(name='x')\n"),
    _example("def live() -> 'models.QuerySet[Person]': ...\ndef f():\n    live().update(name='x')\n"),
    _example("class People(models.QuerySet):\n    def close(self):\n        self.update(open=False)\n"),
    _example("for row in Person.objects.all():\n    row.save()\n"),
    _example("cursor.execute('UPDATE customers_person SET name = %s', [name])\n"),
    _example("cursor.execute(f'INSERT INTO {table} (a) VALUES (1)')\n"),
    _example("cursor.execute('delete from \"customers_person\" where true')\n"),
    _example("cursor.execute('INSERT INTO journal (id) VALUES (1)')\n"),
    _example("cursor.execute('UPDATE journal SET id = 1')\n"),
    _example("cursor.copy('COPY customers_person (id) FROM STDIN')\n"),
)
