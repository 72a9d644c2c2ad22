"""Periods of a calendar: counted from an anchor, so that they tile and never drift.

All dates are inclusive. Rules: docs/en/calendar.md.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

DAY = dt.timedelta(days=1)


class Unit(str, Enum):
    """The unit a period is measured in; its value is what people choose on a recurrence period."""

    DAY = "Day"
    WEEK = "Week"
    MONTH = "Month"
    QUARTER = "Quarter"
    YEAR = "Year"


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def month_day(year: int, month: int, day: int) -> dt.date:
    """The given day of a month, or the month's last day where the month is shorter."""
    # Every month has 28 days: most dates need no look at its length.
    return dt.date(year, month, day if day <= 28 else min(day, monthrange(year, month)[1]))


def add_months(start: dt.date, months: int, day: int | None = None) -> dt.date:
    """`start` moved by whole months to day-of-month `day` (its own by default), clamped to the month."""
    total = start.year * 12 + start.month - 1 + months
    return month_day(total // 12, total % 12 + 1, day or start.day)


def first_billing_day(on_or_after: dt.date, billing_day: int) -> dt.date:
    """The first date on or after the given one that falls on `billing_day` (1-31, clamped to the month)."""
    if not 1 <= billing_day <= 31:
        raise ValueError(f"A billing day is between 1 and 31, not {billing_day}.")
    candidate = month_day(on_or_after.year, on_or_after.month, billing_day)
    return candidate if candidate >= on_or_after else add_months(candidate, 1, billing_day)


@dataclass(frozen=True, slots=True)
class Period:
    """Days `start` to `end` of the whole period `whole_start` to `whole_end` with number `index`.

    The two pairs differ where a period is cut by the end, by a break, or by what was billed before.
    """

    index: int
    start: dt.date
    end: dt.date
    whole_start: dt.date
    whole_end: dt.date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def whole_days(self) -> int:
        return (self.whole_end - self.whole_start).days + 1

    @property
    def is_whole(self) -> bool:
        return self.start == self.whole_start and self.end == self.whole_end

    def clipped(self, start: dt.date, end: dt.date | None) -> Period | None:
        """The part of this period inside the given days, or None where there is none."""
        first = max(self.start, start)
        last = self.end if end is None else min(self.end, end)
        return Period(self.index, first, last, self.whole_start, self.whole_end) if first <= last else None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods of `count` units, period 0 starting at `anchor`.

    `day` is the day of the month that periods return to (31 January, 28 February, 31 March): the
    anchor's own, or the billing day that a short month has clamped.
    """

    anchor: dt.date
    unit: Unit
    count: int = 1
    day: int = 0

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"A period lasts at least one {self.unit.value.lower()}, not {self.count}.")

    def start(self, index: int) -> dt.date:
        """The first day of period `index`; negative indexes count back from the anchor."""
        steps = index * self.count
        if self.unit in _DAYS:
            return self.anchor + dt.timedelta(days=steps * _DAYS[self.unit])
        return add_months(self.anchor, steps * _MONTHS[self.unit], self.day or self.anchor.day)

    def clamped_day(self, start: dt.date) -> int:
        """The day of the month that a short month has clamped on a period's first day; 0 where it has not."""
        day = self.day or self.anchor.day
        in_months = self.unit in _MONTHS and day > start.day
        return day if in_months and self.start(self.index_of(start)) == start else 0

    def period(self, index: int) -> Period:
        """The whole period `index`: it ends the day before the next one starts."""
        return next(self.periods(index))

    def periods(self, index: int) -> Iterator[Period]:
        """The whole periods from `index` on; they never stop."""
        start = self.start(index)
        while True:
            following = self.start(index + 1)
            yield Period(index, start, following - DAY, start, following - DAY)
            index, start = index + 1, following

    def index_of(self, day: dt.date) -> int:
        """The index of the period that holds `day`."""
        if self.unit in _DAYS:
            return (day - self.anchor).days // (self.count * _DAYS[self.unit])
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        index = months // (self.count * _MONTHS[self.unit])
        return index if self.start(index) <= day else index - 1
