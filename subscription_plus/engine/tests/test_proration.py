"""Parts of a period: the fraction is measured against the whole one, and no cent is lost or made."""

from __future__ import annotations

import unittest
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from subscription_plus.engine.calendar import DAY, Calendar, Period, Unit
from subscription_plus.engine.proration import Rounding, factor, share_of

from .builders import DATES, day, examples, part

EURO = Rounding(2)
YEN = Rounding(0)
DINAR = Rounding(3)

PLACES = st.sampled_from((0, 2, 3))
MODES = st.sampled_from((ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN, ROUND_DOWN, ROUND_UP))
ROUNDINGS = st.builds(Rounding, PLACES, st.sampled_from((ROUND_HALF_UP, ROUND_HALF_EVEN)))
AMOUNTS = st.decimals(-1_000_000, 1_000_000, places=3)


@st.composite
def cuts(draw: st.DrawFn) -> list[Period]:
    """A whole period cut into parts, in order."""
    calendar = Calendar(draw(DATES), draw(st.sampled_from(Unit)), draw(st.integers(1, 4)))
    whole = calendar.period(draw(st.integers(0, 60)))
    places = draw(st.sets(st.integers(1, max(whole.days - 1, 1)), max_size=6))
    inner = [whole.start + place * DAY for place in sorted(places) if place < whole.days]
    edges = [whole.start, *inner, whole.end + DAY]
    return [
        Period(whole.index, first, after - DAY, whole.start, whole.end) for first, after in pairwise(edges)
    ]


class TestFactor(unittest.TestCase):
    def test_a_whole_period_has_factor_exactly_one_erpnext_23681(self) -> None:
        for unit in Unit:
            calendar = Calendar(day("2023-01-31"), unit)
            for index in range(-3, 40):
                self.assertEqual(factor(calendar.period(index)), 1)

    def test_the_denominator_is_the_whole_period_erpnext_36953_lago_6194(self) -> None:
        cases = (
            ("first days of January", part("2024-01-01..2024-01-17", of="2024-01-01..2024-01-31"), (17, 31)),
            ("last days of January", part("2024-01-15..2024-01-31", of="2024-01-01..2024-01-31"), (17, 31)),
            ("half of February", part("2023-02-01..2023-02-14", of="2023-02-01..2023-02-28"), (14, 28)),
            ("a leap February", part("2024-02-01..2024-02-14", of="2024-02-01..2024-02-29"), (14, 29)),
            (
                "from mid-month to mid-month",
                part("2024-01-15..2024-01-31", of="2024-01-15..2024-02-14"),
                (17, 31),
            ),
            ("one day", part("2024-01-31..2024-01-31", of="2024-01-31..2024-02-28"), (1, 29)),
            ("a month of a quarter", part("2024-01-01..2024-01-31", of="2024-01-01..2024-03-31"), (31, 91)),
            ("a leap year", part("2024-02-29..2024-02-29", of="2024-01-01..2024-12-31"), (1, 366)),
            ("days of a week", part("2024-01-03..2024-01-07", of="2024-01-01..2024-01-07"), (5, 7)),
        )
        for name, period, (days, whole) in cases:
            with self.subTest(name):
                self.assertEqual(factor(period), Fraction(days, whole))


class TestShare(unittest.TestCase):
    def test_shares_are_rounded_once(self) -> None:
        january = "2024-01-01..2024-01-31"
        cases = (
            ("17 of 31 days", "2024-01-01..2024-01-17", "100.00", EURO, "54.84"),
            ("the other 14", "2024-01-18..2024-01-31", "100.00", EURO, "45.16"),
            ("all of it", january, "99.99", EURO, "99.99"),
            ("one day of a yen", "2024-01-01..2024-01-01", "1", YEN, "0"),
            ("yen have no decimals", "2024-01-01..2024-01-17", "1000", YEN, "548"),
            ("dinars have three", "2024-01-01..2024-01-17", "10.000", DINAR, "5.484"),
            ("a credit", "2024-01-01..2024-01-17", "-100.00", EURO, "-54.84"),
            ("nothing", "2024-01-01..2024-01-17", "0", EURO, "0"),
        )
        for name, days, whole, rounding, expected in cases:
            with self.subTest(name):
                self.assertEqual(
                    share_of(Decimal(whole), part(days, of=january), rounding), Decimal(expected)
                )

    def test_three_thirds_of_ten_make_ten(self) -> None:
        april = "2024-04-01..2024-04-30"
        thirds = ("2024-04-01..2024-04-10", "2024-04-11..2024-04-20", "2024-04-21..2024-04-30")
        shares = [share_of(Decimal(10), part(third, of=april), EURO) for third in thirds]
        self.assertEqual([str(share) for share in shares], ["3.33", "3.34", "3.33"])

    @examples(400)
    @given(parts=cuts(), amount=AMOUNTS, rounding=ROUNDINGS)
    def test_the_parts_of_any_cut_add_up_to_the_whole(
        self, parts: list[Period], amount: Decimal, rounding: Rounding
    ) -> None:
        whole = rounding(amount)
        self.assertEqual(sum(share_of(whole, piece, rounding) for piece in parts), whole)

    @examples(200)
    @given(parts=cuts(), amount=AMOUNTS, rounding=ROUNDINGS)
    def test_a_share_is_never_more_than_one_minor_unit_from_the_exact_fraction(
        self, parts: list[Period], amount: Decimal, rounding: Rounding
    ) -> None:
        whole = rounding(amount)
        for piece in parts:
            exact = Fraction(whole) * factor(piece)
            self.assertLessEqual(
                abs(Fraction(share_of(whole, piece, rounding)) - exact), Fraction(1, 10**rounding.places)
            )


class TestRounding(unittest.TestCase):
    def test_halves_follow_the_mode(self) -> None:
        cases = (
            (ROUND_HALF_UP, {"0.125": "0.13", "0.135": "0.14", "-0.125": "-0.13", "2.675": "2.68"}),
            (ROUND_HALF_EVEN, {"0.125": "0.12", "0.135": "0.14", "-0.125": "-0.12", "2.665": "2.66"}),
        )
        for mode, amounts in cases:
            for amount, expected in amounts.items():
                with self.subTest(mode=mode, amount=amount):
                    for exact in (Decimal(amount), Fraction(amount)):
                        self.assertEqual(Rounding(2, mode)(exact), Decimal(expected))

    def test_a_hair_beside_the_half_is_no_half(self) -> None:
        hair = Fraction(1, 10**30)
        for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN):
            for half in (Fraction("0.125"), Fraction("-0.125")):
                self.assertEqual(
                    Rounding(2, mode)(half - hair), Decimal("0.12") if half > 0 else Decimal("-0.13")
                )
                self.assertEqual(
                    Rounding(2, mode)(half + hair), Decimal("0.13") if half > 0 else Decimal("-0.12")
                )

    @examples(500)
    @given(amount=st.decimals(-1_000_000, 1_000_000, places=6), places=PLACES, mode=MODES)
    def test_a_fraction_rounds_as_the_decimal_of_the_same_value(
        self, amount: Decimal, places: int, mode: str
    ) -> None:
        expected = amount.quantize(Decimal(1).scaleb(-places), rounding=mode)
        self.assertEqual(Rounding(places, mode)(Fraction(amount)), expected)
        self.assertEqual(Rounding(places, mode)(amount), expected)

    @examples(200)
    @given(amount=st.fractions(-100_000, 100_000), places=PLACES)
    def test_a_result_has_the_currencys_places(self, amount: Fraction, places: int) -> None:
        self.assertEqual(Rounding(places)(amount).as_tuple().exponent, -places)
