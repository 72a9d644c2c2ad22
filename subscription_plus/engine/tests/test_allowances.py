"""Credits that come by themselves: on which days, for how long, and the same days in any rhythm of runs."""

from __future__ import annotations

import datetime as dt
import unittest
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.allowances import Repeat, Rule, Span, covered, due, next_day, without

from .builders import between, day, examples


def spans(text: str) -> list[Span]:
    """ "2024-01-01..2024-01-31 2024-03-01.." as spans, the last one open."""
    found = []
    for part in text.split():
        start, end = part.split("..")
        found.append((day(start), day(end) if end else None))
    return found


def shown(rule: Rule, today: str, alive: str, periods: str = "") -> str:
    occurrences = due(rule, day(today), spans(alive), [between(part) for part in periods.split()])
    return " ".join(
        f"{one.day:%m-%d}>{one.valid_until:%m-%d}" if one.valid_until else f"{one.day:%m-%d}"
        for one in occurrences
    )


class TestDue(unittest.TestCase):
    CASES: tuple[tuple[str, Repeat, dict[str, Any], str, str, str], ...] = (
        ("once", Repeat.ONCE, {}, "2024-04-01", "2024-01-31..", "01-31"),
        ("once, when the first payment came later", Repeat.ONCE, {}, "2024-04-01", "2024-03-02..", "03-02"),
        ("once, not before its day", Repeat.ONCE, {}, "2024-01-30", "2024-01-31..", ""),
        (
            "monthly from the 31st returns to the 31st, each ends before the next",
            Repeat.MONTHLY,
            {},
            "2024-04-30",
            "2024-01-31..",
            "01-31>02-28 02-29>03-30 03-31>04-29 04-30>05-30",
        ),
        (
            "rolling over they never end",
            Repeat.MONTHLY,
            {"rolls_over": True},
            "2024-03-01",
            "2024-01-31..",
            "01-31 02-29",
        ),
        (
            "rolling over for 40 days",
            Repeat.MONTHLY,
            {"rolls_over": True, "validity": 40},
            "2024-03-01",
            "2024-01-31..",
            "01-31>03-10 02-29>04-08",
        ),
        (
            "a short validity ends first",
            Repeat.MONTHLY,
            {"validity": 7},
            "2024-02-28",
            "2024-01-31..",
            "01-31>02-06",
        ),
        ("weekly", Repeat.WEEKLY, {}, "2024-02-14", "2024-01-31..", "01-31>02-06 02-07>02-13 02-14>02-20"),
        (
            "daily, missed days as well",
            Repeat.DAILY,
            {},
            "2024-02-02",
            "2024-01-31..",
            "01-31>01-31 02-01>02-01 02-02>02-02",
        ),
        (
            "none in a pause",
            Repeat.WEEKLY,
            {},
            "2024-02-21",
            "2024-01-31..2024-02-06 2024-02-15..",
            "01-31>02-06 02-21>02-27",
        ),
        (
            "none after the end",
            Repeat.WEEKLY,
            {},
            "2024-03-21",
            "2024-01-31..2024-02-09",
            "01-31>02-06 02-07>02-13",
        ),
        (
            "none after the rule's end",
            Repeat.WEEKLY,
            {"until": day("2024-02-06")},
            "2024-03-21",
            "2024-01-31..",
            "01-31>02-06",
        ),
        ("none without a paid day", Repeat.DAILY, {}, "2024-03-21", "", ""),
    )

    def test_named_cases(self) -> None:
        for name, repeat, more, today, alive, expected in self.CASES:
            with self.subTest(name):
                self.assertEqual(shown(Rule(5, repeat, day("2024-01-31"), **more), today, alive), expected)

    def test_each_period_follows_the_billing_periods(self) -> None:
        rule = Rule(5, Repeat.EACH_PERIOD, day("2024-01-10"))
        periods = "2024-01-10..2024-01-31 2024-02-01..2024-02-29 2024-03-01..2024-03-31"
        alive = "2024-01-10..2024-01-31 2024-03-01..2024-03-31"
        self.assertEqual(shown(rule, "2024-03-01", alive, periods), "01-10>01-31 03-01>03-31")

    def test_once_is_the_same_occurrence_whenever_it_comes(self) -> None:
        rule = Rule(5, Repeat.ONCE, day("2024-01-31"))
        keys = {
            due(rule, day("2024-06-01"), spans(alive))[0].key for alive in ("2024-01-31..", "2024-05-01..")
        }
        self.assertEqual(keys, {"once"})


class TestNextDay(unittest.TestCase):
    def test_the_next_day_is_the_first_after_today(self) -> None:
        for repeat, today, expected in (
            (Repeat.MONTHLY, "2024-01-31", "2024-02-29"),
            (Repeat.MONTHLY, "2024-01-01", "2024-01-31"),
            (Repeat.WEEKLY, "2024-02-06", "2024-02-07"),
            (Repeat.DAILY, "2024-02-06", "2024-02-07"),
            (Repeat.ONCE, "2024-01-01", "2024-01-31"),
            (Repeat.ONCE, "2024-01-31", None),
            (Repeat.EACH_PERIOD, "2024-02-01", None),
        ):
            with self.subTest(repeat=repeat, today=today):
                found = next_day(Rule(1, repeat, day("2024-01-31")), day(today))
                self.assertEqual(found, expected and day(expected))

    def test_none_after_the_rule_ends(self) -> None:
        self.assertIsNone(
            next_day(Rule(1, Repeat.DAILY, day("2024-01-01"), day("2024-01-31")), day("2024-01-31"))
        )


class TestWithout(unittest.TestCase):
    def test_named_cases(self) -> None:
        for whole, gap, expected in (
            ("2024-01-01..", "2024-02-01..2024-02-10", "2024-01-01..2024-01-31 2024-02-11.."),
            ("2024-01-01..", "2024-02-01..", "2024-01-01..2024-01-31"),
            ("2024-01-01..2024-01-31", "2024-01-31..2024-02-10", "2024-01-01..2024-01-30"),
            ("2024-01-01..2024-01-31", "2023-01-31..2024-02-10", ""),
            ("2024-01-01..2024-01-31", "2024-02-01..2024-02-10", "2024-01-01..2024-01-31"),
        ):
            with self.subTest(gap):
                self.assertEqual(without(spans(whole), spans(gap)), spans(expected))


some_rules = st.builds(
    Rule,
    quantity=st.just(1),
    repeat=st.sampled_from([repeat for repeat in Repeat if repeat is not Repeat.EACH_PERIOD]),
    anchor=st.dates(day("2024-01-01"), day("2024-02-29")),
    until=st.none() | st.dates(day("2024-01-01"), day("2024-06-01")),
    validity=st.integers(0, 50),
    rolls_over=st.booleans(),
)


class TestAnyRule(unittest.TestCase):
    @examples(100)
    @given(
        some_rules,
        st.lists(st.integers(1, 40), max_size=12),
        st.lists(st.tuples(st.integers(0, 150), st.integers(0, 40)), max_size=3),
    )
    def test_runs_in_any_rhythm_grant_the_same_days(
        self, rule: Rule, gaps: list[int], pauses: list[tuple[int, int]]
    ) -> None:
        first = day("2024-01-01")
        breaks: list[Span] = [
            (first + dt.timedelta(days=a), first + dt.timedelta(days=a + b)) for a, b in pauses
        ]
        alive = without([(first, None)], breaks)
        today, seen = first, dict[str, dt.date]()
        for gap in [0, *gaps]:
            today += dt.timedelta(days=gap)
            for one in due(rule, today, alive):
                self.assertTrue(covered(one.day, alive) and one.day <= today)
                self.assertEqual(seen.setdefault(one.key, one.day), one.day)
        self.assertEqual(seen, {one.key: one.day for one in due(rule, today, alive)})

    @examples(100)
    @given(some_rules, st.integers(0, 150))
    def test_nothing_new_is_due_before_the_next_day(self, rule: Rule, after: int) -> None:
        today = day("2024-01-01") + dt.timedelta(days=after)
        following = next_day(rule, today)
        alive: list[Span] = [(day("2023-01-01"), None)]
        known = due(rule, today, alive)
        until = following - dt.timedelta(days=1) if following else today + dt.timedelta(days=60)
        self.assertEqual(due(rule, until, alive), known)
        if following:
            self.assertEqual(len(due(rule, following, alive)), len(known) + 1)
