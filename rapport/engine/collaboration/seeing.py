"""Who does not see what is spoken of, although they are mentioned."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.engine.collaboration.mentions import holders_in
from rapport.engine.events.ids import read_id
from rapport.engine.records.errors import ValidationFailed
from rapport.engine.records.gate.rights import rights_of
from rapport.engine.records.registry import RecordType, find_record_type
from rapport.engine.records.sharing import HOLDERS, actors_of, holder_names


def who_does_not_see(rtype: RecordType, record: Any, holders: Sequence[UUID]) -> list[UUID]:
    """Those of some users and teams of whom somebody cannot see a record."""
    people = {holder: _people_of(holder) for holder in holders}
    actors = actors_of(set[UUID]().union(*people.values())) if people else {}
    rights = rights_of(list(actors.values()), rtype, record, ["read"])
    blind = {key for key, right in zip(actors, rights, strict=True) if not right["read"]}
    return [holder for holder in holders if people[holder] & blind]


def about_of(row: Any, values: Mapping[str, Any]) -> tuple[str, UUID | None]:
    """What something is about, by type and id: as its row says, or for a new one the values that were given."""
    if row is not None:
        return row.about_type, row.about_id
    return str(values.get("about_type") or ""), read_id(values.get("about_id"))


def refuse_unseen(text: str, about_type: str, about_id: UUID | None) -> None:
    """Refuse a kept text about a record that mentions somebody who could not read it. Raises ValidationFailed."""
    rtype, holders = find_record_type(about_type), holders_in(text)
    record = rtype.rows().filter(pk=about_id).first() if rtype and about_id and holders else None
    if rtype is None or record is None or not (unseen := who_does_not_see(rtype, record, holders)):
        return
    names = holder_names()
    words = _("%(names)s cannot see this. Share it with them first, or leave out the @ before their names.")
    raise ValidationFailed({"text": words % {"names": ", ".join(names.get(one, "") for one in unseen)}})


def _people_of(holder: UUID) -> set[UUID]:
    for kind in HOLDERS.values():
        if holder in kind.names():
            return set(kind.people(holder))
    return set()
