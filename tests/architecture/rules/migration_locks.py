"""A migration runs while people work: it expands first, contracts in a later version, and locks no table for long.

Only a table that the same migration makes may be shaped at will. On others an index is built concurrently, a constraint
is added as not valid and validated later, a new column is null or has a constant default. What takes something away
stands in allowed.txt with the version that stopped using it.
"""

import ast
import re
from collections.abc import Iterator

from tests.architecture.framework import Violation
from tests.architecture.repository import Source

ADVICE = {
    "AddIndex": "builds an index under a lock; use AddIndexConcurrently and atomic = False",
    "AddConstraint": "scans the table under a lock; use AddConstraintNotValid, and ValidateConstraint later",
    "AlterField": "may rewrite the table; add a field, fill it in slices, and let the old one go later",
    "AlterUniqueTogether": "builds an index under a lock; build it concurrently",
    "AlterModelTable": "takes away a name that the version before still uses",
    "RemoveField": "takes away what the version before still uses",
    "RenameField": "takes away a name that the version before still uses",
    "RenameModel": "takes away a name that the version before still uses",
    "DeleteModel": "takes away what the version before still uses",
}
MAKES_INDEX = {"ForeignKey", "OneToOneField"}
ONE_VALUE = {"Now", "Value", "Constant"}
TABLE_MADE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)
STATEMENTS = (
    (r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)[^;]*?\bON (?:ONLY )?(\w+)", "builds an index under a lock"),
    (r"ALTER TABLE (?:ONLY )?(\w+)(?:(?!;).)*?\bALTER COLUMN \w+ (?:SET DATA )?TYPE", "rewrites the table"),
    (r"ALTER TABLE (?:ONLY )?(\w+)(?:(?!;).)*?\bSET NOT NULL", "scans the table under a lock"),
    (r"ALTER TABLE (?:ONLY )?(\w+)(?:(?!;).)*?\bGENERATED ALWAYS AS", "rewrites the table"),
    (r"ALTER TABLE (?:ONLY )?(\w+) ADD (?:CONSTRAINT|CHECK|FOREIGN|UNIQUE)(?!(?:(?!;).)*NOT VALID)", "scans the table"),
    (r"ALTER TABLE (?:ONLY )?(\w+)(?:(?!;).)*?\b(?:DROP|RENAME) COLUMN", "takes away what is still used"),
    (r"DROP TABLE (?:IF EXISTS )?(\w+)", "takes away what is still used"),
    (r"\b(?:LOCK TABLE|VACUUM FULL|CLUSTER|REINDEX (?:TABLE|INDEX) (?!CONCURRENTLY)) ?(\w+)", "locks the table"),
    (r"\bSET (?:LOCAL )?(lock_timeout) ?(?:=|TO) ?'?0", "gives up the two seconds after which a migration gives way"),
)


def find(source: Source) -> Iterator[Violation]:
    if not source.is_migration:
        return
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    made = {_named(call, "name", 0) for call in calls if _name(call) == "CreateModel"}
    for call in calls:
        model = _named(call, "model_name", 0) or _named(call, "name", 0)
        if model not in made:
            for words in _faults(call):
                yield Violation(source.path, call.lineno, f"{_name(call)} of {model}: {words}")
    yield from _statements(source, calls)


def _faults(call: ast.Call) -> Iterator[str]:
    kind = _name(call)
    if kind in ADVICE:
        yield ADVICE[kind]
    elif kind == "AddField":
        field = next((node for node in [*call.args, *_values(call).values()] if isinstance(node, ast.Call)), None)
        if field is not None and _name(field) != "ManyToManyField":
            yield from _field_faults(field)


def _field_faults(field: ast.Call) -> Iterator[str]:
    given = _values(field)
    if _name(field) == "GeneratedField":
        yield "rewrites the table; keep the value in a plain column"
        return
    if not _is_true(given.get("null")) and not {"default", "db_default"} & given.keys():
        yield "has no value for the rows that are there; let it be null, or give a default"
    default = given.get("db_default")
    if isinstance(default, ast.Call) and _name(default) not in ONE_VALUE:
        yield "has another default for each row, which rewrites the table"
    indexed = given.get("db_index", ast.Constant(_name(field) in MAKES_INDEX))
    if _is_true(indexed) or _is_true(given.get("unique")):
        yield "builds an index under a lock; db_index=False and AddIndexConcurrently"


def _statements(source: Source, calls: list[ast.Call]) -> Iterator[Violation]:
    back = _reversals(source.tree, calls)
    texts = [node for node in ast.walk(source.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    made = {name for text in texts for name in TABLE_MADE.findall(str(text.value))}
    made |= {str(value.value) for call in calls for value in _tables(call)}
    for text in (text for text in texts if id(text) not in back):
        for pattern, words in STATEMENTS:
            for match in re.finditer(pattern, str(text.value), re.IGNORECASE | re.DOTALL):
                if match[1] not in made:
                    yield Violation(source.path, text.lineno, f"{' '.join(match[0].split())[:80]}: {words}")


def _reversals(tree: ast.Module, calls: list[ast.Call]) -> set[int]:
    """Everything in the second argument of RunSQL, which takes the first one back and may do as it likes."""
    ways_back = [one for call in calls if _name(call) == "RunSQL" for one in call.args[1:2]]
    names = {node.id for one in ways_back for node in ast.walk(one) if isinstance(node, ast.Name)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and names & {one.id for one in node.targets if isinstance(one, ast.Name)}:
            ways_back.append(node.value)
    return {id(node) for one in ways_back for node in ast.walk(one)}


def _tables(call: ast.Call) -> Iterator[ast.Constant]:
    """The names of the tables that a CreateModel makes."""
    options = _values(call).get("options") if _name(call) == "CreateModel" else None
    if isinstance(options, ast.Dict):
        for key, value in zip(options.keys, options.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "db_table" and isinstance(value, ast.Constant):
                yield value


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _values(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _named(call: ast.Call, keyword: str, place: int) -> str:
    value = _values(call).get(keyword, call.args[place] if len(call.args) > place else None)
    return str(value.value).lower() if isinstance(value, ast.Constant) else ""


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


HERE = "rapport/customers/migrations/0009_more.py"
MADE = 'migrations.CreateModel(name="Deal", fields=[], options={"db_table": "deal"})\n'
GOOD = (
    Source(HERE, MADE + 'migrations.AddIndex(model_name="deal", index=models.Index(fields=["name"], name="d"))\n'),
    Source(HERE, MADE + 'migrations.RunSQL("CREATE INDEX d ON deal (name)", migrations.RunSQL.noop)\n'),
    Source(HERE, 'AddIndexConcurrently(model_name="person", index=models.Index(fields=["name"], name="p"))\n'),
    Source(HERE, 'migrations.AddField("person", "nick", models.TextField(default=""))\n'),
    Source(HERE, 'migrations.AddField("person", "team", models.ForeignKey("x.Team", null=True, db_index=False))\n'),
    Source(HERE, 'migrations.RunSQL("CREATE INDEX CONCURRENTLY p ON person (name)", "DROP INDEX p")\n'),
    Source(HERE, 'migrations.RunSQL("ALTER TABLE person ADD CONSTRAINT a CHECK (b > 0) NOT VALID")\n'),
    Source(HERE, 'migrations.RunSQL("CREATE TABLE log (id int)", "DROP TABLE log")\n'),
    Source(HERE, 'BACK = "DROP TABLE person"\nmigrations.RunSQL("SELECT 1", BACK)\n'),
    Source("rapport/customers/queries.py", 'migrations.DeleteModel("person")\n'),
)
BAD = (
    Source(HERE, MADE + 'migrations.AddIndex(model_name="person", index=models.Index(fields=["name"], name="p"))\n'),
    Source(HERE, 'migrations.AddField("person", "nick", models.TextField())\n'),
    Source(HERE, 'migrations.AddField("person", "key", models.UUIDField(db_default=RandomUUID()))\n'),
    Source(HERE, 'migrations.AddField("person", "team", models.ForeignKey("x.Team", null=True))\n'),
    Source(HERE, 'migrations.AddField("person", "up", models.GeneratedField(expression=Upper("name")))\n'),
    Source(HERE, 'migrations.AlterField("person", "name", models.TextField())\n'),
    Source(HERE, 'migrations.RemoveField("person", "name")\n'),
    Source(HERE, 'migrations.RunSQL("CREATE UNIQUE INDEX p ON person (name)")\n'),
    Source(HERE, 'migrations.RunSQL("ALTER TABLE person ALTER COLUMN name SET NOT NULL")\n'),
    Source(HERE, 'migrations.RunSQL("ALTER TABLE person ADD CONSTRAINT a CHECK (b > 0)")\n'),
    Source(HERE, 'migrations.RunSQL("SET lock_timeout = 0; SELECT 1")\n'),
    Source(HERE, 'SQL = "ALTER TABLE person DROP COLUMN name"\nmigrations.RunSQL(SQL)\n'),
)
