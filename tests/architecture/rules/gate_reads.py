"""What people and programs read comes through the gate (`visible`, `mask`): no model is asked directly in a door.

Doors are the rooms web and api, and views, forms, exports and template contexts anywhere; `RecordType.rows()` is what
the gate itself starts from. A room's own machinery tables hold nothing that the gate protects and may be read.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.framework import Violation
from tests.architecture.lists import owns_model
from tests.architecture.orm import FILTERING, MANAGERS
from tests.architecture.repository import Source

DOORS = ("views", "api", "forms", "context", "contexts", "context_processors", "panels", "slots")
BEHIND_THE_DOOR = {"models", "models.py", "queries", "queries.py", "jobs", "jobs.py", "management"}
SQL_READ = re.compile(r"\bSELECT\b.+\bFROM\b", re.S)
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404"}


def find(source: Source) -> Iterator[Violation]:
    if not source.is_product or not _is_door(source):
        return
    gated = {id(part) for call in ast.walk(source.tree) if _is_gate(call) for part in ast.walk(call)}
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(value=value, attr=attr) if attr in MANAGERS:
                name = _named(value)
            case ast.Attribute(value=ast.Attribute(value=value, attr=manager), attr=attr) if (
                attr in FILTERING and manager not in MANAGERS and _named(value)
            ):
                name = _named(value)
            case ast.Call(func=ast.Attribute(attr="rows"), args=[], keywords=[]) if id(node) not in gated:
                name = "rows"
            case ast.Call(func=ast.Name(id=shortcut), args=[first, *_]) if shortcut in SHORTCUTS and _named(first):
                name = _named(first)
            case ast.Constant(value=str(text)) if SQL_READ.search(text):
                name = "SQL"
            case _:
                continue
        if not owns_model(source.room, name):
            yield Violation(source.path, node.lineno, f"{ast.unparse(node)[:80]} reads past the gate")


def _is_gate(node: ast.AST) -> bool:
    """What narrows rows to those within reach, or to none."""
    match node:
        case ast.Call(func=ast.Name(id="within_reach") | ast.Attribute(attr="none")):
            return True
    return False


def _is_door(source: Source) -> bool:
    inside = source.inside_room
    if not inside or inside[0] in BEHIND_THE_DOOR:
        return False
    if source.room in {"web", "api"}:
        return True
    stems = [PurePosixPath(part).stem for part in inside]
    doors = (stem == door or stem.startswith(f"{door}_") for stem in stems for door in DOORS)
    return any(doors) or any(stem.startswith("export") for stem in stems)


def _named(node: ast.expr) -> str:
    """The class that an expression names, "" if it names none."""
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    return name if name[:1].isupper() else ""


GOOD = (
    Source("rapport/customers/views.py", "rows = visible(request.actor, people)\n"),
    Source("rapport/engine/api/batch.py", "rows = within_reach(actor, rtype, 'change', rtype.rows().filter(pk=1))\n"),
    Source("rapport/customers/actions.py", "person = Person.objects.get(pk=key)\n"),
    Source("rapport/customers/tests/test_views.py", "assert Person.objects.count() == 1\n"),
    Source("rapport/engine/web/queries.py", "rows = Draft.objects.all()\n"),
)
BAD = (
    Source("rapport/customers/views.py", "rows = Person.objects.all()\n"),
    Source("rapport/customers/views/merge.py", "rows = Person._default_manager.filter(a=1)\n"),
    Source("rapport/engine/api/search.py", "rows = models.Person.objects.all()\n"),
    Source("rapport/engine/web/screens/board.py", "rows = rtype.model._base_manager.all()\n"),
    Source("rapport/engine/records/export_csv.py", "rows = model.objects.all()\n"),
    Source("rapport/customers/views.py", "rows = Person.living.filter(a=1)\n"),
    Source("rapport/customers/views.py", "cursor.execute('SELECT name FROM person')\n"),
    Source("rapport/customers/forms.py", "owner = ModelChoiceField(queryset=User.objects.all())\n"),
    Source("rapport/engine/web/views/listing.py", "found = rtype.rows().filter(pk=key)\n"),
    Source("rapport/customers/views.py", "person = get_object_or_404(Person, pk=key)\n"),
)
