"""Users and teams, several of them: who belongs to a thing."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Reading
from rapport.engine.records.fields.types.field_type import FieldType, text_of
from rapport.engine.records.folding import fold


class Members(FieldType):
    """Users and teams. Stored as their ids; given as ids, names or addresses, and `me` for the one who asks."""

    name = "members"
    empty: ClassVar[Any] = []
    orders = False
    output = None
    limit = 200

    def parse(self, raw: Any, field: Field, reading: Reading) -> list[UUID]:
        given = raw if isinstance(raw, list | tuple) else text_of(raw).replace(";", ",").split(",")
        words = [one if isinstance(one, UUID) else text_of(one).strip() for one in given]
        names = _names()
        found = list(dict.fromkeys(_member(word, names, reading) for word in words if word))
        if len(found) > self.limit:
            raise Invalid(_("At most %(limit)d members fit here; make them a team.") % {"limit": self.limit})
        return found

    def to_custom(self, value: Any) -> Any:
        return [str(one) for one in value or []]

    def from_custom(self, value: Any) -> Any:
        return [UUID(one) for one in value or []]

    def to_json(self, value: Any) -> Any:
        return [str(one) for one in value or []]

    def to_text(self, value: Any, field: Field) -> str:
        names = _names() if value else {}
        return "; ".join(names.get(one, str(one)) for one in value or [])


def _names() -> Mapping[UUID, str]:
    from rapport.engine.records.sharing import holder_names

    return holder_names()


def _member(word: str | UUID, names: Mapping[UUID, str], reading: Reading) -> UUID:
    if word == "me" and reading.actor.user_id:
        return reading.actor.user_id
    key = _by_id(word) or _by_name(str(word), names)
    if key is None or key not in names:
        raise Invalid(_("There is nobody here called “%(name)s”, and no such team.") % {"name": str(word)[:80]})
    return key


def _by_id(word: str | UUID) -> UUID | None:
    if isinstance(word, UUID):
        return word
    try:
        return UUID(word)
    except ValueError:
        return None


def _by_name(word: str, names: Mapping[UUID, str]) -> UUID | None:
    if "@" in word:
        from rapport.engine.records.fields.types.pointers import user_by_email

        return user_by_email(word)
    found = [key for key, name in names.items() if fold(name) == fold(word)]
    if len(found) > 1:
        raise Invalid(_("Several are called “%(name)s”; give the address of the right one.") % {"name": word[:80]})
    return found[0] if found else None
