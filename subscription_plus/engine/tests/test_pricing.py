"""What a line costs in a piece: which price, which part of it, one rounding."""

from __future__ import annotations

import datetime as dt
import unittest
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.calendar import DAY, Period
from subscription_plus.engine.planning import Charge, Piece
from subscription_plus.engine.pricing import (
    BilledLine,
    Line,
    LineShare,
    Price,
    bill,
    choose_price,
    lines_in,
)
from subscription_plus.engine.proration import Rounding, factor

from .builders import day, examples, part

EURO = Rounding(2)
JANUARY = "2024-01-01..2024-01-31"
ROUNDINGS = st.builds(Rounding, st.sampled_from((0, 2, 3)), st.sampled_from((ROUND_HALF_UP, ROUND_HALF_EVEN)))


def price(
    rate: int, uom: str | None = None, customer: str | None = None, since: str = "", until: str = ""
) -> Price:
    return Price(Decimal(rate), uom, customer, day(since) if since else None, day(until) if until else None)


def line(qty: str = "1", since: str = "", until: str = "", once: bool = False, prorate: bool = True) -> Line:
    return Line(
        "line",
        Decimal(qty),
        from_date=day(since) if since else None,
        to_date=day(until) if until else None,
        once=once,
        prorate=prorate,
    )


def piece(days: str = JANUARY, of: str = JANUARY, charge: Charge = Charge.PRORATED) -> Piece:
    period = part(days, of)
    return Piece(period, charge, period.start)


def counted(entry: LineShare) -> str:
    return f"{entry.part.days}/{entry.part.whole_days}" if entry.part else "whole"


class TestChoosePrice(unittest.TestCase):
    cases: Sequence[tuple[str, list[Price], int | None]] = (
        ("the only one", [price(10)], 10),
        ("valid on its first day", [price(10, since="2024-03-01")], 10),
        ("valid on its last day", [price(10, until="2024-03-01")], 10),
        ("not yet valid", [price(10, since="2024-03-02")], None),
        ("no longer valid", [price(10, until="2024-02-29")], None),
        ("the one that became valid last", [price(10), price(12, since="2024-02-01"), price(11, since="2024-01-01")], 12),
        ("the customer's own, though older", [price(10, since="2024-02-01"), price(8, customer="Ada")], 8),
        ("never another customer's", [price(8, customer="Bob")], None),
        ("the customer's own without unit before a general one with", [price(10, "Month"), price(8, customer="Ada")], 8),
        ("the first unit asked for", [price(10, "Nos"), price(30, "Month")], 30),
        ("the next unit, in want of the first", [price(99, "Year"), price(10, "Nos")], 10),
        ("a unit before none", [price(5), price(10, "Nos")], 10),
        ("none, in want of a unit", [price(5), price(99, "Year")], 5),
        ("never another unit's", [price(99, "Year")], None),
        ("no prices: none, never zero", [], None),
        ("a price of zero is a price", [price(0)], 0),
    )  # fmt: skip

    def test_the_price_is_the_most_specific_one_valid_on_the_day(self) -> None:
        for name, prices, expected in self.cases:
            for listed in (prices, prices[::-1]):
                with self.subTest(name):
                    chosen = choose_price(listed, day("2024-03-01"), ("Month", "Nos"), "Ada")
                    self.assertEqual(chosen.rate if chosen else None, expected)


class TestLinesInAPiece(unittest.TestCase):
    half = "2024-01-15..2024-01-31"
    cases: Sequence[tuple[str, Piece, Line, list[str]]] = (
        ("a whole period", piece(), line(), ["whole"]),
        ("a part of a period", piece(half), line(), ["17/31"]),
        ("from a date inside", piece(), line(since="2024-01-22"), ["10/31"]),
        ("until a date inside", piece(), line(until="2024-01-10"), ["10/31"]),
        ("a single day", piece(), line(since="2024-01-31", until="2024-01-31"), ["1/31"]),
        ("from its first day", piece(), line(since="2024-01-01", until="2024-01-31"), ["whole"]),
        ("before its dates", piece(), line(since="2024-02-01"), []),
        ("after its dates", piece(), line(until="2023-12-31"), []),
        ("dates inside a part", piece(half), line(since="2024-01-22"), ["10/31"]),
        ("dates outside the part, inside the period", piece(half), line(until="2024-01-14"), []),
        ("dates that do not prorate", piece(), line(since="2024-01-22", prorate=False), ["whole"]),
        ("dates that do not prorate, in a part", piece(half), line(since="2024-01-22", prorate=False), ["17/31"]),
        ("dates that do not prorate still exclude", piece(), line(since="2024-02-01", prorate=False), []),
        ("a set-up fee in a whole period", piece(), line(once=True), ["whole"]),
        ("a set-up fee is never prorated", piece(half), line(once=True, since="2024-01-22"), ["whole"]),
        ("a set-up fee of a later date", piece(), line(once=True, since="2024-02-01"), []),
        ("a stub at full price", piece(half, charge=Charge.FULL), line(), ["whole"]),
        ("dates inside a stub at full price", piece(half, charge=Charge.FULL), line(since="2024-01-22"), ["10/17"]),
        ("a free stub", piece(half, charge=Charge.FREE), line(), []),
        ("a set-up fee in a free stub waits", piece(half, charge=Charge.FREE), line(once=True), []),
    )  # fmt: skip

    def test_a_line_counts_for_its_days_in_the_piece(self) -> None:
        for name, of, entry, expected in self.cases:
            with self.subTest(name):
                self.assertEqual([counted(share) for share in lines_in(of, [entry])], expected)

    def test_a_line_changed_within_a_period_gives_every_day_to_one_side(self) -> None:
        before, after = line(until="2024-01-14"), line(since="2024-01-15")
        shares = [share.part for share in lines_in(piece(), [before, after])]
        self.assertEqual(sum(factor(share) for share in shares if share), 1)

    def test_lines_keep_their_order(self) -> None:
        lines = [Line(key, Decimal(1)) for key in ("b", "a", "c")]
        self.assertEqual([share.line.key for share in lines_in(piece(), lines)], ["b", "a", "c"])


class TestBill(unittest.TestCase):
    def billed(
        self, qty: str, rate: str, days: str = "", discount: str = "0", rounding: Rounding = EURO
    ) -> BilledLine:
        entry = Line("line", Decimal(qty), Decimal(discount))
        return bill(LineShare(entry, part(days, of=JANUARY) if days else None), Decimal(rate), rounding)

    def test_a_whole_line_keeps_quantity_rate_and_discount(self) -> None:
        self.assertEqual(
            self.billed("3", "20", discount="10"),
            BilledLine(Decimal(3), Decimal(20), Decimal(10), Decimal("18.00"), Decimal("54.00")),
        )

    def test_the_discounted_rate_is_rounded_before_it_is_multiplied(self) -> None:
        self.assertEqual(self.billed("100", "0.99", discount="10").amount, Decimal("89.00"))

    def test_a_part_that_the_quantity_divides_keeps_the_quantity(self) -> None:
        self.assertEqual(
            self.billed("2", "31", "2024-01-01..2024-01-17"),
            BilledLine(Decimal(2), Decimal("17.00"), Decimal(0), Decimal("17.00"), Decimal("34.00")),
        )

    def test_a_part_that_the_quantity_does_not_divide_is_one_unit(self) -> None:
        self.assertEqual(
            self.billed("3", "10", "2024-01-01..2024-01-17"),
            BilledLine(Decimal(1), Decimal("16.45"), Decimal(0), Decimal("16.45"), Decimal("16.45")),
        )

    def test_a_discount_is_inside_the_rate_of_a_part(self) -> None:
        self.assertEqual(
            self.billed("1", "100", "2024-01-01..2024-01-17", discount="50"),
            BilledLine(Decimal(1), Decimal("27.42"), Decimal(0), Decimal("27.42"), Decimal("27.42")),
        )

    def test_quantities_of_zero_and_below_are_billed_as_they_are(self) -> None:
        self.assertEqual(self.billed("0", "10", "2024-01-01..2024-01-17").amount, 0)
        self.assertEqual(self.billed("-1", "31", "2024-01-01..2024-01-17").amount, Decimal("-17.00"))

    quantities = st.decimals("0.001", 1000, places=3)
    rates = st.decimals(0, 100_000, places=4)
    discounts = st.decimals(0, 100, places=2)

    @examples(500)
    @given(qty=quantities, rate=rates, discount=discounts, days=st.integers(0, 31), rounding=ROUNDINGS)
    def test_quantity_times_rate_is_the_amount_to_the_cent(
        self, qty: Decimal, rate: Decimal, discount: Decimal, days: int, rounding: Rounding
    ) -> None:
        share = part(f"2024-01-01..2024-01-{days:02}", of=JANUARY) if days else None
        billed = bill(LineShare(Line("line", qty, discount), share), rate, rounding)
        self.assertEqual(rounding(billed.rate * (100 - billed.discount_percentage) / 100), billed.net_rate)
        self.assertEqual(rounding(billed.net_rate * billed.qty), billed.amount)
        self.assertEqual(billed.amount, rounding(billed.amount))

    @examples(300)
    @given(
        qty=quantities, rate=rates, discount=discounts, cuts=st.sets(st.integers(2, 31)), rounding=ROUNDINGS
    )
    def test_the_parts_of_a_line_add_up_to_the_whole_line(
        self, qty: Decimal, rate: Decimal, discount: Decimal, cuts: set[int], rounding: Rounding
    ) -> None:
        entry = Line("line", qty, discount)
        first, last = day("2024-01-01"), day("2024-01-31")
        edges = [first, *(dt.date(2024, 1, cut) for cut in sorted(cuts)), last + DAY]
        parts = [Period(0, start, after - DAY, first, last) for start, after in pairwise(edges)]
        amounts = [bill(LineShare(entry, share), rate, rounding).amount for share in parts]
        self.assertEqual(sum(amounts), bill(LineShare(entry, None), rate, rounding).amount)
