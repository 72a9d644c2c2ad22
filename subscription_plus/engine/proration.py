"""Parts of a period as exact fractions, and their money rounded so that the parts add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .calendar import Period


@dataclass(frozen=True, slots=True)
class Rounding:
    """How money is rounded: decimal `places` of the currency (JPY 0, EUR 2, KWD 3) and Decimal's `mode`."""

    places: int = 2
    mode: str = ROUND_HALF_UP

    def __call__(self, amount: Decimal | Fraction) -> Decimal:
        """`amount` at the currency's precision; fractions are divided exactly before the one rounding."""
        quantum = Decimal(1).scaleb(-self.places)
        if isinstance(amount, Decimal):
            return amount.quantize(quantum, rounding=self.mode)
        scaled = amount * 10**self.places
        whole, rest = divmod(scaled.numerator, scaled.denominator)
        # One guard digit says which side of the middle the rest lies on: Decimal then rounds by the mode.
        side = (2 * rest > scaled.denominator) - (2 * rest < scaled.denominator)
        guard = 0 if not rest else 5 + side * 2
        return (
            (Decimal(whole) + Decimal(guard).scaleb(-1)).quantize(Decimal(1), self.mode).scaleb(-self.places)
        )


def factor(part: Period) -> Fraction:
    """Days billed / days in the whole uncut period: exactly 1 for a whole one."""
    return Fraction(part.days, part.whole_days)


def share_of(whole: Decimal, part: Period, rounding: Rounding) -> Decimal:
    """The money for `part` of a period that costs `whole`.

    It is the difference of two rounded running totals, so the shares of any cut of a period add up
    to the whole, to the cent.
    """
    before = (part.start - part.whole_start).days
    exact = Fraction(whole)
    until = rounding(exact * Fraction(before + part.days, part.whole_days))
    return until - rounding(exact * Fraction(before, part.whole_days))
