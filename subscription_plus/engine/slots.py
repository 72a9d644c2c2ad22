"""When a place can be booked: opening hours, free slots, and whether a booking fits.

All moments are naive local times of one zone, as they are stored; spans are half open. The hour that the
clock repeats in autumn and the one it leaves out in spring cannot be told apart in local time, so nothing
begins or ends inside them; elsewhere local times are in the order of the real ones, and a length is
measured in real minutes: a slot of an hour lasts an hour on a day of 23 or 25 hours too.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

DAY = dt.timedelta(days=1)
MINUTES_PER_DAY = 1440
UTC = dt.timezone.utc


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time from `start` up to, not including, `end`, taking `places`."""

    start: dt.datetime
    end: dt.datetime
    places: int = 1


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on a weekday (0: Monday). `closes` 00:00 is the end of the day."""

    weekday: int
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Days on which other hours count than in other weeks; without hours it is closed."""

    first: dt.date
    last: dt.date
    opens: dt.time | None = None
    closes: dt.time | None = None


@dataclass(frozen=True)
class Calendar:
    """When a place is open. Without hours it always is, but for exceptions and holidays; an exception
    counts on a holiday too."""

    zone: ZoneInfo
    hours: tuple[Hours, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    holidays: frozenset[dt.date] = frozenset()

    def openings(self, first: dt.date, last: dt.date) -> list[Span]:
        """The spans in which it is open on these days; hours that meet, also at midnight, are one."""
        merged: list[Span] = []
        day = first
        while day <= last:
            for opening in self._of_day(day):
                if merged and merged[-1].end >= opening.start:
                    merged[-1] = Span(merged[-1].start, max(merged[-1].end, opening.end))
                else:
                    merged.append(opening)
            day += DAY
        return merged

    def _of_day(self, day: dt.date) -> list[Span]:
        exceptional = [row for row in self.exceptions if row.first <= day <= row.last]
        if exceptional:
            pairs = [(row.opens, row.closes) for row in exceptional if row.closes is not None]
        elif day in self.holidays:
            pairs = []
        elif not self.hours:
            pairs = [(dt.time(), dt.time())]
        else:
            pairs = [(row.opens, row.closes) for row in self.hours if row.weekday == day.weekday()]
        spans = [_of_times(day, opens or dt.time(), closes or dt.time()) for opens, closes in pairs]
        return sorted((span for span in spans if span.start < span.end), key=lambda span: span.start)

    def holds(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether it is open all the time from start to end."""
        openings = self.openings(start.date(), end.date())
        return any(span.start <= start and end <= span.end for span in openings)


def _of_times(day: dt.date, opens: dt.time, closes: dt.time) -> Span:
    end = dt.datetime.combine(day + DAY if closes == dt.time() else day, closes)
    return Span(dt.datetime.combine(day, opens), end)


@dataclass(frozen=True, slots=True)
class House:
    """The house's rules for an item: places, minutes kept free before and after each booking, minutes of
    notice, days one may book ahead (0: no limit), minutes between the starts of slots (0: the unit's)."""

    places: int = 1
    before: int = 0
    after: int = 0
    notice: int = 0
    horizon: int = 0
    step: int = 0

    @property
    def margins(self) -> tuple[dt.timedelta, dt.timedelta]:
        """The time kept free before and after a booking."""
        return dt.timedelta(minutes=self.before), dt.timedelta(minutes=self.after)

    def occupied(self, span: Span) -> Span:
        """What a booking keeps from others: its time and the minutes around it."""
        before, after = self.margins
        return Span(span.start - before, span.end + after, span.places)

    def earliest(self, now: dt.datetime) -> dt.datetime:
        """The first moment that can still be booked."""
        return now + dt.timedelta(minutes=self.notice)

    def latest(self, now: dt.datetime) -> dt.datetime | None:
        """The moment before which a booking has to begin, None without a horizon."""
        return (
            dt.datetime.combine(now.date() + dt.timedelta(days=self.horizon + 1), dt.time())
            if self.horizon
            else None
        )


@dataclass
class Usage:
    """How many places are taken at any time: a staircase that many questions can be asked of."""

    spans: Iterable[Span]
    _times: list[dt.datetime] = field(init=False)
    _levels: list[int] = field(init=False)

    def __post_init__(self) -> None:
        changes: dict[dt.datetime, int] = {}
        for span in self.spans:
            changes[span.start] = changes.get(span.start, 0) + span.places
            changes[span.end] = changes.get(span.end, 0) - span.places
        self._times, self._levels, level = sorted(changes), [], 0
        for time in self._times:
            level += changes[time]
            self._levels.append(level)

    def peak(self, start: dt.datetime, end: dt.datetime) -> int:
        """The most places that are taken at one moment from start to end."""
        first = bisect_right(self._times, start) - 1
        return max(self._levels[max(first, 0) : bisect_left(self._times, end)], default=0)


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot that can be booked, and how many places are free all through it."""

    start: dt.datetime
    end: dt.datetime
    free: int


def is_exact(moment: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether a local time happens exactly once: not left out in spring, not repeated in autumn."""
    aware = moment.replace(tzinfo=zone)
    return aware.utcoffset() == aware.replace(fold=1).utcoffset()


def minutes_between(start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> int:
    """Real minutes from start to end; whole days count 1440 minutes each, however long they are."""
    if start.time() == end.time() and start < end:
        return (end.date() - start.date()).days * MINUTES_PER_DAY
    return int((_utc(end, zone) - _utc(start, zone)).total_seconds() // 60)


def end_of(start: dt.datetime, minutes: int, zone: ZoneInfo) -> dt.datetime:
    """When so many minutes after `start` are over; whole days end at the same time of day."""
    if minutes % MINUTES_PER_DAY == 0:
        return start + dt.timedelta(minutes=minutes)
    return (_utc(start, zone) + dt.timedelta(minutes=minutes)).astimezone(zone).replace(tzinfo=None, fold=0)


def _utc(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return moment.replace(tzinfo=zone).astimezone(UTC)


def free_slots(
    calendar: Calendar,
    house: House,
    taken: Iterable[Span],
    minutes: int,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
    places: int = 1,
) -> Iterator[Slot]:
    """The slots of so many minutes that begin on these days and have `places` free, in order of time.

    `taken`: bookings and held places, as the house's `occupied` makes them. They begin at an opening and
    then every `step` minutes; whole days begin at midnight.
    """
    usage = Usage(taken)
    earliest, latest = house.earliest(now), house.latest(now) or dt.datetime.max
    before, after = house.margins
    for start, end in _candidates(calendar, minutes, house.step or minutes, first, last):
        if earliest <= start < latest:
            free = house.places - usage.peak(start - before, end + after)
            if free >= places:
                yield Slot(start, end, free)


@lru_cache(maxsize=128)
def _candidates(
    calendar: Calendar, minutes: int, step: int, first: dt.date, last: dt.date
) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
    """The stretches of so many minutes that begin on these days while it is open. Items that share a calendar
    share them: it is the time zone's arithmetic that takes long."""
    found = []
    days = -(-minutes // MINUTES_PER_DAY)
    begin, stop = dt.datetime.combine(first, dt.time()), dt.datetime.combine(last + DAY, dt.time())
    # An opening that began the day before gives its slots the rhythm.
    for opening in calendar.openings(first - DAY, last + dt.timedelta(days=days)):
        for start in _starts(opening, minutes, step, calendar.zone):
            if start >= stop:
                break
            if start < begin:
                continue
            end = end_of(start, minutes, calendar.zone)
            if end > opening.end:
                break
            if is_exact(start, calendar.zone) and is_exact(end, calendar.zone):
                found.append((start, end))
    return tuple(found)


def _starts(opening: Span, minutes: int, step: int, zone: ZoneInfo) -> Iterator[dt.datetime]:
    """Where slots begin in an opening. A new day begins anew, so a day of 25 hours shifts no later one."""
    whole_days = minutes % MINUTES_PER_DAY == 0
    day = opening.start.date()
    while dt.datetime.combine(day, dt.time()) < opening.end:
        midnight = dt.datetime.combine(day, dt.time())
        start = max(opening.start, midnight)
        if whole_days:
            if start == midnight:
                yield start
        else:
            following, moment = min(midnight + DAY, opening.end), _utc(start, zone)
            while start < following:
                yield start
                moment += dt.timedelta(minutes=step)
                start = moment.astimezone(zone).replace(tzinfo=None, fold=0)
        day += DAY


class Refusal(str):
    """Why a booking cannot be: one of the words below, for the caller to say in a sentence."""


ENDS_BEFORE_IT_BEGINS = Refusal("ends before it begins")
CLOCK_CHANGES = Refusal("clock changes")
CLOSED = Refusal("closed")
TOO_SOON = Refusal("too soon")
TOO_FAR = Refusal("too far")
FULL = Refusal("full")


def refusal(
    calendar: Calendar,
    house: House,
    taken: Iterable[Span],
    wanted: Span,
    now: dt.datetime,
    by_staff: bool = False,
) -> Refusal | None:
    """Why a booking does not fit, None where it does. Staff may book outside of opening hours, without
    notice and beyond the horizon; nobody beyond the places there are."""
    if not (is_exact(wanted.start, calendar.zone) and is_exact(wanted.end, calendar.zone)):
        return CLOCK_CHANGES
    if wanted.end <= wanted.start:
        return ENDS_BEFORE_IT_BEGINS
    if not by_staff:
        latest = house.latest(now)
        if wanted.start < house.earliest(now):
            return TOO_SOON
        if latest is not None and wanted.start >= latest:
            return TOO_FAR
        if not calendar.holds(wanted.start, wanted.end):
            return CLOSED
    asked = house.occupied(wanted)
    if Usage(taken).peak(asked.start, asked.end) + wanted.places > house.places:
        return FULL
    return None


def series(rule: str, start: dt.datetime, limit: int) -> list[dt.datetime]:
    """The starts of a series by an RFC 5545 recurrence rule, at the same local time each, at most `limit`.
    ValueError: a rule that cannot be read, or that has no end (neither COUNT nor UNTIL)."""
    if "COUNT" not in rule.upper() and "UNTIL" not in rule.upper():
        raise ValueError("A series needs an end: COUNT or UNTIL.")
    found: list[dt.datetime] = []
    for moment in rrulestr(rule, dtstart=start):
        if len(found) == limit:
            raise ValueError(f"A series has at most {limit} bookings.")
        found.append(moment)
    return found
