"""What a line costs in a period: which price counts, discounts, dates inside the period, one rounding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from .calendar import DAY, Period
from .planning import Charge, Piece
from .proration import Rounding, share_of

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """A subscription's line: `qty` of an item from `from_date` to `to_date` (inclusive, None is open).

    `once`: billed in the first billed period only, never prorated. `prorate`: dates inside a period
    shorten the amount. `key` names the line for the caller.
    """

    key: str
    qty: Decimal
    discount_percentage: Decimal = Decimal(0)
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    once: bool = False
    prorate: bool = True


@dataclass(frozen=True, slots=True)
class LineShare:
    """A line as it counts in one period; `part` is None where it counts whole."""

    line: Line
    part: Period | None


@dataclass(frozen=True, slots=True)
class Price:
    """A row of a price list: `rate` per unit, valid from/until (inclusive, None is open)."""

    rate: Decimal
    uom: str | None = None
    customer: str | None = None
    valid_from: dt.date | None = None
    valid_upto: dt.date | None = None


@dataclass(frozen=True, slots=True)
class BilledLine:
    """What stands on the document: `qty` at `rate` less the discount is `net_rate`, before tax.

    qty * net_rate is `amount` to the cent.
    """

    qty: Decimal
    rate: Decimal
    discount_percentage: Decimal
    net_rate: Decimal
    amount: Decimal


def choose_price(prices: Iterable[Price], on: dt.date, uoms: tuple[str, ...], customer: str) -> Price | None:
    """The price valid on the day: the customer's own before the general one, then the first of `uoms`
    (a price without unit counts after them), then the one that became valid last."""
    valid = [
        price
        for price in prices
        if (not price.valid_from or price.valid_from <= on)
        and (not price.valid_upto or on <= price.valid_upto)
        and (not price.customer or price.customer == customer)
        and (not price.uom or price.uom in uoms)
    ]

    def rank(price: Price) -> tuple[bool, int, dt.date]:
        unit = -uoms.index(price.uom) if price.uom else -len(uoms)
        return bool(price.customer), unit, price.valid_from or dt.date.min

    return max(valid, key=rank, default=None)


def days_of_change(valid_from: dt.date | None, valid_upto: dt.date | None) -> set[dt.date]:
    """The days on which a time of validity (inclusive, None is open) begins to count, and no longer does."""
    days = {valid_from} if valid_from else set()
    return days | {valid_upto + DAY} if valid_upto and valid_upto < dt.date.max else days


def lines_in(piece: Piece, lines: Iterable[Line]) -> Iterator[LineShare]:
    """The lines that count in a piece of a period, each with the part of it that counts. A free piece has none.

    `once` lines must be left out by the caller when an earlier period has billed them.
    """
    if piece.charge is Charge.FREE:
        return
    for line in lines:
        part = piece.period.clipped(line.from_date or dt.date.min, line.to_date)
        if part is None:
            continue
        if line.once:
            yield LineShare(line, None)
            continue
        if not line.prorate:
            part = piece.period
        # A piece charged in full is its own whole: a stub at full price, a last period not prorated.
        if piece.charge is Charge.FULL:
            part = replace(part, whole_start=piece.start, whole_end=piece.end)
        yield LineShare(line, None if part.is_whole else part)


def bill(entry: LineShare, rate: Decimal, rounding: Rounding) -> BilledLine:
    """The amount of a line at `rate` per unit. A whole line keeps its quantity, rate and discount.

    The discounted rate is rounded first, as ERPNext does, then the line, then its share. A share that
    the quantity does not divide stands as one unit at the line's amount: no cent is lost to a rounded rate.
    """
    line = entry.line
    unit = rounding(rate * (HUNDRED - line.discount_percentage) / HUNDRED)
    whole = rounding(unit * line.qty)
    if entry.part is None:
        return BilledLine(line.qty, rate, line.discount_percentage, unit, whole)
    amount = share_of(whole, entry.part, rounding)
    if line.qty:
        each = rounding(amount / line.qty)
        if each * line.qty == amount:
            return BilledLine(line.qty, each, Decimal(0), each, amount)
    return BilledLine(Decimal(1), amount, Decimal(0), amount, amount)
