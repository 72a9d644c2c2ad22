"""Which days are to be billed, in which pieces and when: the one planner of billing and preview.

The plan is a function of facts alone. What was billed is given as covered days, never inferred from
documents' dates, so planning again after doing plans nothing, and catching up day by day or in one
jump plans the same pieces.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice, takewhile

from .calendar import DAY, Calendar, Period, Unit, first_billing_day

FOREVER = dt.date.max


class BillAt(str, Enum):
    """When a period is billed."""

    START = "Start of Period"
    BEFORE = "Days Before Start"
    END = "End of Period"


class Charge(str, Enum):
    """How a piece is charged: by its days, not at all, or as if it were whole."""

    PRORATED = "Prorated"
    FREE = "Free"
    FULL = "Full Price"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often and when is billed. `billing_day` 1-31 aligns months to that day (31: the last);
    `stub` says how the days before the first billing day are charged."""

    unit: Unit
    count: int = 1
    billing_day: int | None = None
    stub: Charge = Charge.PRORATED
    bill_at: BillAt = BillAt.START
    days_before: int = 0

    def calendar(self, start: dt.date, day: int = 0) -> Calendar:
        """The calendar of a subscription (or of its resumption) that begins on `start`.

        `day`: the day of the month it returns to, where a short month has clamped `start`.
        """
        if self.billing_day and self.unit not in (Unit.DAY, Unit.WEEK):
            anchor = first_billing_day(start, self.billing_day)
            return Calendar(anchor, self.unit, self.count, self.billing_day)
        return Calendar(start, self.unit, self.count, day)


@dataclass(frozen=True, slots=True)
class Break:
    """Days `start` to `end` (inclusive, None is open) without billing: a pause, a skipped period, the
    time between an end and a restart. With `new_anchor` periods are counted anew from the day after it.

    `recurrence_before` is set where the recurrence changed after the break (which may have no days:
    `end` is then the day before `start`). The new one always counts anew.
    """

    start: dt.date
    end: dt.date | None
    new_anchor: bool = False
    recurrence_before: Recurrence | None = None

    def __post_init__(self) -> None:
        # A break that ended before it began would plan the days between twice.
        if self.end is not None and self.end < self.start - DAY:
            raise ValueError(f"A break from {self.start} cannot end on {self.end}.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one subscription.

    `start`: its first day. `trial_end`: last day of the trial, nothing is billed until then. `end`: last
    day, by cancellation or by contract. `covered`: days that periods made so far stand for.
    """

    start: dt.date
    recurrence: Recurrence
    trial_end: dt.date | None = None
    end: dt.date | None = None
    prorate_last: bool = True
    breaks: tuple[Break, ...] = ()
    covered: tuple[tuple[dt.date, dt.date], ...] = ()

    @property
    def first_billed_day(self) -> dt.date:
        if self.trial_end and self.trial_end >= self.start:
            return self.trial_end + DAY
        return self.start


@dataclass(frozen=True, slots=True)
class Piece:
    """Days that are billed together: a whole period or a part of one, with the day it is billed on."""

    period: Period
    charge: Charge
    bill_on: dt.date

    @property
    def start(self) -> dt.date:
        return self.period.start

    @property
    def end(self) -> dt.date:
        return self.period.end


@dataclass(frozen=True, slots=True)
class Span:
    """Days between two breaks, with the calendar that counts them; `opens`: the first it counts."""

    start: dt.date
    end: dt.date | None
    calendar: Calendar
    recurrence: Recurrence
    opens: bool


def spans(facts: Facts) -> Iterator[Span]:
    """The stretches of time that are billed, in order."""
    breaks = sorted(facts.breaks, key=lambda brk: brk.start)
    changes = [brk.recurrence_before for brk in breaks if brk.recurrence_before]
    recurrence = changes[0] if changes else facts.recurrence
    start = facts.first_billed_day
    calendar, opens = recurrence.calendar(start), True
    for brk in breaks:
        if brk.start > start:
            yield Span(start, _earlier(brk.start - DAY, facts.end), calendar, recurrence, opens)
            opens = False
        if brk.recurrence_before:
            changes.pop(0)
            recurrence = changes[0] if changes else facts.recurrence
        if brk.end is None:
            return
        start = max(start, brk.end + DAY)
        if brk.new_anchor or brk.recurrence_before:
            calendar, opens = recurrence.calendar(start, calendar.clamped_day(start)), True
    yield Span(start, facts.end, calendar, recurrence, opens)


def _earlier(day: dt.date, other: dt.date | None) -> dt.date:
    return day if other is None else min(day, other)


def pieces(facts: Facts) -> Iterator[Piece]:
    """All pieces not yet covered, oldest first; without an end they never stop."""
    covered = sorted((start, end) for start, end in facts.covered if start <= end)
    for span in spans(facts):
        for free in _uncovered(span.start, span.end or FOREVER, covered):
            yield from _pieces_between(facts, span, *free)


def _pieces_between(facts: Facts, span: Span, first: dt.date, last: dt.date) -> Iterator[Piece]:
    for whole in span.calendar.periods(span.calendar.index_of(first)):
        if whole.start > last:
            return
        period = whole.clipped(first, last)
        if period:
            charge = _charge(facts, span, period)
            yield Piece(period, charge, _bill_on(facts, span.recurrence, period))


def _charge(facts: Facts, span: Span, period: Period) -> Charge:
    if period.is_whole:
        return Charge.PRORATED
    if period.index < 0 and span.recurrence.stub is not Charge.PRORATED:
        # A pause inside the stub does not charge it again.
        return span.recurrence.stub if span.opens and period.start == span.start else Charge.FREE
    cut_by_end_alone = period.end == facts.end and period.start == period.whole_start
    return Charge.FULL if cut_by_end_alone and not facts.prorate_last else Charge.PRORATED


def _bill_on(facts: Facts, recurrence: Recurrence, period: Period) -> dt.date:
    if recurrence.bill_at is BillAt.END:
        return period.end + DAY
    if recurrence.bill_at is BillAt.BEFORE:
        return max(period.start - dt.timedelta(days=recurrence.days_before), facts.start)
    return period.start


def _uncovered(
    first: dt.date, last: dt.date, covered: list[tuple[dt.date, dt.date]]
) -> Iterator[tuple[dt.date, dt.date]]:
    """The stretches of `first`..`last` that no covered range touches; the ranges are in order, and may overlap."""
    for start, end in covered:
        if start > last or first > last:
            break
        if start > first:
            yield first, start - DAY
        first = max(first, end + DAY)
    if first <= last:
        yield first, last


def due(facts: Facts, today: dt.date, limit: int) -> list[Piece]:
    """The pieces whose billing day has come (`<=`), oldest first, at most `limit`."""
    return list(islice(takewhile(lambda piece: piece.bill_on <= today, pieces(facts)), limit))


def preview(facts: Facts, count: int) -> list[Piece]:
    """The next `count` pieces, due or not."""
    return list(islice(pieces(facts), count))


def next_piece(facts: Facts) -> Piece | None:
    """The oldest piece not yet covered."""
    return next(pieces(facts), None)


def whole_period_holding(facts: Facts, day: dt.date) -> Period | None:
    """The period around `day` as it stands between breaks and end, billed or not; None outside them.

    What "the current period" and "at the period's end" mean. The end that a cancellation set does not count.
    """
    for span in spans(replace(facts, end=None)):
        if span.start <= day and (span.end is None or day <= span.end):
            return span.calendar.period(span.calendar.index_of(day)).clipped(span.start, span.end)
    return None
