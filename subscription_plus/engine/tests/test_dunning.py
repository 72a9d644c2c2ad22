"""Dunning: whose day has come, whose not, and which declines end a method."""

from __future__ import annotations

import datetime as dt
import unittest

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.dunning import Action, DunningStep, due_steps, is_hard, next_step_on

from .builders import examples

SINCE = dt.date(2026, 2, 1)
STEPS = (
    DunningStep(0, mail="First"),
    DunningStep(3, retry=True),
    DunningStep(7, retry=True, action=Action.RESTRICT),
    DunningStep(21, action=Action.CANCEL),
)


def numbers(day: int, done: int = 0) -> list[int]:
    """The numbers of the steps due so many days after the failure."""
    return [number for number, _step in due_steps(STEPS, SINCE, done, SINCE + dt.timedelta(days=day))]


class TestDueSteps(unittest.TestCase):
    def test_each_from_its_day_on_until_it_is_done(self) -> None:
        for day, done, wanted in (
            (-1, 0, []),
            (0, 0, [0]),
            (0, 1, []),
            (2, 1, []),
            (3, 1, [1]),
            (4, 1, [1]),
            (6, 2, []),
            (7, 2, [2]),
            (20, 3, []),
            (21, 3, [3]),
            (500, 4, []),
        ):
            with self.subTest(day=day, done=done):
                self.assertEqual(numbers(day, done), wanted)

    def test_missed_days_are_made_up_for_oldest_first(self) -> None:
        self.assertEqual(numbers(30), [0, 1, 2, 3])
        self.assertEqual(numbers(10, 1), [1, 2])

    def test_their_order_in_the_policy_does_not_matter(self) -> None:
        today = SINCE + dt.timedelta(days=8)
        self.assertEqual(due_steps(STEPS[::-1], SINCE, 1, today), due_steps(STEPS, SINCE, 1, today))

    def test_without_steps_nothing_is_due(self) -> None:
        self.assertEqual(due_steps((), SINCE, 0, dt.date.max), [])

    def test_the_next_one(self) -> None:
        days = [next_step_on(STEPS, SINCE, done) for done in range(5)]
        wanted = [SINCE + dt.timedelta(days=step.days) for step in STEPS]
        self.assertEqual(days, [*wanted, None])

    @examples(100)
    @given(
        days=st.lists(st.integers(0, 60), max_size=8, unique=True),
        looks=st.lists(st.integers(0, 90), min_size=1, max_size=30).map(sorted),
    )
    def test_however_often_one_looks_each_is_taken_once_and_in_order(
        self, days: list[int], looks: list[int]
    ) -> None:
        steps = [DunningStep(day) for day in days]
        taken: list[int] = []
        for look in looks:
            due = due_steps(steps, SINCE, len(taken), SINCE + dt.timedelta(days=look))
            taken += [step.days for _number, step in due]
        self.assertEqual(taken, sorted(day for day in days if day <= looks[-1]))


class TestDeclines(unittest.TestCase):
    def test_hard_ones_end_the_method(self) -> None:
        for code in (
            "lost_card",
            "stolen_card",
            "pickup_card",
            "expired_card",
            "fraudulent",
            "invalid_account",
            "incorrect_number",
            "account_closed",
            "debit_not_authorized",
            "revocation_of_authorization",
            "transaction_not_allowed",
        ):
            self.assertTrue(is_hard(code), code)

    def test_soft_ones_and_unknown_ones_do_not(self) -> None:
        for code in (
            "insufficient_funds",
            "generic_decline",
            "card_declined",
            "do_not_honor",
            "processing_error",
            "try_again_later",
            "issuer_not_available",
            "authentication_required",
            "a_code_of_next_year",
            "",
            None,
        ):
            self.assertFalse(is_hard(code), code)
