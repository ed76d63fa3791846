"""Reading the items of a batch: what is wrong with one is told in its place and stops no other."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.engine.api.batch.asking import Asked
from rapport.engine.api.batch.items import Item, Result
from rapport.engine.api.problems import field_errors
from rapport.engine.api.sent import unknown_fields
from rapport.engine.events.actor import Actor
from rapport.engine.records import values as given
from rapport.engine.records.errors import Invalid, ValidationFailed
from rapport.engine.records.fields import Field
from rapport.engine.records.fields.entries import Entries
from rapport.engine.records.reading import reading_for
from rapport.engine.records.registry import RecordType
from rapport.engine.records.targets import Targets

VERSION = frozenset({"version"})


class Reader:
    """Turns what was sent into items; what cannot be read gets its result at once."""

    def __init__(self, actor: Actor, rtype: RecordType, asked: Asked) -> None:
        self._actor = actor
        self._rtype = rtype
        self._asked = asked
        self._reading = reading_for(actor)
        self._targets = Targets(actor)

    def read(self, results: dict[int, Result]) -> list[Item]:
        """The items that can be read; the results of the others are put into `results` by index."""
        raws = [raw if isinstance(raw, dict) else {} for raw in self._asked.items]
        self._targets.foresee(self._rtype, raws)
        items = []
        for index, raw in enumerate(self._asked.items):
            prefix = f"/items/{index}"
            try:
                items.append(self._item(index, raw, prefix))
            except Refused as refused:
                results[index] = Result("error", errors=refused.errors)
            except ValidationFailed as error:
                results[index] = Result("error", errors=field_errors(error, prefix))
        return items

    def _item(self, index: int, raw: Any, prefix: str) -> Item:
        if not isinstance(raw, dict):
            raise Refused(prefix, _("A JSON object is expected here."))
        extra = (self._asked.matcher.extra | VERSION) if self._asked.matcher else frozenset()
        if errors := unknown_fields(self._actor, self._rtype, raw, also=extra, prefix=prefix):
            raise Refused(errors=errors)
        version = raw.get("version") if "version" in extra else None
        if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
            raise Refused(f"{prefix}/version", _("A version is a whole number."))
        fields = {slug: value for slug, value in raw.items() if slug not in extra}
        values = given.parse(self._rtype, fields, self._reading, is_new=True, targets=self._targets)
        keys = self._keys(raw, prefix)
        return Item(index, values, keys, version, frozenset({*keys, *self._claims(values)}))

    def _keys(self, raw: Mapping[str, Any], prefix: str) -> tuple[Hashable, ...]:
        if self._asked.matcher is None:
            return ()
        try:
            return self._asked.matcher.keys(raw, self._reading)
        except Invalid as error:
            raise Refused(prefix, str(error)) from error

    def _claims(self, values: given.Values) -> Iterator[Hashable]:
        for field in self._rtype.all_fields():
            if field.unique or (field.slug in self._rtype.clash_fields and not self._asked.accept_clashes):
                yield from ((field.slug, one) for one in parts_of(field, values.get(field.slug)))


class Refused(Exception):
    """An item that cannot be read."""

    def __init__(self, pointer: str = "", detail: str = "", *, errors: list[dict[str, Any]] | None = None) -> None:
        super().__init__(detail)
        self.errors = errors or [{"pointer": pointer, "detail": detail}]


def parts_of(field: Field, value: Any) -> list[Hashable]:
    """What can be compared in a value: each entry of a list, or the value itself; nothing in an empty one."""
    if isinstance(field.type, Entries):
        return [field.type.value_of(entry) for entry in value or []]
    return [] if field.type.is_empty(value) or not isinstance(value, Hashable) else [value]
