"""Recurring revenue: what a price comes to in a month, how that moves, what is lost and what stays.

Revenue is a course: amounts, each counting from a day on until the next. Conventions: docs/en/numbers.md.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from operator import attrgetter

from .calendar import DAY, Unit, add_months, month_day
from .planning import Facts, Span, spans
from .pricing import Line
from .proration import Rounding

# A year is 12 months, 4 quarters or 365 days, and a week is 7 of those days.
_PER_YEAR = {
    Unit.DAY: Fraction(365),
    Unit.WEEK: Fraction(365, 7),
    Unit.MONTH: Fraction(12),
    Unit.QUARTER: Fraction(4),
    Unit.YEAR: Fraction(1),
}
ZERO = Decimal(0)
MONTHS = 12


class Kind(str, Enum):
    """What a movement of revenue is: begun, more, less, ended, begun again."""

    NEW = "New"
    EXPANSION = "Expansion"
    CONTRACTION = "Contraction"
    CHURN = "Churn"
    REACTIVATION = "Reactivation"


@dataclass(frozen=True, slots=True)
class Step:
    """The monthly revenue from a day on."""

    on: dt.date
    mrr: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of the monthly revenue on a day: by `amount` (negative where it falls) to `mrr`."""

    on: dt.date
    kind: Kind
    amount: Decimal
    mrr: Decimal


def per_month(amount: Decimal, unit: Unit, count: int = 1) -> Fraction:
    """What an amount for each period of `count` units comes to in a month, exactly."""
    return Fraction(amount) * _PER_YEAR[unit] / (MONTHS * count)


def arr(mrr: Decimal) -> Decimal:
    """The yearly recurring revenue: twelve months of it."""
    return mrr * MONTHS


def course(
    facts: Facts,
    lines: Sequence[Line],
    amount: Callable[[Span, list[Line], dt.date], Decimal],
    price_days: Iterable[dt.date],
    rounding: Rounding,
) -> list[Step]:
    """The monthly revenue of a subscription over its life, as it is known now.

    `facts` without skipped periods, which do not end what is agreed. `lines` without those that count once.
    `amount`: of lines in a whole period, at the prices of a day. `price_days`: on which prices change; they
    count from the next period on. Trials, breaks, and what lies outside of start and end bring nothing.
    """
    days_of_prices = sorted(set(price_days))
    steps = []
    for span in spans(facts):
        if span.end and span.end < span.start:
            continue
        for day in _days(span, lines, days_of_prices):
            counting = [
                line
                for line in lines
                if (not line.from_date or line.from_date <= day) and (not line.to_date or day <= line.to_date)
            ]
            whole = span.calendar.start(span.calendar.index_of(day))
            worth = amount(span, counting, max(whole, span.start)) if counting else ZERO
            mrr = rounding(per_month(worth, span.recurrence.unit, span.recurrence.count))
            steps.append(Step(day, max(mrr, ZERO)))
        if span.end and span.end < dt.date.max:
            steps.append(Step(span.end + DAY, ZERO))
    return tidy(steps)


def _days(span: Span, lines: Iterable[Line], price_days: Iterable[dt.date]) -> list[dt.date]:
    """The days of a span on which revenue may change."""
    days = {span.start}
    for line in lines:
        days |= {line.from_date} if line.from_date else set()
        days |= {line.to_date + DAY} if line.to_date and line.to_date < dt.date.max else set()
    for day in price_days:
        index = span.calendar.index_of(day)
        begins = span.calendar.start(index)
        days.add(begins if begins == day else span.calendar.start(index + 1))
    return sorted(day for day in days if span.start <= day and (span.end is None or day <= span.end))


def tidy(steps: Iterable[Step]) -> list[Step]:
    """Steps in order, without those that change nothing; of several on one day the last counts."""
    by_day = {step.on: step.mrr for step in sorted(steps, key=attrgetter("on"))}
    kept, current = [], ZERO
    for day, mrr in by_day.items():
        if mrr != current:
            kept.append(Step(day, mrr))
            current = mrr
    return kept


def mrr_on(steps: Sequence[Step], day: dt.date) -> Decimal:
    """The monthly revenue on a day; `steps` in order."""
    index = bisect_right(steps, day, key=attrgetter("on"))
    return steps[index - 1].mrr if index else ZERO


def continued(kept: Sequence[Step], now_known: Sequence[Step], today: dt.date) -> list[Step]:
    """The course that was written until yesterday, and from today on the one that is known now."""
    past = [step for step in kept if step.on < today]
    later = [step for step in now_known if step.on > today]
    return tidy([*past, Step(today, mrr_on(now_known, today)), *later])


def movements(steps: Sequence[Step]) -> Iterator[Movement]:
    """The changes of a course, in order. Their amounts between two days add up to the difference of both days."""
    current, ever = ZERO, False
    for step in steps:
        yield Movement(step.on, _kind(current, step.mrr, ever), step.mrr - current, step.mrr)
        current, ever = step.mrr, True


def _kind(before: Decimal, after: Decimal, ever: bool) -> Kind:
    if not before:
        return Kind.REACTIVATION if ever else Kind.NEW
    if not after:
        return Kind.CHURN
    return Kind.EXPANSION if after > before else Kind.CONTRACTION


@dataclass(frozen=True, slots=True)
class Loss:
    """What was there at the start of an interval, and what of it is gone at its end.

    `lost_mrr`: what those who were there bring less than before, each on its own. `kept_mrr`: all they bring at
    the end, with what they bring more.
    """

    count: int = 0
    lost: int = 0
    mrr: Decimal = ZERO
    lost_mrr: Decimal = ZERO
    kept_mrr: Decimal = ZERO

    @property
    def rate(self) -> Fraction:
        """The part of those who were there that is gone; 0 where nobody was."""
        return Fraction(self.lost, self.count) if self.count else Fraction(0)

    @property
    def mrr_rate(self) -> Fraction:
        """The part of the revenue at the start that is gone."""
        return Fraction(self.lost_mrr) / Fraction(self.mrr) if self.mrr else Fraction(0)

    @property
    def retention(self) -> Fraction:
        """What those who were there bring at the end, as a part of what they brought at the start."""
        return Fraction(self.kept_mrr) / Fraction(self.mrr) if self.mrr else Fraction(0)


def loss(courses: Iterable[Sequence[Step]], since: dt.date, until: dt.date) -> Loss:
    """What of the evening before `since` is gone on the evening of `until`; a course for each that is counted."""
    found = Loss()
    for steps in courses:
        before = mrr_on(steps, since - DAY)
        if before <= 0:
            continue
        after = mrr_on(steps, until)
        found = replace(
            found,
            count=found.count + 1,
            lost=found.lost + (after <= 0),
            mrr=found.mrr + before,
            lost_mrr=found.lost_mrr + max(before - after, ZERO),
            kept_mrr=found.kept_mrr + after,
        )
    return found


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those whose revenue began in one month: `count` of them, with `begun` as their first revenue. `kept` and
    `mrr`: how many bring revenue, and how much, at the end of that month (or today, in a month that is not
    over) and of each month after it."""

    month: dt.date
    count: int
    begun: Decimal
    kept: tuple[int, ...]
    mrr: tuple[Decimal, ...]


def cohorts(courses: Iterable[Sequence[Step]], first: dt.date, today: dt.date) -> list[Cohort]:
    """The cohorts from the month of `first` to that of `today`; months in which nobody began are left out."""
    by_month: dict[dt.date, list[Sequence[Step]]] = {}
    for steps in courses:
        if steps and month_day(first.year, first.month, 1) <= steps[0].on <= today:
            by_month.setdefault(steps[0].on.replace(day=1), []).append(steps)
    return [_cohort(month, members, today) for month, members in sorted(by_month.items())]


def _cohort(month: dt.date, members: list[Sequence[Step]], today: dt.date) -> Cohort:
    ends = [min(end, today) for _start, end in months(month, today)]
    amounts = [[mrr_on(steps, end) for steps in members] for end in ends]
    return Cohort(
        month,
        len(members),
        sum((steps[0].mrr for steps in members), ZERO),
        tuple(sum(amount > 0 for amount in column) for column in amounts),
        tuple(sum(column, ZERO) for column in amounts),
    )


def months(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The first and the last day of each calendar month from that of `first` to that of `last`."""
    found, start = [], first.replace(day=1)
    while start <= last:
        following = add_months(start, 1)
        found.append((start, following - DAY))
        start = following
    return found


def month_after(first: dt.date, count: int) -> dt.date:
    """The last day of the month that lies `count` months after the month beginning on `first`."""
    return add_months(first, count + 1) - DAY


def together(courses: Iterable[Sequence[Step]]) -> list[Step]:
    """The course of several, such as all of a customer's subscriptions."""
    changes: dict[dt.date, Decimal] = {}
    for steps in courses:
        for movement in movements(steps):
            changes[movement.on] = changes.get(movement.on, ZERO) + movement.amount
    current, found = ZERO, []
    for day in sorted(changes):
        current += changes[day]
        found.append(Step(day, current))
    return tidy(found)
