"""Which days are billed, in which pieces and when: none before the start, none after the end."""

from __future__ import annotations

import datetime as dt
import unittest
from dataclasses import replace
from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.calendar import Unit
from subscription_plus.engine.planning import (
    BillAt,
    Facts,
    Recurrence,
    due,
    next_piece,
    pieces,
    preview,
    whole_period_holding,
)

from .builders import (
    ARREARS,
    DAILY,
    FREE_STUB,
    FULL_STUB,
    MONTHLY,
    ON_THE_1ST,
    QUARTERLY,
    WEEK_AHEAD,
    WEEKLY,
    YEARLY,
    PlanningCase,
    change,
    day,
    examples,
    pause,
    shown,
    some_facts,
    subscription,
)


class TestPeriods(PlanningCase):
    def test_without_a_billing_day_periods_count_from_the_start(self) -> None:
        self.assert_plans((
            ("monthly from the 31st", subscription("2023-01-31"),
             ["2023-01-31..2023-02-27", "2023-02-28..2023-03-30", "2023-03-31..2023-04-29"]),
            ("quarterly", subscription("2024-01-31", QUARTERLY), ["2024-01-31..2024-04-29", "2024-04-30..2024-07-30"]),
            ("yearly from 29 February", subscription("2024-02-29", YEARLY),
             ["2024-02-29..2025-02-27", "2025-02-28..2026-02-27"]),
            ("weekly", subscription("2024-02-26", WEEKLY), ["2024-02-26..2024-03-03", "2024-03-04..2024-03-10"]),
            ("daily", subscription("2024-02-29", DAILY), ["2024-02-29..2024-02-29", "2024-03-01..2024-03-01"]),
            ("every other month", subscription("2024-01-15", Recurrence(Unit.MONTH, 2)),
             ["2024-01-15..2024-03-14", "2024-03-15..2024-05-14"]),
        ))  # fmt: skip

    def test_a_billing_day_puts_a_stub_before_the_first_whole_period(self) -> None:
        last = Recurrence(Unit.MONTH, billing_day=31)
        self.assert_plans((
            ("on the billing day there is no stub", subscription("2024-01-01", ON_THE_1ST),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-29"]),
            ("prorated", subscription("2024-01-10", ON_THE_1ST), ["2024-01-10..2024-01-31 22/31", "2024-02-01..2024-02-29"]),
            ("free", subscription("2024-01-10", FREE_STUB), ["2024-01-10..2024-01-31 free", "2024-02-01..2024-02-29"]),
            ("full price", subscription("2024-01-10", FULL_STUB),
             ["2024-01-10..2024-01-31 full price", "2024-02-01..2024-02-29"]),
            ("measured against the period before the anchor", subscription("2024-02-10", last),
             ["2024-02-10..2024-02-28 19/29", "2024-02-29..2024-03-30", "2024-03-31..2024-04-29"]),
            ("in a quarter", subscription("2024-01-10", replace(ON_THE_1ST, unit=Unit.QUARTER)),
             ["2024-01-10..2024-01-31 22/92", "2024-02-01..2024-04-30"]),
            ("in a year", subscription("2024-01-22", replace(ON_THE_1ST, unit=Unit.YEAR)),
             ["2024-01-22..2024-01-31 10/365", "2024-02-01..2025-01-31"]),
            ("in two months", subscription("2024-01-10", replace(ON_THE_1ST, count=2)),
             ["2024-01-10..2024-01-31 22/62", "2024-02-01..2024-03-31"]),
            ("weeks have none", subscription("2024-01-10", replace(ON_THE_1ST, unit=Unit.WEEK)),
             ["2024-01-10..2024-01-16"]),
        ))  # fmt: skip

    def test_every_billing_day_leaves_at_most_one_stub(self) -> None:
        for billing_day in range(1, 32):
            for start in ("2023-02-28", "2024-01-31", "2024-02-29", "2024-04-15"):
                with self.subTest(billing_day=billing_day, start=start):
                    plan = preview(subscription(start, replace(ON_THE_1ST, billing_day=billing_day)), 14)
                    self.assertEqual(plan[0].start, day(start))
                    self.assertTrue(all(piece.period.is_whole for piece in plan[1:]))
                    self.assertTrue(all(piece.start.day <= billing_day for piece in plan[1:]))

    def test_nothing_is_billed_before_the_trial_is_over(self) -> None:
        self.assert_plans((
            ("periods count from the day after", subscription("2024-01-01", trial="2024-01-14"),
             ["2024-01-15..2024-02-14", "2024-02-15..2024-03-14"]),
            ("then up to the billing day", subscription("2024-01-01", ON_THE_1ST, trial="2024-01-14"),
             ["2024-01-15..2024-01-31 17/31", "2024-02-01..2024-02-29"]),
            ("until the day before the billing day", subscription("2024-01-01", FREE_STUB, trial="2024-01-31"),
             ["2024-02-01..2024-02-29"]),
            ("over the billing day", subscription("2024-01-20", FULL_STUB, trial="2024-02-03"),
             ["2024-02-04..2024-02-29 full price", "2024-03-01..2024-03-31"]),
            ("a trial of one day", subscription("2024-01-31", trial="2024-01-31"), ["2024-02-01..2024-02-29"]),
            ("a trial before the start counts for nothing", subscription("2024-01-31", trial="2024-01-30"),
             ["2024-01-31..2024-02-28"]),
            ("cancelled in the trial", subscription("2024-01-01", trial="2024-01-14", end="2024-01-14"), []),
        ))  # fmt: skip


class TestTheEnd(PlanningCase):
    def test_no_period_passes_the_end_erpnext_51199(self) -> None:
        self.assert_plans((
            ("cut and prorated", subscription("2024-01-01", end="2024-02-10"),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-10 10/29"]),
            ("cut and billed whole", subscription("2024-01-01", end="2024-02-10", prorate_last=False),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-10 full price"]),
            ("on a period's last day", subscription("2024-01-01", end="2024-02-29", prorate_last=False),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-29"]),
            ("on a period's first day", subscription("2024-01-01", end="2024-02-01"),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-01 1/29"]),
            ("on the first day", subscription("2024-01-01", end="2024-01-01"), ["2024-01-01..2024-01-01 1/31"]),
            ("before the first day", subscription("2024-01-01", end="2023-12-31"), []),
            ("inside the stub", subscription("2024-01-10", ON_THE_1ST, end="2024-01-20"), ["2024-01-10..2024-01-20 11/31"]),
            ("inside a stub at full price", subscription("2024-01-10", FULL_STUB, end="2024-01-20"),
             ["2024-01-10..2024-01-20 full price"]),
            ("inside a free stub", subscription("2024-01-10", FREE_STUB, end="2024-01-20"), ["2024-01-10..2024-01-20 free"]),
            ("a later period of a free stub's subscription", subscription("2024-01-10", FREE_STUB, end="2024-02-10"),
             ["2024-01-10..2024-01-31 free", "2024-02-01..2024-02-10 10/29"]),
            ("a contract of 12 months", subscription("2024-03-01", YEARLY, end="2025-02-28"), ["2024-03-01..2025-02-28"]),
        ))  # fmt: skip

    def test_a_last_period_is_billed_whole_only_from_its_first_day(self) -> None:
        end = "2024-02-20"
        self.assert_plans((
            ("not the days that earlier billing left", subscription("2024-02-01", covered=["2024-02-01..2024-02-10"], end=end, prorate_last=False),
             ["2024-02-11..2024-02-20 10/29"]),
            ("not the days after a pause", subscription("2024-02-01", breaks=[pause("2024-02-05", "2024-02-10")], end=end, prorate_last=False),
             ["2024-02-01..2024-02-04 4/29", "2024-02-11..2024-02-20 10/29"]),
            ("not a stub", subscription("2024-02-10", ON_THE_1ST, end=end, prorate_last=False), ["2024-02-10..2024-02-20 11/29"]),
        ))  # fmt: skip

    def test_a_day_before_the_next_period_is_the_end_and_starts_none_oca_contract_739(self) -> None:
        facts = subscription("2024-01-01", end="2024-01-31", covered=["2024-01-01..2024-01-31"])
        self.assertIsNone(next_piece(facts))
        earlier = subscription("2024-01-01", end="2024-02-20", covered=["2024-01-01..2024-02-29"])
        self.assertIsNone(next_piece(earlier))

    def test_a_cancellation_is_honoured_before_the_next_period_erpnext_26306(self) -> None:
        running = subscription("2024-01-01", covered=["2024-01-01..2024-01-31"])
        self.assertEqual(
            [shown(piece) for piece in due(running, day("2024-02-01"), 10)], ["2024-02-01..2024-02-29"]
        )
        self.assertEqual(due(replace(running, end=day("2024-01-31")), day("2024-02-01"), 10), [])

    @examples(100)
    @given(facts=some_facts(), at=st.integers(0, 900))
    def test_an_end_announced_early_changes_no_period_before_the_last(self, facts: Facts, at: int) -> None:
        end = facts.start + dt.timedelta(days=at)
        endless = takewhile(lambda piece: piece.start <= end, pieces(replace(facts, end=None)))
        ended = list(pieces(replace(facts, end=end)))
        self.assertEqual(ended[:-1], list(endless)[: len(ended) - 1] if ended else [])


class TestWhenAPieceIsBilled(unittest.TestCase):
    cases = (
        ("at its start", subscription("2024-01-31"), ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("a week ahead, never before the start", subscription("2024-01-31", WEEK_AHEAD),
         ["2024-01-31", "2024-02-22", "2024-03-24"]),
        ("ahead of a trial's end, in the trial", subscription("2024-01-01", WEEK_AHEAD, trial="2024-01-14"),
         ["2024-01-08", "2024-02-08"]),
        ("ahead of a short trial's end, at the start", subscription("2024-01-01", WEEK_AHEAD, trial="2024-01-03"),
         ["2024-01-01", "2024-01-28"]),
        ("ahead by more than a period", subscription("2024-01-01", replace(WEEK_AHEAD, days_before=40)),
         ["2024-01-01", "2024-01-01", "2024-01-21"]),
        ("in arrears, the day after", subscription("2024-01-31", ARREARS), ["2024-02-29", "2024-03-31"]),
        ("in arrears, the cut last one the day after the end", subscription("2024-01-01", ARREARS, end="2024-02-10"),
         ["2024-02-01", "2024-02-11"]),
        ("in arrears, a pause ends the piece", subscription("2024-01-01", ARREARS, breaks=[pause("2024-01-20", "2024-02-09")]),
         ["2024-01-20", "2024-03-01"]),
        ("in arrears, a stub on the billing day", subscription("2024-01-10", replace(ON_THE_1ST, bill_at=BillAt.END)),
         ["2024-02-01", "2024-03-01"]),
    )  # fmt: skip

    def test_pieces_are_billed_on(self) -> None:
        for name, facts, expected in self.cases:
            with self.subTest(name):
                plan = preview(facts, len(expected))
                self.assertEqual([piece.bill_on.isoformat() for piece in plan], expected)

    def test_nothing_is_due_before_the_start_erpnext_40293(self) -> None:
        for recurrence in (MONTHLY, ON_THE_1ST, WEEK_AHEAD, ARREARS, DAILY):
            facts = subscription("2024-01-31", recurrence)
            self.assertEqual(due(facts, day("2024-01-30"), 10), [])

    def test_a_period_is_due_on_its_day_and_ever_after_erpnext_53308(self) -> None:
        facts = subscription("2024-01-31")
        for today, count in (
            ("2024-01-30", 0),
            ("2024-01-31", 1),
            ("2024-02-28", 1),
            ("2024-02-29", 2),
            ("2025-01-30", 12),
        ):
            self.assertEqual(len(due(facts, day(today), 100)), count, today)

    def test_the_oldest_come_first_and_no_more_than_the_limit(self) -> None:
        late = due(subscription("2024-01-31"), day("2026-01-01"), 2)
        self.assertEqual(
            [shown(piece) for piece in late], ["2024-01-31..2024-02-28", "2024-02-29..2024-03-30"]
        )

    @examples(150)
    @given(facts=some_facts(covered=True))
    def test_no_piece_is_ever_billed_before_the_subscription_starts(self, facts: Facts) -> None:
        self.assertTrue(all(piece.bill_on >= facts.start for piece in preview(facts, 30)))


class TestTheCurrentPeriod(unittest.TestCase):
    cases = (
        ("the one around the day", subscription("2024-01-31"), "2024-03-15", ("2024-02-29", "2024-03-30")),
        ("billed or not", subscription("2024-01-01", covered=["2024-01-01..2024-01-31"]), "2024-01-15", ("2024-01-01", "2024-01-31")),
        ("none before the start", subscription("2024-01-31"), "2024-01-30", None),
        ("none in the trial", subscription("2024-01-01", trial="2024-01-14"), "2024-01-14", None),
        ("none in a pause", subscription("2024-01-01", breaks=[pause("2024-01-10", "2024-01-12")]), "2024-01-12", None),
        ("up to a pause", subscription("2024-01-01", breaks=[pause("2024-01-10", "2024-01-12")]), "2024-01-09", ("2024-01-01", "2024-01-09")),
        ("after a pause", subscription("2024-01-01", breaks=[pause("2024-01-10", "2024-01-12")]), "2024-01-13", ("2024-01-13", "2024-01-31")),
        ("the stub", subscription("2024-01-10", ON_THE_1ST), "2024-01-20", ("2024-01-10", "2024-01-31")),
        ("the whole one, though a cancellation cuts it", subscription("2024-01-01", end="2024-01-20"), "2024-01-15", ("2024-01-01", "2024-01-31")),
        ("by the recurrence of its time", subscription("2024-01-01", YEARLY, breaks=[change("2024-02-01", MONTHLY)]), "2024-01-20", ("2024-01-01", "2024-01-31")),
    )  # fmt: skip

    def test_the_period_that_holds_a_day_is(self) -> None:
        for name, facts, today, expected in self.cases:
            with self.subTest(name):
                period = whole_period_holding(facts, day(today))
                self.assertEqual(period and (str(period.start), str(period.end)), expected)
