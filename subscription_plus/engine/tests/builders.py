"""Short words for the engine's tests: facts from dates written as text, and pieces shown as text."""

from __future__ import annotations

import datetime as dt
import unittest
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from subscription_plus.engine.calendar import DAY, Period, Unit
from subscription_plus.engine.planning import BillAt, Break, Charge, Facts, Piece, Recurrence, preview
from subscription_plus.engine.proration import factor

Test = TypeVar("Test", bound=Callable[..., Any])

MONTHLY = Recurrence(Unit.MONTH)
QUARTERLY = Recurrence(Unit.QUARTER)
YEARLY = Recurrence(Unit.YEAR)
WEEKLY = Recurrence(Unit.WEEK)
DAILY = Recurrence(Unit.DAY)
ON_THE_1ST = Recurrence(Unit.MONTH, billing_day=1)
FREE_STUB = Recurrence(Unit.MONTH, billing_day=1, stub=Charge.FREE)
FULL_STUB = Recurrence(Unit.MONTH, billing_day=1, stub=Charge.FULL)
ARREARS = Recurrence(Unit.MONTH, bill_at=BillAt.END)
WEEK_AHEAD = Recurrence(Unit.MONTH, bill_at=BillAt.BEFORE, days_before=7)


def examples(count: int) -> Callable[[Test], Test]:
    """How often a property is tried. Never by the clock: a shared machine may pause at any moment."""
    return settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
    )


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def between(text: str) -> tuple[dt.date, dt.date]:
    """Both dates of "2024-01-10..2024-01-31"."""
    start, end = text.split("..")
    return day(start), day(end)


def subscription(
    start: str,
    recurrence: Recurrence = MONTHLY,
    trial: str | None = None,
    end: str | None = None,
    prorate_last: bool = True,
    breaks: Iterable[Break] = (),
    covered: Iterable[str] = (),
) -> Facts:
    return Facts(
        start=day(start),
        recurrence=recurrence,
        trial_end=day(trial) if trial else None,
        end=day(end) if end else None,
        prorate_last=prorate_last,
        breaks=tuple(breaks),
        covered=tuple(between(text) for text in covered),
    )


def pause(start: str, end: str | None = None, new_anchor: bool = False) -> Break:
    return Break(day(start), day(end) if end else None, new_anchor)


def change(on: str, before: Recurrence) -> Break:
    """The recurrence was `before` until the day before `on`."""
    return Break(day(on), day(on) - DAY, new_anchor=True, recurrence_before=before)


def covering(facts: Facts, done: Iterable[Piece]) -> Facts:
    """The facts after the pieces were billed."""
    return replace(facts, covered=facts.covered + tuple((piece.start, piece.end) for piece in done))


def shown(piece: Piece) -> str:
    """A piece as text: its days, and how it is charged where it is not simply a whole period."""
    days = f"{piece.start}..{piece.end}"
    if piece.charge is not Charge.PRORATED:
        return f"{days} {piece.charge.value.lower()}"
    return days if factor(piece.period) == 1 else f"{days} {piece.period.days}/{piece.period.whole_days}"


def part(days: str, of: str) -> Period:
    """Days of a whole period, as text."""
    return Period(0, *between(days), *between(of))


def days_of(piece: Piece) -> list[dt.date]:
    return [piece.start + dt.timedelta(days=offset) for offset in range(piece.period.days)]


class PlanningCase(unittest.TestCase):
    def assert_plans(self, cases: Sequence[tuple[str, Facts, list[str]]]) -> None:
        """The first pieces are these; where the subscription ends, they are all."""
        for name, facts, expected in cases:
            with self.subTest(name):
                count = len(expected) + (1 if facts.end or self._paused(facts) else 0)
                self.assertEqual([shown(piece) for piece in preview(facts, count)], expected)

    @staticmethod
    def _paused(facts: Facts) -> bool:
        return any(brk.end is None for brk in facts.breaks)


DATES = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))

RECURRENCES = st.builds(
    Recurrence,
    unit=st.sampled_from(Unit),
    count=st.integers(1, 6),
    billing_day=st.none() | st.integers(1, 31),
    stub=st.sampled_from(Charge),
    bill_at=st.sampled_from(BillAt),
    days_before=st.integers(0, 45),
)


@st.composite
def some_facts(draw: st.DrawFn, covered: bool = False) -> Facts:
    """Any subscription: trial, end, pauses, skips, changes of recurrence, and days billed before."""
    start = draw(DATES)

    def later(most: int) -> dt.date:
        return start + dt.timedelta(days=draw(st.integers(-20, most)))

    return Facts(
        start=start,
        recurrence=draw(RECURRENCES),
        trial_end=later(60) if draw(st.booleans()) else None,
        end=later(900) if draw(st.booleans()) else None,
        prorate_last=draw(st.booleans()),
        breaks=tuple(draw(st.lists(_breaks(start), max_size=4))),
        covered=tuple(draw(st.lists(_stretches(start), max_size=4))) if covered else (),
    )


@st.composite
def _stretches(draw: st.DrawFn, start: dt.date) -> tuple[dt.date, dt.date]:
    first = start + dt.timedelta(days=draw(st.integers(-40, 700)))
    return first, first + dt.timedelta(days=draw(st.integers(0, 120)))


@st.composite
def _breaks(draw: st.DrawFn, start: dt.date) -> Break:
    first, last = draw(_stretches(start))
    kind = draw(st.sampled_from(("pause", "pause", "change", "open")))
    if kind == "open":
        return Break(first, None)
    if kind == "change":
        return Break(first, first - DAY, True, draw(RECURRENCES))
    return Break(first, last, new_anchor=draw(st.booleans()))
