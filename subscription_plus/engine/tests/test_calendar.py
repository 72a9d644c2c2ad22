"""Periods tile: counted from the anchor, without gap, overlap or drift."""

from __future__ import annotations

import datetime as dt
import unittest
from calendar import monthrange

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.calendar import (
    DAY,
    Calendar,
    Period,
    Unit,
    add_months,
    first_billing_day,
    month_day,
)
from subscription_plus.engine.planning import Recurrence

from .builders import DATES, between, day, examples

ANY_DATE = st.dates(dt.date(1999, 1, 1), dt.date(2060, 12, 31))
UNITS = st.sampled_from(Unit)
BILLING_DAYS = st.none() | st.integers(1, 31)


def starts(calendar: Calendar, count: int) -> list[str]:
    return [calendar.start(index).isoformat() for index in range(count)]


def is_billing_day(date: dt.date, billing_day: int) -> bool:
    """Said without the engine: the day itself, or the last of a month that is too short."""
    return date.day == billing_day or (date.day < billing_day and (date + DAY).month != date.month)


class TestPeriodsFromAnAnchor(unittest.TestCase):
    cases = (
        ("31 January returns to the 31st", "2023-01-31", Unit.MONTH, 1,
         ["2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31"]),
        ("31 January of a leap year", "2024-01-31", Unit.MONTH, 1, ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("30 January", "2023-01-30", Unit.MONTH, 1, ["2023-01-30", "2023-02-28", "2023-03-30"]),
        ("29 January", "2023-01-29", Unit.MONTH, 1, ["2023-01-29", "2023-02-28", "2023-03-29"]),
        ("28 February stays the 28th", "2023-02-28", Unit.MONTH, 1, ["2023-02-28", "2023-03-28", "2023-04-28"]),
        ("29 February by the month", "2024-02-29", Unit.MONTH, 1, ["2024-02-29", "2024-03-29", "2024-04-29"]),
        ("29 February by the year returns in leap years", "2024-02-29", Unit.YEAR, 1,
         ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("31 August by the quarter", "2024-08-31", Unit.QUARTER, 1,
         ["2024-08-31", "2024-11-30", "2025-02-28", "2025-05-31"]),
        ("over New Year", "2024-12-31", Unit.MONTH, 2, ["2024-12-31", "2025-02-28", "2025-04-30"]),
        ("every 18 months", "2024-01-01", Unit.MONTH, 18, ["2024-01-01", "2025-07-01", "2027-01-01"]),
        ("every two quarters", "2024-01-15", Unit.QUARTER, 2, ["2024-01-15", "2024-07-15", "2025-01-15"]),
        ("every two years", "2024-02-29", Unit.YEAR, 2, ["2024-02-29", "2026-02-28", "2028-02-29"]),
        ("weekly", "2024-02-26", Unit.WEEK, 1, ["2024-02-26", "2024-03-04", "2024-03-11"]),
        ("every four weeks", "2024-01-01", Unit.WEEK, 4, ["2024-01-01", "2024-01-29", "2024-02-26"]),
        ("daily", "2024-02-28", Unit.DAY, 1, ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("every ten days", "2024-02-20", Unit.DAY, 10, ["2024-02-20", "2024-03-01", "2024-03-11"]),
    )  # fmt: skip

    def test_starts_are_counted_from_the_anchor(self) -> None:
        for name, anchor, unit, count, expected in self.cases:
            with self.subTest(name):
                self.assertEqual(starts(Calendar(day(anchor), unit, count), len(expected)), expected)

    def test_day_31_holds_for_36_months_killbill_127(self) -> None:
        for index, start in enumerate(starts(Calendar(day("2024-01-31"), Unit.MONTH), 36)):
            year, month = 2024 + index // 12, index % 12 + 1
            self.assertEqual(day(start), dt.date(year, month, monthrange(year, month)[1]))

    def test_a_plan_of_12_months_lasts_12_months_erpnext_57768(self) -> None:
        for unit, count, periods in (
            (Unit.YEAR, 1, 1),
            (Unit.MONTH, 12, 1),
            (Unit.QUARTER, 1, 4),
            (Unit.MONTH, 1, 12),
        ):
            with self.subTest(unit=unit, count=count):
                calendar = Calendar(day("2024-03-01"), unit, count)
                self.assertEqual(calendar.period(0).start, day("2024-03-01"))
                self.assertEqual(calendar.period(periods - 1).end, day("2025-02-28"))

    def test_a_period_ends_the_day_before_the_next_one(self) -> None:
        january = Calendar(day("2024-01-31"), Unit.MONTH).period(0)
        self.assertEqual((january.start, january.end, january.days), (*between("2024-01-31..2024-02-28"), 29))

    def test_periods_before_the_anchor_have_negative_indexes(self) -> None:
        before = Calendar(day("2024-03-31"), Unit.MONTH).period(-1)
        self.assertEqual((before.start, before.end), between("2024-02-29..2024-03-30"))

    def test_a_period_lasts_at_least_one_unit(self) -> None:
        with self.assertRaisesRegex(ValueError, "at least one month, not 0"):
            Calendar(day("2024-01-01"), Unit.MONTH, 0)

    @examples(60)
    @given(anchor=DATES, unit=UNITS, count=st.integers(1, 24), billing_day=BILLING_DAYS)
    def test_periods_tile_40_years_from_any_anchor(
        self, anchor: dt.date, unit: Unit, count: int, billing_day: int | None
    ) -> None:
        calendar = Recurrence(unit, count, billing_day).calendar(anchor)
        index, last = -1, calendar.period(-1).end
        while last.year < anchor.year + 40:
            index += 1
            period = calendar.period(index)
            self.assertEqual(period.start, last + DAY)
            self.assertLessEqual(period.start, period.end)
            self.assertTrue(calendar.index_of(period.start) == index == calendar.index_of(period.end))
            last = period.end

    @examples(200)
    @given(anchor=DATES, unit=UNITS, count=st.integers(1, 24), billing_day=BILLING_DAYS, date=ANY_DATE)
    def test_any_day_lies_in_the_period_of_its_index(
        self, anchor: dt.date, unit: Unit, count: int, billing_day: int | None, date: dt.date
    ) -> None:
        calendar = Recurrence(unit, count, billing_day).calendar(anchor)
        period = calendar.period(calendar.index_of(date))
        self.assertTrue(period.start <= date <= period.end)


class TestBillingDay(unittest.TestCase):
    def test_every_billing_day_is_the_first_such_day_on_or_after_the_start(self) -> None:
        for billing_day in range(1, 32):
            for offset in range(0, 800, 3):
                start = day("2023-01-01") + dt.timedelta(days=offset)
                expected = start
                while not is_billing_day(expected, billing_day):
                    expected += DAY
                self.assertEqual(first_billing_day(start, billing_day), expected, (start, billing_day))

    def test_months_return_to_the_billing_day_after_a_short_one(self) -> None:
        cases = (
            ("31 is the last day", 31, "2023-02-10", ["2023-02-28", "2023-03-31", "2023-04-30"]),
            ("30 is 28 February", 30, "2023-02-10", ["2023-02-28", "2023-03-30", "2023-04-30"]),
            (
                "30 is 29 February in a leap year",
                30,
                "2024-02-10",
                ["2024-02-29", "2024-03-30", "2024-04-30"],
            ),
            ("on the day itself", 15, "2024-01-15", ["2024-01-15", "2024-02-15"]),
            ("the day after", 15, "2024-01-16", ["2024-02-15", "2024-03-15"]),
            ("over New Year", 1, "2024-12-02", ["2025-01-01", "2025-02-01"]),
        )
        for name, billing_day, start, expected in cases:
            with self.subTest(name):
                calendar = Recurrence(Unit.MONTH, 1, billing_day).calendar(day(start))
                self.assertEqual(starts(calendar, len(expected)), expected)

    def test_weeks_and_days_have_no_billing_day(self) -> None:
        for unit in (Unit.WEEK, Unit.DAY):
            self.assertEqual(Recurrence(unit, 1, 15).calendar(day("2024-01-03")).anchor, day("2024-01-03"))

    def test_a_billing_day_is_between_1_and_31(self) -> None:
        for wrong in (-1, 0, 32):
            with self.subTest(wrong), self.assertRaisesRegex(ValueError, f"between 1 and 31, not {wrong}"):
                first_billing_day(day("2024-01-01"), wrong)


class TestMonths(unittest.TestCase):
    def test_a_day_is_clamped_to_the_month(self) -> None:
        self.assertEqual(month_day(2023, 2, 31), day("2023-02-28"))
        self.assertEqual(month_day(2024, 2, 31), day("2024-02-29"))
        self.assertEqual(month_day(2024, 4, 31), day("2024-04-30"))

    def test_months_are_added_across_years_in_both_directions(self) -> None:
        cases = (
            ("2024-01-31", 1, "2024-02-29"),
            ("2024-01-31", -2, "2023-11-30"),
            ("2024-12-15", 13, "2026-01-15"),
        )
        for start, months, expected in cases:
            self.assertEqual(add_months(day(start), months), day(expected))
        self.assertEqual(add_months(day("2024-02-29"), 1, 31), day("2024-03-31"))


class TestAPartOfAPeriod(unittest.TestCase):
    january = Period(0, *between("2024-01-01..2024-01-31"), *between("2024-01-01..2024-01-31"))

    def test_a_part_remembers_its_whole(self) -> None:
        cut = self.january.clipped(day("2024-01-10"), day("2024-01-20"))
        assert cut is not None
        self.assertEqual((cut.start, cut.end), between("2024-01-10..2024-01-20"))
        self.assertEqual((cut.days, cut.whole_days, cut.is_whole), (11, 31, False))

    def test_nothing_to_cut_leaves_it_whole(self) -> None:
        self.assertEqual(self.january.clipped(day("2023-01-01"), None), self.january)
        self.assertTrue(self.january.is_whole)

    def test_no_day_in_common_is_no_part(self) -> None:
        self.assertIsNone(self.january.clipped(day("2024-02-01"), None))
        self.assertIsNone(self.january.clipped(day("2023-01-01"), day("2023-12-31")))
