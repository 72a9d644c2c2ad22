"""The status follows from the dates; the billing status names the most urgent thing."""

from __future__ import annotations

import unittest

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.lifecycle import (
    TERMINAL,
    BillingStatus,
    Life,
    Status,
    billing_status,
    last_day,
    status,
    status_changes,
)
from subscription_plus.engine.planning import Facts

from .builders import day, examples, pause, some_facts, subscription

OFFSETS = st.none() | st.integers(-20, 800)


def life(
    cancelled: str = "",
    ends: str = "",
    trial: str | None = None,
    paused: tuple[str] | tuple[str, str] | None = None,
) -> Life:
    """A subscription from 10 January 2024."""
    breaks = [pause(*paused)] if paused else []
    facts = subscription("2024-01-10", trial=trial, breaks=breaks)
    return Life(facts, day(cancelled) if cancelled else None, day(ends) if ends else None)


class TestStatus(unittest.TestCase):
    cases = (
        ("the day before it starts", life(), "2024-01-09", Status.SCHEDULED),
        ("the day it starts", life(), "2024-01-10", Status.ACTIVE),
        ("years later", life(), "2034-01-10", Status.ACTIVE),
        ("the trial's first day", life(trial="2024-01-20"), "2024-01-10", Status.TRIAL),
        ("the trial's last day", life(trial="2024-01-20"), "2024-01-20", Status.TRIAL),
        ("the day after the trial", life(trial="2024-01-20"), "2024-01-21", Status.ACTIVE),
        ("the day before a pause", life(paused=("2024-02-01", "2024-02-10")), "2024-01-31", Status.ACTIVE),
        ("a pause's first day", life(paused=("2024-02-01", "2024-02-10")), "2024-02-01", Status.PAUSED),
        ("a pause's last day", life(paused=("2024-02-01", "2024-02-10")), "2024-02-10", Status.PAUSED),
        ("the day after a pause", life(paused=("2024-02-01", "2024-02-10")), "2024-02-11", Status.ACTIVE),
        ("an open pause lasts", life(paused=("2024-02-01",)), "2034-01-01", Status.PAUSED),
        ("a pause in the trial", life(trial="2024-01-20", paused=("2024-01-15", "2024-01-25")), "2024-01-16", Status.TRIAL),
        ("a pause after the trial", life(trial="2024-01-20", paused=("2024-01-15", "2024-01-25")), "2024-01-21", Status.PAUSED),
        ("the day before a cancellation", life(cancelled="2024-03-31"), "2024-03-30", Status.ACTIVE),
        ("the day of a cancellation", life(cancelled="2024-03-31"), "2024-03-31", Status.CANCELLED),
        ("cancelled before it starts", life(cancelled="2024-01-05"), "2024-01-06", Status.CANCELLED),
        ("cancelled in the trial", life(cancelled="2024-01-12", trial="2024-01-20"), "2024-01-12", Status.CANCELLED),
        ("cancelled in a pause", life(cancelled="2024-02-05", paused=("2024-02-01",)), "2024-02-05", Status.CANCELLED),
        ("the contract's last day", life(ends="2024-03-31"), "2024-03-31", Status.ACTIVE),
        ("the day after the contract", life(ends="2024-03-31"), "2024-04-01", Status.COMPLETED),
        ("cancelled before the contract ends", life("2024-02-29", "2024-03-31"), "2024-05-01", Status.CANCELLED),
        ("to be cancelled after the contract ends", life("2024-04-30", "2024-03-31"), "2024-04-01", Status.COMPLETED),
    )  # fmt: skip

    def test_the_status_on_a_day(self) -> None:
        for name, of, today, expected in self.cases:
            with self.subTest(name):
                self.assertIs(status(of, day(today)), expected)

    def test_a_cancelled_subscription_stays_cancelled_erpnext_57761(self) -> None:
        ended = life(cancelled="2024-03-31", paused=("2024-04-10", "2024-04-20"), trial="2024-06-01")
        for offset in range(1000):
            self.assertIn(status(ended, day("2024-03-31") + offset * DAY), TERMINAL)

    @examples(100)
    @given(facts=some_facts(), cancelled=OFFSETS, ends=OFFSETS)
    def test_the_status_changes_on_no_day_but_those_foretold(
        self, facts: Facts, cancelled: int | None, ends: int | None
    ) -> None:
        of = Life(
            facts,
            None if cancelled is None else facts.start + cancelled * DAY,
            None if ends is None else facts.start + ends * DAY,
        )
        foretold = set(status_changes(of))
        for offset in range(-30, 900):
            today = facts.start + offset * DAY
            if status(of, today) is not status(of, today - DAY):
                self.assertIn(today, foretold)


class TestTheLastDay(unittest.TestCase):
    def test_the_earlier_end_counts(self) -> None:
        early, late = day("2024-01-31"), day("2024-02-29")
        for cancelled, ends, expected in (
            (None, None, None),
            (early, None, early),
            (None, early, early),
            (early, late, early),
            (late, early, early),
        ):
            self.assertEqual(last_day(cancelled, ends), expected)


class TestBillingStatus(unittest.TestCase):
    ranked = (
        ("failed", BillingStatus.FAILED),
        ("unpaid", BillingStatus.UNPAID),
        ("overdue", BillingStatus.PAST_DUE),
        ("processing", BillingStatus.PAYMENT_PROCESSING),
        ("awaiting", BillingStatus.AWAITING_PAYMENT),
        ("to_order", BillingStatus.TO_ORDER),
    )

    def of(self, *true: str) -> BillingStatus:
        return billing_status(**{name: name in true for name, _ in self.ranked})

    def test_nothing_open_is_up_to_date(self) -> None:
        self.assertIs(self.of(), BillingStatus.UP_TO_DATE)

    def test_each_fact_has_its_status(self) -> None:
        for name, expected in self.ranked:
            self.assertIs(self.of(name), expected)

    def test_the_most_urgent_of_several_is_shown(self) -> None:
        names = [name for name, _ in self.ranked]
        for rank, (name, expected) in enumerate(self.ranked):
            with self.subTest(name):
                self.assertIs(self.of(*names[rank:]), expected)
