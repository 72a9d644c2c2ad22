"""What holds for any subscription: every day once, in any rhythm of billing."""

from __future__ import annotations

import datetime as dt
import unittest
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, takewhile

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.planning import Charge, Facts, Piece, due, next_piece, pieces, preview
from subscription_plus.engine.proration import Rounding, factor, share_of

from .builders import covering, days_of, examples, some_facts


def is_free(facts: Facts, date: dt.date) -> bool:
    """Whether nothing may be billed for a day, said without the planner."""
    return (
        date < facts.first_billed_day
        or (facts.end is not None and date > facts.end)
        or any(brk.start <= date and (brk.end is None or date <= brk.end) for brk in facts.breaks)
        or any(start <= date <= end for start, end in facts.covered)
    )


class TestAnySubscription(unittest.TestCase):
    @examples(200)
    @given(facts=some_facts(covered=True))
    def test_every_day_is_billed_once_and_no_free_day_ever(self, facts: Facts) -> None:
        horizon = facts.start + dt.timedelta(days=800)
        plan = list(takewhile(lambda piece: piece.start <= horizon, pieces(facts)))
        billed = [date for piece in plan for date in days_of(piece) if date <= horizon]
        wanted = [facts.start + dt.timedelta(days=offset) for offset in range(801)]
        self.assertEqual(billed, [date for date in wanted if not is_free(facts, date)])

    @examples(200)
    @given(facts=some_facts(covered=True))
    def test_pieces_follow_one_another_inside_their_whole_periods(self, facts: Facts) -> None:
        plan = preview(facts, 30)
        for one, next_one in pairwise(plan):
            self.assertLess(one.end, next_one.start)
        for piece in plan:
            whole = piece.period
            self.assertTrue(whole.whole_start <= piece.start <= piece.end <= whole.whole_end)
            self.assertTrue(0 < factor(whole) <= 1)

    @examples(150)
    @given(facts=some_facts(covered=True), after=st.integers(0, 900), limit=st.integers(1, 500))
    def test_nothing_is_due_again_once_it_is_billed(self, facts: Facts, after: int, limit: int) -> None:
        today = facts.start + dt.timedelta(days=after)
        done = due(facts, today, limit)
        left = due(covering(facts, done), today, 2000)
        self.assertEqual(done + left, due(facts, today, 2000))
        self.assertEqual(due(covering(facts, done + left), today, 2000), [])

    @examples(60)
    @given(
        facts=some_facts(covered=True),
        gaps=st.lists(st.integers(0, 40), max_size=40),
        limit=st.integers(1, 5),
    )
    def test_catching_up_in_any_rhythm_bills_the_same_pieces(
        self, facts: Facts, gaps: list[int], limit: int
    ) -> None:
        today, done = facts.start, list[Piece]()
        for gap in gaps:
            today += dt.timedelta(days=gap)
            done += due(covering(facts, done), today, limit)
        while late := due(covering(facts, done), today, limit):
            done += late
        self.assertEqual(done, due(facts, today, 10_000))

    @examples(15)
    @given(facts=some_facts())
    def test_billing_day_by_day_is_billing_in_one_jump(self, facts: Facts) -> None:
        done = list[Piece]()
        for offset in range(400):
            done += due(covering(facts, done), facts.start + dt.timedelta(days=offset), 100)
        self.assertEqual(done, due(facts, facts.start + dt.timedelta(days=399), 10_000))

    @examples(150)
    @given(facts=some_facts(), amount=st.decimals(0, 10_000, places=3), places=st.sampled_from((0, 2, 3)))
    def test_the_pieces_of_one_period_never_cost_more_than_the_period(
        self, facts: Facts, amount: Decimal, places: int
    ) -> None:
        facts = replace(facts, breaks=tuple(brk for brk in facts.breaks if not brk.new_anchor))
        rounding = Rounding(places)
        whole, spent = rounding(amount), dict[tuple[dt.date, dt.date], Decimal]()
        for piece in preview(facts, 40):
            key = (piece.period.whole_start, piece.period.whole_end)
            cost = {Charge.FREE: Decimal(0), Charge.FULL: whole}.get(piece.charge)
            spent[key] = spent.get(key, Decimal(0)) + (
                share_of(whole, piece.period, rounding) if cost is None else cost
            )
        self.assertTrue(all(cost <= whole for cost in spent.values()), spent)

    @examples(150)
    @given(facts=some_facts(covered=True))
    def test_a_preview_is_the_plan_itself(self, facts: Facts) -> None:
        plan = preview(facts, 10)
        self.assertEqual(next_piece(facts), plan[0] if plan else None)
        if plan:
            self.assertEqual(due(facts, max(piece.bill_on for piece in plan), 10), plan)
