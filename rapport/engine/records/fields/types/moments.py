"""Days and moments."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from rapport.engine.records.errors import Invalid
from rapport.engine.records.fields.field import Field, Reading
from rapport.engine.records.fields.types.field_type import FieldType, text_of


class Date(FieldType):
    """A calendar day."""

    name = "date"

    def parse(self, raw: Any, field: Field, reading: Reading) -> date | None:
        if raw in (None, ""):
            return None
        if isinstance(raw, date) and not isinstance(raw, datetime):
            return raw
        try:
            day = parse_date(text_of(raw).strip())
        except ValueError:
            day = None
        if day is None:
            raise Invalid(_("“%(value)s” is not a date; write it as 2026-03-14.") % {"value": text_of(raw)[:80]})
        return day

    def to_custom(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def from_custom(self, value: Any) -> Any:
        return None if value is None else date.fromisoformat(value)

    def to_json(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def to_text(self, value: Any, field: Field) -> str:
        return "" if value is None else value.isoformat()


class DateTime(FieldType):
    """A moment. Without a zone of its own it is read in the zone of who sends it."""

    name = "datetime"

    def parse(self, raw: Any, field: Field, reading: Reading) -> datetime | None:
        if raw in (None, ""):
            return None
        moment = raw if isinstance(raw, datetime) else _moment(text_of(raw).strip())
        try:
            return (moment if moment.tzinfo else moment.replace(tzinfo=reading.zone)).astimezone(UTC)
        except OverflowError:
            raise Invalid(_("“%(value)s” is too far away to be kept.") % {"value": text_of(raw)[:80]}) from None

    def to_custom(self, value: Any) -> Any:
        return (
            None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        )

    def from_custom(self, value: Any) -> Any:
        return None if value is None else datetime.fromisoformat(value)

    def to_json(self, value: Any) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def to_text(self, value: Any, field: Field) -> str:
        return self.to_json(value) or ""


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime(day.year, day.month, day.day)
    if moment is None:
        raise Invalid(_("“%(value)s” is not a time; write it as 2026-03-14 09:30.") % {"value": text[:80]})
    return moment
