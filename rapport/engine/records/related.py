"""Which records point at those of a type: the memberships of a person, the subsidiaries of a company, its notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Expression, F, Lookup, QuerySet, TextField, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, In

from rapport.engine.records.fields import Field
from rapport.engine.records.registry import RecordType, record_types

POINTER = "points_at"
BELOW = """
(WITH RECURSIVE below(id) AS (
    %(roots)s UNION SELECT t.id FROM (%(rows)s) AS t(id, above) JOIN below ON t.above = below.id
) SELECT id FROM below)
"""


@dataclass(frozen=True)
class Links:
    """Rows that each tie one record to one that it points at; `prefix` leads from them to the former."""

    rows: "QuerySet[Any]"
    parent: str
    prefix: str = ""
    is_text: bool = False

    def to(self, key: Any) -> "QuerySet[Any]":
        """Those to the record with this key, an expression."""
        return self.rows.filter(Exact(F(self.parent), Cast(key, TextField()) if self.is_text else key))


@dataclass(frozen=True)
class Related:
    """Records of a type that point at those of another: by a field, or without one as children of any record."""

    name: str
    target: RecordType
    record_type: RecordType
    field: Field | None
    is_only: bool = True

    @property
    def label(self) -> str:
        """What they are called; by which field they point here, where several do."""
        called = str(self.record_type.label_plural)
        return called if self.is_only or self.field is None else f"{called} ({str(self.field.label).lower()})"

    def links(self, rows: "QuerySet[Any]") -> Links:
        """The ties of these rows of the pointing type."""
        if self.field is None:
            return Links(rows.filter(about_type=self.target.slug), self.record_type.parent_column)
        if self.field.through:
            kept = self.field.through.keeping(self.record_type.model, self.field.slug)
            told: Lookup[Any] = In(F(kept.record), rows.values("pk").query)
            return Links(kept.ties().filter(told), kept.value, kept.record.removesuffix("_id") + "__")
        if self.field.custom:
            pointing = rows.annotate(**{POINTER: KeyTextTransform(self.field.slug, "custom")})
            return Links(pointing, POINTER, is_text=True)
        return Links(rows, self.field.column)


def related_to(target: RecordType) -> Mapping[str, Related]:
    """By name: the slug of the pointing type, with `_by_` and its field for all but the first that points here."""
    found: dict[str, Related] = {}
    for one in record_types():
        relations = [field for field in one.all_fields() if field.type.name == "relation"]
        ways: list[Field | None] = [field for field in relations if field.target == target.slug]
        if one.sees_as == "*" and not target.sees_as:
            ways.insert(0, None)
        for field in ways:
            name = one.slug if field is ways[0] else f"{one.slug}_by_{field.slug if field else ''}"
            found[name] = Related(name, target, one, field, is_only=len(ways) == 1)
    return found


def above(rtype: RecordType) -> Field | None:
    """The relation by which records of a type lie under others of it, such as the parent of a company."""
    own = (one for one in rtype.fields if one.type.name == "relation" and one.target == rtype.slug and not one.through)
    return next(own, None)


class Below(Expression):
    """The ids of these roots and of all that lie under them, as far as `rows` of their type lead there."""

    output_field = UUIDField()

    def __init__(self, roots: "QuerySet[Any]", rows: "QuerySet[Any]", field: Field) -> None:
        super().__init__()
        self._roots, self._rows = roots.values("pk"), rows.values_list("pk", field.column)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        roots, of_roots = self._roots.query.get_compiler(connection=connection).as_sql()
        rows, of_rows = self._rows.query.get_compiler(connection=connection).as_sql()
        return BELOW % {"roots": roots, "rows": rows}, [*of_roots, *of_rows]
