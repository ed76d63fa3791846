"""What relations and users in a file mean: found by id, e-mail, domain, id elsewhere or name, many in one query."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from rapport.engine.events.actor import Actor
from rapport.engine.events.ids import read_id
from rapport.engine.records.fields import Field
from rapport.engine.records.folding import fold
from rapport.engine.records.gate import mask, visible
from rapport.engine.records.models import ExternalId
from rapport.engine.records.queries.sharing import sharing
from rapport.engine.records.registry import RecordType, record_type
from rapport.engine.records.survivors import survivors_of

MOST_KNOWN = 50_000
SEVERAL = object()


class Pointers:
    """Remembers what texts mean. `foresee` asks for all texts of a chunk at once."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._users: dict[str, Any] | None = None
        self._known: dict[str, dict[str, Any]] = {}

    def find(self, field: Field, text: str) -> UUID | None:
        """The id that a foreseen text means, if there is exactly one."""
        found = self._user(text) if field.type.name == "user" else self._known.get(field.target, {}).get(text)
        return found if isinstance(found, UUID) else None

    def missing(self, field: Field, text: str) -> str:
        """Why a text means nothing."""
        rtype = record_type(field.target)
        words = {"what": rtype.label_plural, "one": rtype.label, "name": text[:80]}
        if self._known.get(field.target, {}).get(text) is SEVERAL:
            return _("There are several %(what)s called “%(name)s”.") % words
        return _("There is no %(one)s called “%(name)s”.") % words

    def foresee(self, field: Field, texts: Iterable[str]) -> None:
        """Look texts up that are not known yet; a constant number of queries."""
        known = self._known.setdefault(field.target, {})
        if len(known) > MOST_KNOWN:
            known.clear()
        wanted = {text for text in texts if text and text not in known}
        if wanted:
            known |= look_up(self._actor, record_type(field.target), wanted)

    def learn(self, field: Field, found: dict[str, UUID]) -> None:
        """Remember records that were made for texts."""
        self._known.setdefault(field.target, {}).update(found)

    def forget(self) -> None:
        """Ask anew; after a slice was taken back."""
        self._known = {}

    def _user(self, text: str) -> Any:
        if self._users is None:
            self._users = {}
            for key, name, email in get_user_model()._default_manager.values_list("pk", "name", "email"):
                for word in {fold(name), email.lower(), str(key)} - {""}:
                    self._users[word] = SEVERAL if word in self._users else key
        return self._users.get(text.strip().lower()) or self._users.get(fold(text))


def look_up(actor: Actor, rtype: RecordType, texts: set[str]) -> dict[str, Any]:
    """Text → id of the record that it means, or SEVERAL; texts that mean none are missing."""
    found: dict[str, Any] = {}
    for ways in (_by_id, _by_entry, _by_title, _by_external_id):
        left = {text for text in texts if text not in found}
        if left:
            found |= ways(actor, rtype, left)
    return found


def self_relation(rtype: RecordType, field: Field) -> bool:
    """Whether a field points at records of the same type: those may stand further down in the same file."""
    return field.target == rtype.slug and field.type.name == "relation"


def _by_id(actor: Actor, rtype: RecordType, texts: set[str]) -> dict[str, Any]:
    keys = {key: text for text in texts if (key := read_id(text))}
    led = survivors_of(rtype, keys)
    seen = _seen(actor, rtype, {led.get(key, key) for key in keys})
    return {text: on for key, text in keys.items() if (on := led.get(key, key)) in seen}


def _by_entry(actor: Actor, rtype: RecordType, texts: set[str]) -> dict[str, Any]:
    """By e-mail or by domain, where the target has such."""
    found: dict[str, Any] = {}
    for slug, key in (("emails", "email"), ("domains", "domain")):
        field = rtype.field(slug)
        if field is None or not mask(actor, rtype).shows(slug):
            continue
        asked: dict[str, list[str]] = {}
        for text in texts:
            if plain := _as_entry(slug, text):
                asked.setdefault(plain, []).append(text)
        held = sharing(rtype, field, key, asked) if asked else {}
        seen = _seen(actor, rtype, {one for some in held.values() for one in some})
        for value, some in held.items():
            best = next((one for one in some if one in seen), None)
            found |= {text: best for text in asked[value] if best}
    return found


def _by_title(actor: Actor, rtype: RecordType, texts: set[str]) -> dict[str, Any]:
    # A title that the actor may not see must not be found out by naming it.
    if not mask(actor, rtype).shows(rtype.title):
        return {}
    path = rtype.title_field.fold_path or rtype.title_field.path
    folded: dict[str, list[str]] = {}
    for text in texts:
        folded.setdefault(fold(text) if rtype.title_field.fold_path else text, []).append(text)
    rows = visible(actor, rtype).filter(**{f"{path}__in": list(folded)}).values_list(path, "pk")
    found: dict[str, Any] = {}
    for title, key in rows:
        for text in folded.get(title, ()):
            found[text] = SEVERAL if text in found else key
    return found


def _by_external_id(actor: Actor, rtype: RecordType, texts: set[str]) -> dict[str, Any]:
    known = ExternalId.objects.filter(record_type=rtype.slug, value__in=texts, deleted_at=None)
    pairs = dict(known.values_list("value", "record_id"))
    seen = _seen(actor, rtype, set(pairs.values()))
    return {text: key for text, key in pairs.items() if key in seen}


def _seen(actor: Actor, rtype: RecordType, keys: set[UUID]) -> set[UUID]:
    return set(visible(actor, rtype).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _as_entry(slug: str, text: str) -> str:
    text = text.strip().lower()
    if slug == "emails":
        return text if "@" in text else ""
    host = text.split("://")[-1].split("/")[0].removeprefix("www.")
    return host if "." in host and " " not in host and "@" not in host else ""
