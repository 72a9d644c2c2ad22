"""Recurring revenue: months out of any recurrence, courses, movements, losses, cohorts."""

from __future__ import annotations

import datetime as dt
import unittest
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.calendar import DAY, Unit
from subscription_plus.engine.metrics import (
    Kind,
    Loss,
    Step,
    arr,
    cohorts,
    continued,
    course,
    loss,
    month_after,
    months,
    movements,
    mrr_on,
    per_month,
    tidy,
    together,
)
from subscription_plus.engine.planning import Break, Facts, Recurrence, Span
from subscription_plus.engine.pricing import Line
from subscription_plus.engine.proration import Rounding

from .builders import MONTHLY, WEEKLY, YEARLY, day, examples, subscription

FIRST = day("2024-01-01")


def steps(*told: str) -> list[Step]:
    """Steps from texts like "2024-03-01 30"."""
    return [Step(day(text.split()[0]), Decimal(text.split()[1])) for text in told]


def shown(found: list[Step]) -> list[str]:
    return [f"{step.on} {step.mrr}" for step in found]


def course_of(facts: Facts, *lines: Line, prices: dict[str, str] | None = None) -> list[str]:
    """The course where each line costs 30 for each unit, or what `prices` says from a day on."""
    listed = [(day(on), Decimal(price)) for on, price in sorted((prices or {}).items())]

    def amount(span: Span, counting: list[Line], on: dt.date) -> Decimal:
        rate = next((price for begins, price in reversed(listed) if begins <= on), Decimal(30))
        return sum((line.qty * rate for line in counting), Decimal(0))

    return shown(
        course(facts, lines or (Line("a", Decimal(1)),), amount, [on for on, _ in listed], Rounding(2))
    )


class TestPerMonth(unittest.TestCase):
    def test_a_year_has_twelve_months_four_quarters_and_365_days(self) -> None:
        cases = (
            (30, Unit.MONTH, 1, Fraction(30)),
            (30, Unit.MONTH, 2, Fraction(15)),
            (90, Unit.QUARTER, 1, Fraction(30)),
            (360, Unit.YEAR, 1, Fraction(30)),
            (720, Unit.YEAR, 2, Fraction(30)),
            (1, Unit.DAY, 1, Fraction(365, 12)),
            (7, Unit.WEEK, 1, Fraction(365, 12)),
            (14, Unit.WEEK, 2, Fraction(365, 12)),
        )
        for amount, unit, count, expected in cases:
            with self.subTest(amount=amount, unit=unit, count=count):
                self.assertEqual(per_month(Decimal(amount), unit, count), expected)

    def test_a_year_of_it_is_the_yearly_revenue(self) -> None:
        self.assertEqual(arr(Decimal("29.90")), Decimal("358.80"))


class TestCourses(unittest.TestCase):
    def test_it_begins_on_the_first_day_and_never_ends_by_itself(self) -> None:
        self.assertEqual(course_of(subscription("2024-01-15")), ["2024-01-15 30.00"])

    def test_a_trial_brings_nothing(self) -> None:
        facts = subscription("2024-01-15", trial="2024-01-31")
        self.assertEqual(course_of(facts), ["2024-02-01 30.00"])

    def test_the_last_day_still_counts(self) -> None:
        facts = subscription("2024-01-15", end="2024-03-10")
        self.assertEqual(course_of(facts), ["2024-01-15 30.00", "2024-03-11 0"])

    def test_what_ends_before_it_begins_brings_nothing(self) -> None:
        self.assertEqual(course_of(subscription("2024-01-15", end="2024-01-14")), [])

    def test_a_pause_brings_nothing(self) -> None:
        facts = subscription("2024-01-15", breaks=[Break(day("2024-02-01"), day("2024-02-29"))])
        self.assertEqual(course_of(facts), ["2024-01-15 30.00", "2024-02-01 0", "2024-03-01 30.00"])

    def test_an_open_pause_brings_nothing_any_more(self) -> None:
        facts = subscription("2024-01-15", breaks=[Break(day("2024-02-01"), None)])
        self.assertEqual(course_of(facts), ["2024-01-15 30.00", "2024-02-01 0"])

    def test_lines_count_from_their_first_to_their_last_day(self) -> None:
        lines = (
            Line("a", Decimal(2), to_date=day("2024-02-09")),
            Line("b", Decimal(3), from_date=day("2024-02-10")),
        )
        found = course_of(subscription("2024-01-15"), *lines)
        self.assertEqual(found, ["2024-01-15 60.00", "2024-02-10 90.00"])

    def test_a_new_price_counts_from_the_next_period_on(self) -> None:
        found = course_of(subscription("2024-01-15"), prices={"2024-01-01": "30", "2024-03-01": "40"})
        self.assertEqual(found, ["2024-01-15 30.00", "2024-03-15 40.00"])
        found = course_of(subscription("2024-01-15"), prices={"2024-01-01": "30", "2024-03-15": "40"})
        self.assertEqual(found, ["2024-01-15 30.00", "2024-03-15 40.00"])

    def test_another_recurrence_counts_from_its_day(self) -> None:
        changed = Break(day("2024-03-15"), day("2024-03-14"), new_anchor=True, recurrence_before=MONTHLY)
        found = course_of(subscription("2024-01-15", YEARLY, breaks=[changed]))
        self.assertEqual(found, ["2024-01-15 30.00", "2024-03-15 2.50"])

    def test_it_is_rounded_once(self) -> None:
        self.assertEqual(course_of(subscription("2024-01-15", WEEKLY)), ["2024-01-15 130.36"])


class TestWhatIsKept(unittest.TestCase):
    def test_the_past_stays_and_from_today_on_what_is_known_now_counts(self) -> None:
        kept = steps("2024-01-01 30", "2024-06-01 0")
        known = steps("2024-01-01 45", "2024-09-01 0")
        found = continued(kept, known, day("2024-03-10"))
        self.assertEqual(shown(found), ["2024-01-01 30", "2024-03-10 45", "2024-09-01 0"])

    def test_what_is_as_it_was_moves_nothing(self) -> None:
        kept = steps("2024-01-01 30")
        self.assertEqual(continued(kept, kept, day("2024-03-10")), kept)


class TestMovements(unittest.TestCase):
    def test_each_kind(self) -> None:
        found = movements(
            steps("2024-01-01 30", "2024-02-01 40", "2024-03-01 20", "2024-04-01 0", "2024-05-01 20")
        )
        self.assertEqual(
            [(move.kind, move.amount) for move in found],
            [
                (Kind.NEW, 30),
                (Kind.EXPANSION, 10),
                (Kind.CONTRACTION, -20),
                (Kind.CHURN, -20),
                (Kind.REACTIVATION, 20),
            ],
        )

    def test_steps_that_change_nothing_are_left_out(self) -> None:
        found = tidy(steps("2024-02-01 30", "2024-01-01 0", "2024-03-01 30", "2024-03-01 40"))
        self.assertEqual(shown(found), ["2024-02-01 30", "2024-03-01 40"])


class TestLosses(unittest.TestCase):
    def test_only_those_who_were_there_at_the_start_can_be_lost(self) -> None:
        courses = [
            steps("2024-01-01 30"),
            steps("2024-01-01 20", "2024-02-10 0"),
            steps("2024-01-01 50", "2024-02-20 25"),
            steps("2024-01-01 10", "2024-02-05 40"),
            steps("2024-02-02 99", "2024-02-03 0"),
            steps("2024-01-01 5", "2024-01-31 0", "2024-02-11 5"),
        ]
        found = loss(courses, day("2024-02-01"), day("2024-02-29"))
        self.assertEqual(found, Loss(4, 1, Decimal(110), Decimal(45), Decimal(95)))
        self.assertEqual(
            (found.rate, found.mrr_rate, found.retention),
            (Fraction(1, 4), Fraction(45, 110), Fraction(95, 110)),
        )

    def test_nobody_there_is_nothing_lost(self) -> None:
        found = loss([], day("2024-02-01"), day("2024-02-29"))
        self.assertEqual((found.rate, found.mrr_rate, found.retention), (0, 0, 0))


class TestCohorts(unittest.TestCase):
    def test_who_began_in_a_month_and_what_is_kept_of_them(self) -> None:
        courses = [
            steps("2024-01-10 30"),
            steps("2024-01-20 20", "2024-02-10 0"),
            steps("2024-03-01 50", "2024-03-05 60"),
            steps("2023-12-31 70"),
        ]
        first, last = cohorts(courses, FIRST, day("2024-03-20"))
        self.assertEqual((first.month, first.count, first.begun), (FIRST, 2, 50))
        self.assertEqual((first.kept, first.mrr), ((2, 1, 1), (50, 30, 30)))
        self.assertEqual((last.month, last.count, last.begun), (day("2024-03-01"), 1, 50))
        self.assertEqual((last.kept, last.mrr), ((1,), (60,)))

    def test_months_are_whole_calendar_months(self) -> None:
        found = months(day("2024-01-31"), day("2024-03-01"))
        self.assertEqual([str(end) for _start, end in found], ["2024-01-31", "2024-02-29", "2024-03-31"])
        self.assertEqual(month_after(FIRST, 1), day("2024-02-29"))


any_course = st.lists(st.tuples(st.integers(0, 400), st.sampled_from([0, 0, 10, 25, 30])), max_size=12).map(
    lambda told: tidy(Step(FIRST + number * DAY, Decimal(mrr)) for number, mrr in told)
)
any_day = st.integers(-10, 420).map(lambda number: FIRST + number * DAY)


class TestAnyCourse(unittest.TestCase):
    @examples(200)
    @given(st.lists(any_course, max_size=6), any_day, any_day)
    def test_movements_between_two_days_add_up_to_the_difference(
        self, courses: list[list[Step]], one: dt.date, other: dt.date
    ) -> None:
        since, until = sorted((one, other))
        moved = sum(move.amount for found in courses for move in movements(found) if since < move.on <= until)
        at = [sum(mrr_on(found, on) for found in courses) for on in (since, until)]
        self.assertEqual(at[0] + moved, at[1])
        self.assertEqual([mrr_on(together(courses), on) for on in (since, until)], at)

    @examples(200)
    @given(any_course, any_course, any_day)
    def test_the_past_is_what_it_was_and_the_future_what_is_known(
        self, kept: list[Step], known: list[Step], today: dt.date
    ) -> None:
        found = continued(kept, known, today)
        for number in range(-12, 425):
            on = FIRST + number * DAY
            self.assertEqual(mrr_on(found, on), mrr_on(kept if on < today else known, on))
        self.assertEqual(continued(found, known, today), found)

    @examples(100)
    @given(
        st.integers(0, 60),
        st.sampled_from(list(Unit)),
        st.integers(1, 3),
        st.none() | st.integers(-1, 300),
        st.none() | st.tuples(st.integers(0, 90), st.integers(0, 60)),
        st.integers(0, 400),
    )
    def test_a_course_is_what_counts_on_each_day(
        self,
        start: int,
        unit: Unit,
        count: int,
        lasts: int | None,
        paused: tuple[int, int] | None,
        looked: int,
    ) -> None:
        begins = FIRST + start * DAY
        breaks: tuple[Break, ...] = ()
        if paused:
            pause = begins + paused[0] * DAY
            breaks = (Break(pause, pause + paused[1] * DAY),)
        end = None if lasts is None else begins + lasts * DAY
        facts = Facts(begins, Recurrence(unit, count), end=end, breaks=breaks)
        found = course(facts, [Line("a", Decimal(1))], lambda span, lines, on: Decimal(30), [], Rounding(2))
        on = FIRST + looked * DAY
        counts = begins <= on and (end is None or on <= end)
        counts = counts and not any(brk.start <= on <= (brk.end or on) for brk in breaks)
        expected = Rounding(2)(per_month(Decimal(30), unit, count)) if counts else Decimal(0)
        self.assertEqual(mrr_on(found, on), expected)
