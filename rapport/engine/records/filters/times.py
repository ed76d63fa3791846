"""What a relative date or a period means at a given moment in a given zone."""

import calendar
import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rapport.engine.records.filters.values import Day, Moment, Period, Relative, Unit

ONE_DAY = dt.timedelta(days=1)
MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True, slots=True)
class Clock:
    """Now, and the zone in which days begin; `now` is aware."""

    now: dt.datetime
    zone: ZoneInfo

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    def start_of(self, day: dt.date) -> dt.datetime:
        """The instant at which a day begins here, in UTC; where clocks skip midnight, the first there is."""
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)

    def day(self, value: Day | Relative) -> dt.date:
        """The calendar day that a value names; `now` is today."""
        if isinstance(value, Day):
            return value.value
        return (
            (self.now + dt.timedelta(hours=value.amount)).astimezone(self.zone).date()
            if value.unit is Unit.HOUR
            else shifted(self.today, value.amount, value.unit)
        )

    def instant(self, value: Moment | Relative) -> dt.datetime:
        """The instant that a time of day or a number of hours names, in UTC."""
        if isinstance(value, Relative):
            return (self.now + dt.timedelta(hours=value.amount)).astimezone(dt.UTC)
        moment = value.value if value.value.tzinfo else value.value.replace(tzinfo=self.zone)
        return moment.astimezone(dt.UTC)

    def days(self, period: Period) -> tuple[dt.date, dt.date]:
        """First day of the period and first day after it. Rolling periods include today."""
        if not period.amount:
            return self._calendar(period)
        if period.side == "last":
            return shifted(self.today, -period.amount, period.unit) + ONE_DAY, self.today + ONE_DAY
        return self.today, shifted(self.today, period.amount, period.unit)

    def instants(self, period: Period) -> tuple[dt.datetime, dt.datetime]:
        """The half-open range of instants in UTC; for hours from or until now."""
        if period.unit is not Unit.HOUR:
            first, after = self.days(period)
            return self.start_of(first), self.start_of(after)
        now, span = self.now.astimezone(dt.UTC), dt.timedelta(hours=period.amount)
        return (now - span, now) if period.side == "last" else (now, now + span)

    def _calendar(self, period: Period) -> tuple[dt.date, dt.date]:
        step = {"last": -1, "this": 0, "next": 1}[period.side]
        first = shifted(_beginning(self.today, period.unit), step, period.unit)
        return first, shifted(first, 1, period.unit)


def shifted(day: dt.date, amount: int, unit: Unit) -> dt.date:
    """So many days, weeks, months, quarters or years later; the 31st becomes the last day of a shorter month."""
    if unit in DAYS:
        return day + dt.timedelta(days=amount * DAYS[unit])
    months = day.year * 12 + day.month - 1 + amount * MONTHS[unit]
    year, month = divmod(months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def _beginning(day: dt.date, unit: Unit) -> dt.date:
    if unit is Unit.WEEK:
        return day - dt.timedelta(days=day.weekday())
    if unit is Unit.YEAR:
        return day.replace(month=1, day=1)
    month = day.month if unit is Unit.MONTH else day.month - (day.month - 1) % 3
    return day.replace(month=month, day=1)
