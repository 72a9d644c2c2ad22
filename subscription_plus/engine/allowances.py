"""Credits that come by themselves: on which days a rule of a subscription grants, and how long that counts.

Days follow from facts alone, so a run that was missed is caught up by the next one, and running again
grants nothing twice: an occurrence is identified by its day, or by happening once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from .calendar import DAY, Calendar, Unit

Span = tuple[dt.date, dt.date | None]


class Repeat(str, Enum):
    """How often a rule grants; its value is what people choose."""

    ONCE = "Once"
    DAILY = "Daily"
    WEEKLY = "Weekly"
    MONTHLY = "Monthly"
    EACH_PERIOD = "Each Period"


_UNITS = {Repeat.DAILY: Unit.DAY, Repeat.WEEKLY: Unit.WEEK, Repeat.MONTHLY: Unit.MONTH}


@dataclass(frozen=True, slots=True)
class Rule:
    """So many credits, how often, counted from `anchor`. `until`: the last day on which it grants.

    `validity`: days a grant lasts, its first one included (0: for ever). Without `rolls_over` it ends,
    at the latest, on the day before the next occurrence.
    """

    quantity: int
    repeat: Repeat
    anchor: dt.date
    until: dt.date | None = None
    validity: int = 0
    rolls_over: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A grant that is due: its first and last day (None: for ever), and what identifies it under its rule."""

    key: str
    day: dt.date
    valid_until: dt.date | None


def due(
    rule: Rule, today: dt.date, alive: Iterable[Span], periods: Iterable[tuple[dt.date, dt.date]] = ()
) -> list[Occurrence]:
    """All occurrences until today on days inside the `alive` spans (days the subscription runs, or is paid
    for), oldest first. `periods`: first and last days of billing periods, for rules that follow them."""
    ends, spans = dict(periods), list(alive)
    return [
        Occurrence(
            "once" if rule.repeat is Repeat.ONCE else day.isoformat(), day, _valid_until(rule, day, ends)
        )
        for day in _days(rule, today, sorted(ends), spans)
        if covered(day, spans)
    ]


def next_day(rule: Rule, today: dt.date) -> dt.date | None:
    """The first day after today on which the rule may grant; None where billing periods, or nothing, say so."""
    if rule.repeat in (Repeat.ONCE, Repeat.EACH_PERIOD):
        day = rule.anchor if rule.anchor > today else None
    else:
        calendar = _calendar(rule)
        day = calendar.start(max(calendar.index_of(today) + 1, 0))
    return day if day and (rule.until is None or day <= rule.until) else None


def covered(day: dt.date, spans: Iterable[Span]) -> bool:
    """Whether a day is inside any of the spans."""
    return any(start <= day and (end is None or day <= end) for start, end in spans)


def without(spans: Iterable[Span], gaps: Iterable[Span]) -> list[Span]:
    """The days of the spans that are in none of the gaps."""
    left = list(spans)
    for gap_start, gap_end in gaps:
        cut: list[Span] = []
        for start, end in left:
            if (end is not None and end < gap_start) or (gap_end is not None and gap_end < start):
                cut.append((start, end))
                continue
            if start < gap_start:
                cut.append((start, gap_start - DAY))
            if gap_end is not None and (end is None or gap_end < end):
                cut.append((gap_end + DAY, end))
        left = cut
    return left


def _days(rule: Rule, today: dt.date, starts: Sequence[dt.date], spans: Sequence[Span]) -> list[dt.date]:
    last = min(today, rule.until) if rule.until else today
    if rule.repeat is Repeat.ONCE:
        # Late, where nothing was paid on the first day.
        later = [max(start, rule.anchor) for start, end in spans if end is None or end >= rule.anchor]
        first = min(later, default=None)
        return [first] if first and first <= last else []
    if rule.repeat is Repeat.EACH_PERIOD:
        return [day for day in starts if rule.anchor <= day <= last]
    calendar, days = _calendar(rule), list[dt.date]()
    for period in calendar.periods(0):
        if period.start > last:
            return days
        days.append(period.start)
    raise AssertionError("unreachable")


def _calendar(rule: Rule) -> Calendar:
    return Calendar(rule.anchor, _UNITS[rule.repeat])


def _valid_until(rule: Rule, day: dt.date, period_ends: dict[dt.date, dt.date]) -> dt.date | None:
    ends = [day + dt.timedelta(days=rule.validity - 1)] if rule.validity else []
    if not rule.rolls_over and rule.repeat in _UNITS:
        calendar = _calendar(rule)
        ends.append(calendar.start(calendar.index_of(day) + 1) - DAY)
    if not rule.rolls_over and rule.repeat is Repeat.EACH_PERIOD:
        ends.append(period_ends[day])
    return min(ends, default=None)
