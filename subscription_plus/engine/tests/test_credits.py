"""Booking credits: what a use takes, what goes back, what expires, and what a length of time costs."""

from __future__ import annotations

import datetime as dt
import os
import unittest
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from subscription_plus.engine.credits import (
    Conversion,
    Grant,
    Move,
    NotEnough,
    available,
    expired,
    price,
    take,
    to_give_back,
)

from .builders import day, examples

TODAY = day("2024-03-15")


def grant(
    name: str, left: int, until: str | None = None, start: str = "2024-01-01", user: str | None = None
) -> Grant:
    return Grant(name, left, day(start), day(until) if until else None, user)


def taken(moves: list[Move]) -> str:
    return " ".join(f"{move.grant}:{move.credits}" for move in moves)


class TestTaking(unittest.TestCase):
    CASES: tuple[tuple[str, tuple[tuple[Any, ...], ...], int, str], ...] = (
        ("exactly the amount across grants (not 7 of 3 and 4)", (("a", 3), ("b", 4)), 5, "a:3 b:2"),
        ("three grants, the last one in part", (("a", 3), ("b", 4), ("c", 6)), 12, "a:3 b:4 c:5"),
        ("the earliest end first", (("a", 3, "2024-12-31"), ("b", 3, "2024-04-01")), 4, "b:3 a:1"),
        ("never ending ones last", (("a", 3), ("b", 3, "2030-01-01")), 4, "b:3 a:1"),
        (
            "of two that end together the older",
            (("a", 2, "2024-05-01", "2024-02-01"), ("b", 2, "2024-05-01")),
            3,
            "b:2 a:1",
        ),
        ("nothing of an empty one", (("a", 0), ("b", 1)), 1, "b:1"),
        ("nothing of one that is over", (("a", 2, "2024-03-14"), ("b", 2)), 2, "b:2"),
        ("still on the last day", (("a", 2, "2024-03-15"), ("b", 2)), 2, "a:2"),
        ("nothing of one that has not begun", (("a", 2, None, "2024-03-16"), ("b", 2)), 2, "b:2"),
        ("nothing at all", (("a", 2),), 0, ""),
    )

    def test_named_cases(self) -> None:
        for name, grants, wanted, expected in self.CASES:
            with self.subTest(name):
                self.assertEqual(taken(take([grant(*row) for row in grants], wanted, TODAY)), expected)

    def test_a_user_uses_the_own_ones_and_shared_ones_never_anothers(self) -> None:
        grants = [grant("shared", 2), grant("own", 2, user="ada"), grant("other", 9, user="bob")]
        self.assertEqual(taken(take(grants, 3, TODAY, "ada")), "own:2 shared:1")
        self.assertEqual(available(grants, TODAY, "ada"), 4)
        self.assertEqual(available(grants, TODAY), 2)

    def test_too_few_take_nothing_and_say_how_many_are_missing(self) -> None:
        with self.assertRaises(NotEnough) as caught:
            take([grant("a", 3)], 5, TODAY)
        self.assertEqual((caught.exception.available, caught.exception.missing), (3, 2))

    def test_a_negative_use_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            take([grant("a", 3)], -1, TODAY)

    def test_what_is_left_after_the_last_day_expires(self) -> None:
        grants = [
            grant("a", 3, "2024-03-14"),
            grant("b", 3, "2024-03-15"),
            grant("c", 0, "2024-01-02"),
            grant("d", 1),
        ]
        self.assertEqual(taken(expired(grants, TODAY)), "a:3")


class TestGivingBack(unittest.TestCase):
    def test_the_same_amounts_go_back_to_the_same_grants(self) -> None:
        used = [Move("a", 3), Move("b", 2)]
        self.assertEqual(to_give_back(used, []), used)

    def test_what_went_back_goes_back_once(self) -> None:
        used = [Move("a", 3), Move("b", 2)]
        self.assertEqual(to_give_back(used, used), [])
        self.assertEqual(to_give_back(used, [Move("a", 1)]), [Move("a", 2), Move("b", 2)])


HALF, FULL, WEEK = Conversion("Half-day", 240, 1), Conversion("Day", 480, 2), Conversion("Week", 2400, 8)


class TestPrices(unittest.TestCase):
    CASES = (
        ("half a day", (HALF, FULL), 240, 1, {"Half-day": 1}),
        ("a day is one day, not two halves", (HALF, FULL), 480, 2, {"Day": 1}),
        ("a day in half days", (HALF,), 480, 2, {"Half-day": 2}),
        ("a day and a half", (HALF, FULL), 720, 3, {"Day": 1, "Half-day": 1}),
        ("a week is cheaper than five days", (HALF, FULL, WEEK), 2400, 8, {"Week": 1}),
        ("a week and half a day", (HALF, FULL, WEEK), 2640, 9, {"Week": 1, "Half-day": 1}),
        ("the cheapest, not the longest", (Conversion("A", 60, 5), Conversion("B", 20, 1)), 60, 3, {"B": 3}),
        (
            "exact where the longest first fails",
            (Conversion("A", 50, 1), Conversion("B", 40, 1)),
            80,
            2,
            {"B": 2},
        ),
        ("free", (Conversion("Hour", 60, 0),), 120, 0, {"Hour": 2}),
    )

    def test_named_cases(self) -> None:
        for name, conversions, minutes, credits, units in self.CASES:
            with self.subTest(name):
                found = price(conversions, minutes)
                assert found is not None
                self.assertEqual((found.credits, dict(found.units)), (credits, units))

    def test_a_length_that_no_units_make_has_no_price(self) -> None:
        self.assertIsNone(price((HALF, FULL), 300))
        self.assertIsNone(price((HALF,), 120))
        self.assertIsNone(price((), 60))
        self.assertIsNone(price((HALF,), 0))

    def test_a_unit_lasts_a_minute_at_least_and_never_pays_credits_out(self) -> None:
        for minutes, credits in ((0, 1), (60, -1)):
            with self.assertRaises(ValueError):
                Conversion("X", minutes, credits)

    @examples(150)
    @given(
        st.lists(st.tuples(st.integers(1, 8), st.integers(0, 9)), min_size=1, max_size=4),
        st.integers(1, 24),
    )
    def test_no_other_set_of_units_is_cheaper(self, rows: list[tuple[int, int]], length: int) -> None:
        conversions = [
            Conversion(str(index), minutes * 30, credits) for index, (minutes, credits) in enumerate(rows)
        ]
        cheapest = {0: 0}
        for reached in range(1, length + 1):
            costs = [cheapest[reached - m] + c for m, c in rows if reached - m in cheapest]
            if costs:
                cheapest[reached] = min(costs)
        found = price(conversions, length * 30)
        self.assertEqual(found and found.credits, cheapest.get(length))
        if found:
            minutes = {one.unit: one.minutes for one in conversions}
            self.assertEqual(sum(minutes[unit] * count for unit, count in found.units.items()), length * 30)


class Histories(RuleBasedStateMachine):
    """Any order of granting, using, giving back and expiring, each move written down."""

    def __init__(self) -> None:
        super().__init__()
        self.today = TODAY
        self.grants: dict[str, Grant] = {}
        self.entries: list[tuple[str, int]] = []
        self.uses: list[list[Move]] = []

    def move(self, grant: str, credits: int) -> None:
        one = self.grants[grant]
        self.grants[grant] = Grant(one.name, one.left + credits, one.valid_from, one.valid_until, one.user)
        self.entries.append((grant, credits))

    @rule(
        credits=st.integers(1, 20),
        begins=st.integers(-5, 5),
        lasts=st.none() | st.integers(0, 30),
        user=st.sampled_from((None, "ada", "bob")),
    )
    def grant(self, credits: int, begins: int, lasts: int | None, user: str | None) -> None:
        name, start = f"G{len(self.grants)}", self.today + dt.timedelta(days=begins)
        end = None if lasts is None else start + dt.timedelta(days=lasts)
        self.grants[name] = Grant(name, 0, start, end, user)
        self.move(name, credits)

    @rule(wanted=st.integers(0, 30), user=st.sampled_from((None, "ada", "bob")))
    def use(self, wanted: int, user: str | None) -> None:
        before = available(self.grants.values(), self.today, user)
        try:
            moves = take(self.grants.values(), wanted, self.today, user)
        except NotEnough as error:
            assert before < wanted and error.missing == wanted - before
            return
        assert sum(move.credits for move in moves) == wanted <= before
        for move in moves:
            assert self.grants[move.grant].usable(self.today, user)
            self.move(move.grant, -move.credits)
        self.uses.append(moves)
        assert available(self.grants.values(), self.today, user) == before - wanted

    @precondition(lambda self: self.uses)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        moves = self.uses.pop(data.draw(st.integers(0, len(self.uses) - 1)))
        before = {move.grant: self.grants[move.grant].left for move in moves}
        for move in to_give_back(moves, []):
            self.move(move.grant, move.credits)
        assert to_give_back(moves, moves) == []
        assert all(self.grants[move.grant].left == before[move.grant] + move.credits for move in moves)

    @rule(days=st.integers(0, 20))
    def pass_days_and_expire(self, days: int) -> None:
        self.today += dt.timedelta(days=days)
        for move in expired(self.grants.values(), self.today):
            self.move(move.grant, -move.credits)
        assert not expired(self.grants.values(), self.today)

    @invariant()
    def nothing_is_below_zero_and_the_ledger_is_the_balance(self) -> None:
        sums: dict[str, int] = {}
        for name, credits in self.entries:
            sums[name] = sums.get(name, 0) + credits
        assert all(one.left == sums[one.name] >= 0 for one in self.grants.values())


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=int(os.environ.get("SP_HISTORIES", "100")),
    stateful_step_count=20,
    deadline=None,
    database=None,
)
