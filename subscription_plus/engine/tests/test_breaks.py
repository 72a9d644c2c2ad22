"""Pauses, skipped periods, restarts, changes of recurrence, and days that were billed before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import Break, pieces, preview

from .builders import (
    ARREARS,
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
    days_of,
    pause,
    shown,
    subscription,
)


class TestBreaks(PlanningCase):
    def test_days_of_a_break_are_not_billed(self) -> None:
        mid = pause("2024-01-20", "2024-02-09")
        self.assert_plans((
            ("a pause keeps the anchor", subscription("2024-01-01", breaks=[mid]),
             ["2024-01-01..2024-01-19 19/31", "2024-02-10..2024-02-29 20/29", "2024-03-01..2024-03-31"]),
            ("a pause moves the anchor", subscription("2024-01-01", breaks=[replace(mid, new_anchor=True)]),
             ["2024-01-01..2024-01-19 19/31", "2024-02-10..2024-03-09", "2024-03-10..2024-04-09"]),
            ("a moved anchor returns to the billing day", subscription("2024-01-01", ON_THE_1ST, breaks=[replace(mid, new_anchor=True)]),
             ["2024-01-01..2024-01-19 19/31", "2024-02-10..2024-02-29 20/29", "2024-03-01..2024-03-31"]),
            ("an open pause", subscription("2024-01-01", breaks=[pause("2024-02-10")]),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-09 9/29"]),
            ("an open pause from the start", subscription("2024-01-01", breaks=[pause("2024-01-01")]), []),
            ("a skipped period", subscription("2024-01-31", breaks=[pause("2024-02-29", "2024-03-30")]),
             ["2024-01-31..2024-02-28", "2024-03-31..2024-04-29"]),
            ("a pause within one period", subscription("2024-01-01", breaks=[pause("2024-01-11", "2024-01-20")]),
             ["2024-01-01..2024-01-10 10/31", "2024-01-21..2024-01-31 11/31", "2024-02-01..2024-02-29"]),
            ("a pause long after a stub at full price", subscription("2024-01-10", FULL_STUB, breaks=[pause("2024-02-11", "2024-02-29")]),
             ["2024-01-10..2024-01-31 full price", "2024-02-01..2024-02-10 10/29", "2024-03-01..2024-03-31"]),
            ("a pause of one day", subscription("2024-01-01", WEEKLY, breaks=[pause("2024-01-03", "2024-01-03")]),
             ["2024-01-01..2024-01-02 2/7", "2024-01-04..2024-01-07 4/7", "2024-01-08..2024-01-14"]),
            ("a pause over the start", subscription("2024-01-01", breaks=[pause("2023-12-15", "2024-01-15")]),
             ["2024-01-16..2024-01-31 16/31", "2024-02-01..2024-02-29"]),
            ("a pause over the trial's end", subscription("2024-01-01", trial="2024-01-14", breaks=[pause("2024-01-10", "2024-01-20")]),
             ["2024-01-21..2024-02-14 25/31", "2024-02-15..2024-03-14"]),
            ("a pause inside the trial", subscription("2024-01-01", trial="2024-01-14", breaks=[pause("2024-01-05", "2024-01-09", True)]),
             ["2024-01-15..2024-02-14"]),
            ("a pause over the end", subscription("2024-01-01", end="2024-02-10", breaks=[pause("2024-02-05", "2024-03-05")]),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-04 4/29"]),
            ("two pauses, given in any order", subscription("2024-01-01", WEEKLY, end="2024-01-14", breaks=[
                pause("2024-01-10", "2024-01-12"), pause("2024-01-03", "2024-01-03")]),
             ["2024-01-01..2024-01-02 2/7", "2024-01-04..2024-01-07 4/7", "2024-01-08..2024-01-09 2/7", "2024-01-13..2024-01-14 2/7"]),
            ("pauses that overlap", subscription("2024-01-01", breaks=[pause("2024-01-10", "2024-02-20"), pause("2024-01-20", "2024-01-25")]),
             ["2024-01-01..2024-01-09 9/31", "2024-02-21..2024-02-29 9/29"]),
        ))  # fmt: skip

    def test_a_pause_inside_the_stub_does_not_change_what_the_stub_costs(self) -> None:
        mid, early = pause("2024-01-15", "2024-01-20"), pause("2024-01-10", "2024-01-12")
        whole = "2024-02-01..2024-02-29"
        self.assert_plans((
            ("prorated: the days count", subscription("2024-01-10", ON_THE_1ST, breaks=[mid]),
             ["2024-01-10..2024-01-14 5/31", "2024-01-21..2024-01-31 11/31", whole]),
            ("free: all of it", subscription("2024-01-10", FREE_STUB, breaks=[mid]),
             ["2024-01-10..2024-01-14 free", "2024-01-21..2024-01-31 free", whole]),
            ("full price: once", subscription("2024-01-10", FULL_STUB, breaks=[mid]),
             ["2024-01-10..2024-01-14 full price", "2024-01-21..2024-01-31 free", whole]),
            ("full price: once, after a pause at its start", subscription("2024-01-10", FULL_STUB, breaks=[early]),
             ["2024-01-13..2024-01-31 full price", whole]),
            ("full price: once, though its first days were billed", subscription("2024-01-10", FULL_STUB, covered=["2024-01-10..2024-01-14"]),
             ["2024-01-15..2024-01-31 free", whole]),
        ))  # fmt: skip

    def test_a_restart_counts_anew_and_bills_no_day_again(self) -> None:
        away = pause("2024-01-21", "2024-02-04", new_anchor=True)
        self.assert_plans((
            ("what was not billed is billed", subscription("2024-01-01", breaks=[away]),
             ["2024-01-01..2024-01-20 20/31", "2024-02-05..2024-03-04"]),
            ("after days paid in advance", subscription("2024-01-01", breaks=[away], covered=["2024-01-01..2024-02-09"]),
             ["2024-02-10..2024-03-04 24/29", "2024-03-05..2024-04-04"]),
        ))  # fmt: skip

    def test_a_new_recurrence_counts_from_the_day_it_changes(self) -> None:
        early = change("2024-01-05", before=MONTHLY)
        self.assert_plans((
            ("at a period's start", subscription("2024-01-01", YEARLY, breaks=[change("2024-03-01", before=MONTHLY)]),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-29", "2024-03-01..2025-02-28"]),
            ("within a period", subscription("2024-01-01", WEEKLY, breaks=[change("2024-01-11", before=MONTHLY)]),
             ["2024-01-01..2024-01-10 10/31", "2024-01-11..2024-01-17"]),
            ("to a billing day", subscription("2024-01-15", ON_THE_1ST, breaks=[change("2024-02-15", before=MONTHLY)]),
             ["2024-01-15..2024-02-14", "2024-02-15..2024-02-29 15/29", "2024-03-01..2024-03-31"]),
            ("twice", subscription("2024-01-01", YEARLY, breaks=[change("2024-02-01", before=MONTHLY), change("2024-02-08", before=WEEKLY)]),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-07", "2024-02-08..2025-02-07"]),
            ("on a clamped day", subscription("2024-01-31", QUARTERLY, breaks=[change("2024-02-29", before=MONTHLY)]),
             ["2024-01-31..2024-02-28", "2024-02-29..2024-05-30", "2024-05-31..2024-08-30"]),
            ("in the trial", subscription("2024-01-01", WEEKLY, trial="2024-01-14", breaks=[early]),
             ["2024-01-15..2024-01-21", "2024-01-22..2024-01-28"]),
            ("before the start", subscription("2024-01-10", WEEKLY, breaks=[early]), ["2024-01-10..2024-01-16"]),
            ("in a pause", subscription("2024-01-01", WEEKLY, breaks=[pause("2024-01-03", "2024-01-09"), early]),
             ["2024-01-01..2024-01-02 2/31", "2024-01-10..2024-01-16"]),
            ("even if the anchor was to be kept", subscription("2024-01-01", WEEKLY, breaks=[replace(change("2024-02-01", MONTHLY), new_anchor=False)]),
             ["2024-01-01..2024-01-31", "2024-02-01..2024-02-07"]),
            ("ahead of days already billed", subscription("2024-01-01", WEEKLY, breaks=[change("2024-01-11", before=MONTHLY)], covered=["2024-01-01..2024-01-31"]),
             ["2024-02-01..2024-02-07"]),
        ))  # fmt: skip

    def test_each_side_of_a_change_is_billed_when_its_own_recurrence_says(self) -> None:
        facts = subscription("2024-01-01", WEEK_AHEAD, breaks=[change("2024-02-01", before=ARREARS)])
        self.assertEqual(
            [str(piece.bill_on) for piece in preview(facts, 3)], ["2024-02-01", "2024-01-25", "2024-02-23"]
        )

    def test_a_hundred_pauses_and_resumptions_neither_repeat_nor_lose_a_day_killbill_2306(self) -> None:
        facts = subscription("2024-01-31", end="2026-01-30")
        paused: set[dt.date] = set()
        for number in range(100):
            start = facts.start + dt.timedelta(days=7 * number + 3)
            brk = Break(start, start + (number % 4) * DAY, new_anchor=number % 5 == 0)
            paused |= {brk.start + dt.timedelta(days=offset) for offset in range(number % 4 + 1)}
            facts = replace(facts, breaks=(*facts.breaks, brk))
        billed = [date for piece in pieces(facts) for date in days_of(piece)]
        alive = {facts.start + dt.timedelta(days=offset) for offset in range(731)}
        self.assertEqual(len(billed), len(set(billed)))
        self.assertEqual(set(billed), alive - paused)

    def test_a_break_cannot_end_before_it_begins(self) -> None:
        with self.assertRaisesRegex(ValueError, "from 2024-01-10 cannot end on 2024-01-08"):
            pause("2024-01-10", "2024-01-08")


class TestCoveredDays(PlanningCase):
    def test_covered_days_are_never_billed_again_killbill_1171(self) -> None:
        self.assert_plans((
            ("whole periods", subscription("2024-01-01", covered=["2024-01-01..2024-01-31"]), ["2024-02-01..2024-02-29"]),
            ("up to a day", subscription("2024-01-01", covered=["2024-01-01..2024-02-10"]),
             ["2024-02-11..2024-02-29 19/29", "2024-03-01..2024-03-31"]),
            ("a period in between", subscription("2024-01-01", covered=["2024-02-01..2024-02-29"]),
             ["2024-01-01..2024-01-31", "2024-03-01..2024-03-31"]),
            ("days in between", subscription("2024-01-01", covered=["2024-01-11..2024-01-20"]),
             ["2024-01-01..2024-01-10 10/31", "2024-01-21..2024-01-31 11/31"]),
            ("that overlap, in any order", subscription("2024-01-01", covered=[
                "2024-01-20..2024-02-29", "2024-01-01..2024-01-25", "2024-01-05..2024-01-06"]), ["2024-03-01..2024-03-31"]),
            ("a range without days", subscription("2024-01-01", covered=["2024-01-15..2024-01-14"]), ["2024-01-01..2024-01-31"]),
            ("before the start", subscription("2024-01-01", covered=["2023-01-01..2023-12-31"]), ["2024-01-01..2024-01-31"]),
            ("past the end", subscription("2024-01-01", end="2024-01-20", covered=["2024-01-01..2024-01-31"]), []),
            ("all but the day of the end", subscription("2024-01-01", end="2024-01-20", covered=["2024-01-01..2024-01-19"]),
             ["2024-01-20..2024-01-20 1/31"]),
        ))  # fmt: skip

    def test_a_moved_start_date_bills_only_the_days_that_were_not_billed_killbill_1171(self) -> None:
        moved = subscription("2023-12-15", covered=["2024-01-01..2024-01-31"])
        self.assertEqual(
            [shown(piece) for piece in preview(moved, 3)],
            ["2023-12-15..2023-12-31 17/31", "2024-02-01..2024-02-14 14/31", "2024-02-15..2024-03-14"],
        )
