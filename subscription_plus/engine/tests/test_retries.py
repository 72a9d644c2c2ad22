"""Back-off, parking, and the moment of the next look."""

from __future__ import annotations

import datetime as dt
import unittest
from collections.abc import Sequence

from subscription_plus.engine.retries import is_parked, next_look, retry_at

from .builders import day

NOON = dt.datetime(2024, 3, 1, 12)


def hours(count: float) -> dt.datetime:
    return NOON + dt.timedelta(hours=count)


class TestBackOff(unittest.TestCase):
    def test_each_failure_doubles_the_wait_up_to_a_day(self) -> None:
        for failures, wait in (
            (0, 1),
            (1, 1),
            (2, 2),
            (3, 4),
            (4, 8),
            (5, 16),
            (6, 24),
            (7, 24),
            (1_000_000, 24),
        ):
            self.assertEqual(retry_at(NOON, failures), hours(wait), failures)

    def test_a_subscription_is_parked_at_the_limit_and_stays_so(self) -> None:
        self.assertEqual([is_parked(failures, 3) for failures in range(6)], [False] * 3 + [True] * 3)

    def test_a_limit_of_zero_never_parks(self) -> None:
        self.assertFalse(is_parked(1_000_000, 0))


class TestNextLook(unittest.TestCase):
    tomorrow = dt.datetime(2024, 3, 2)
    cases: Sequence[tuple[str, list[str], list[dt.datetime | None], dt.datetime | None]] = (
        ("the start of the earliest day", ["2024-03-09", "2024-03-02"], [], tomorrow),
        ("a day that has come is looked at now", ["2024-02-01"], [], dt.datetime(2024, 2, 1)),
        ("not before the edit window is over", ["2024-03-01"], [hours(1)], hours(1)),
        ("not before the retry", ["2024-03-02"], [hours(1), hours(16)], hours(16)),
        ("a bound before that day delays nothing", ["2024-03-02"], [hours(1)], tomorrow),
        ("a bound that has passed delays nothing", ["2024-02-01"], [hours(-1)], dt.datetime(2024, 2, 1)),
        ("a bound that is not set delays nothing", ["2024-03-02"], [None], tomorrow),
        ("nothing ahead", [], [hours(1)], None),
    )  # fmt: skip

    def test_the_hourly_run_looks_again(self) -> None:
        for name, days, not_before, expected in self.cases:
            with self.subTest(name):
                self.assertEqual(next_look(map(day, days), NOON, not_before), expected)
