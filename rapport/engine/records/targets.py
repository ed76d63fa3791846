"""What relations, user and file fields may point at: asked one by one, or once for many values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.files.queries import find_file
from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields import Field
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.queries.labels import ELSEWHERE, FILES, USERS
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.survivors import survivors_of


class Targets:
    """Which records and files an actor may point at, and which users there are. Remembers what it was asked."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._known: dict[tuple[str, UUID], bool] = {}
        self._moved: dict[tuple[str, UUID], UUID] = {}
        self._by_email: dict[str, UUID] = {}
        self._by_title: dict[tuple[str, str], list[UUID]] = {}

    def has(self, field: Field, key: UUID) -> bool:
        """Whether a value of a relation, user or file field is there to be pointed at."""
        kind = kind_of(field)
        if (kind, key) not in self._known:
            self._look_up(kind, {key})
        return self._known[kind, key]

    def current(self, field: Field, key: UUID) -> UUID:
        """The id itself, or that of the record into which the one it names was merged."""
        return key if self.has(field, key) else self._moved.get((kind_of(field), key), key)

    def named(self, field: Field, given: Any) -> Any:
        """The id of a user named by a foreseen e-mail address, or of a record named by its title; else what was given.

        Raises Invalid for a title that no record, or more than one, has.
        """
        if field.type.name == "user" and isinstance(given, str):
            return self._by_email.get(given.strip().lower(), given)
        if field.type.name == "relation" and _is_title(given):
            return self._titled(record_type(field.target), given)
        return given

    def _titled(self, rtype: RecordType, title: str) -> UUID:
        self._look_up_titles(rtype, [title])
        found = self._by_title[rtype.slug, fold(title)]
        words = {"what": rtype.label if not found else rtype.label_plural, "name": title.strip()[:80]}
        if not found:
            raise Invalid(_("There is no %(what)s called “%(name)s”.") % words)
        if len(found) > 1:
            raise Invalid(_("There are several %(what)s called “%(name)s”; give the id of the right one.") % words)
        return found[0]

    def _look_up_titles(self, rtype: RecordType, titles: Iterable[str]) -> None:
        wanted = {fold(title): title.strip() for title in titles if (rtype.slug, fold(title)) not in self._by_title}
        self._by_title |= {(rtype.slug, folded): [] for folded in wanted}
        # A title that the actor may not see must not be found out by naming it.
        if not wanted or not mask(self._actor, rtype).shows(rtype.title):
            return
        field = rtype.title_field
        path, asked = (field.fold_path, list(wanted)) if field.fold_path else (field.path, list(wanted.values()))
        for title, key in visible(self._actor, rtype).filter(**{f"{path}__in": asked}).values_list(path, "pk"):
            self._by_title.setdefault((rtype.slug, fold(title)), []).append(key)

    def foresee(self, rtype: RecordType, raws: Sequence[Mapping[str, Any]]) -> None:
        """Look up all ids that values as sent name, one query for each type they are of."""
        wanted: dict[str, set[UUID]] = {}
        for field in rtype.all_fields():
            if field.type.name in {"relation", "user"}:
                wanted.setdefault(kind_of(field), set()).update(_ids(raw.get(field.slug) for raw in raws))
            if field.type.name == "relation":
                titles = (str(raw[field.slug]) for raw in raws if _is_title(raw.get(field.slug)))
                self._look_up_titles(record_type(field.target), titles)
            if field.type.name == "user":
                self._look_up_users(raw.get(field.slug) for raw in raws)
        for kind, keys in wanted.items():
            self._look_up(kind, keys)

    def _look_up_users(self, raws: Iterable[Any]) -> None:
        wanted = {raw.strip().lower() for raw in raws if isinstance(raw, str) and "@" in raw and "\0" not in raw}
        if wanted:
            found = get_user_model()._default_manager.filter(email__in=wanted).values_list("email", "pk")
            self._by_email |= dict(found)

    def _look_up(self, kind: str, keys: set[UUID]) -> None:
        if not keys:
            return
        if kind == FILES:
            self._known |= {(kind, key): find_file(self._actor, key) is not None for key in keys}
            return
        rows = get_user_model()._default_manager.all() if kind == USERS else visible(self._actor, record_type(kind))
        found = set(rows.filter(pk__in=keys).values_list("pk", flat=True))
        self._known |= {(kind, key): key in found for key in keys}
        if kind != USERS and (lost := keys - found):
            moved = survivors_of(record_type(kind), lost)
            seen = set(rows.filter(pk__in=set(moved.values())).values_list("pk", flat=True)) if moved else set()
            self._moved |= {(kind, key): on for key, on in moved.items() if on in seen}
            self._known |= {(kind, on): True for on in seen}


def kind_of(field: Field) -> str:
    """The slug of the record type that a field points at, or `users`, or `files`."""
    return ELSEWHERE.get(field.type.name, field.target)


def _is_title(given: Any) -> bool:
    return isinstance(given, str) and bool(given.strip()) and "\0" not in given and not list(_ids([given]))


def _ids(raws: Iterable[Any]) -> Iterable[UUID]:
    for raw in raws:
        given = raw.get("id") if isinstance(raw, dict) else raw
        if isinstance(given, str) and len(given) in {32, 36}:
            try:
                yield UUID(given)
            except ValueError:
                continue
