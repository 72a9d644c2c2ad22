"""Reports of a payment attempt: whatever their order and however often, they come to the same."""

from __future__ import annotations

import unittest
from functools import reduce
from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.attempts import OPEN, AttemptStatus, blocks_new_attempt, merge, must_be_asked

from .builders import examples

S = AttemptStatus


class TestMerge(unittest.TestCase):
    def test_is_idempotent(self) -> None:
        for status in S:
            self.assertIs(merge(status, status), status)

    def test_is_commutative(self) -> None:
        for one, two in product(S, repeat=2):
            self.assertIs(merge(one, two), merge(two, one))

    def test_is_associative(self) -> None:
        for one, two, three in product(S, repeat=3):
            self.assertIs(merge(merge(one, two), three), merge(one, merge(two, three)))

    @examples(200)
    @given(reports=st.lists(st.sampled_from(S), min_size=1, max_size=6), data=st.data())
    def test_any_order_and_any_repetition_come_to_the_same(
        self, reports: list[AttemptStatus], data: st.DataObject
    ) -> None:
        again = data.draw(st.permutations(reports + data.draw(st.lists(st.sampled_from(reports)))))
        self.assertIs(reduce(merge, again, S.CREATED), reduce(merge, reports, S.CREATED))

    def test_an_old_report_changes_nothing(self) -> None:
        for known, late in (
            (S.SUCCEEDED, S.PROCESSING),
            (S.SUCCEEDED, S.FAILED),
            (S.SUCCEEDED, S.CANCELLED),
            (S.REVERSED, S.SUCCEEDED),
            (S.FAILED, S.NEEDS_ACTION),
            (S.PROCESSING, S.UNKNOWN),
        ):
            self.assertIs(merge(known, late), known)

    def test_money_that_came_beats_every_report_that_it_did_not(self) -> None:
        for story in permutations((S.SENT, S.UNKNOWN, S.FAILED, S.CANCELLED, S.SUCCEEDED)):
            self.assertIs(reduce(merge, story), S.SUCCEEDED)


class TestWhatMayFollow(unittest.TestCase):
    def test_no_second_attempt_while_money_may_move_by_the_first(self) -> None:
        blocking = {status for status in S if blocks_new_attempt(status)}
        self.assertEqual(blocking, {S.CREATED, S.SENT, S.UNKNOWN, S.NEEDS_ACTION, S.PROCESSING})
        self.assertEqual(blocking, set(OPEN))

    def test_the_gateway_is_asked_about_what_it_has_not_answered(self) -> None:
        asked = {status for status in S if must_be_asked(status)}
        self.assertEqual(asked, {S.CREATED, S.SENT, S.UNKNOWN, S.PROCESSING})

    def test_what_is_over_is_neither_open_nor_asked(self) -> None:
        for status in (S.FAILED, S.CANCELLED, S.SUCCEEDED, S.REVERSED):
            self.assertFalse(blocks_new_attempt(status) or must_be_asked(status))
