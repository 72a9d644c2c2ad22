"""Booking credits: which grants a use takes from, what goes back, what expires, and what a booking costs.

A grant is a lot of credits; a balance is the sum of what the grants have left. Amounts are whole credits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import gcd

FOREVER = dt.date.max


class NotEnough(ValueError):
    """A use of more credits than there are; `missing` says how many more it needs."""

    def __init__(self, wanted: int, available: int) -> None:
        super().__init__(f"{wanted} credits are wanted, {available} are there.")
        self.wanted, self.available, self.missing = wanted, available, wanted - available


@dataclass(frozen=True, slots=True)
class Grant:
    """Credits that are left of a lot, usable from `valid_from` to `valid_until` (inclusive, None: for ever).

    `user`: only this user of the customer may use it; None: all of them.
    """

    name: str
    left: int
    valid_from: dt.date
    valid_until: dt.date | None = None
    user: str | None = None

    def usable(self, on: dt.date, user: str | None = None) -> bool:
        """Whether something of it can be used on a day by a user (None: for the customer as a whole)."""
        return (
            self.left > 0
            and self.valid_from <= on
            and not self.is_over(on)
            and (self.user is None or self.user == user)
        )

    def is_over(self, on: dt.date) -> bool:
        """Whether its last day has passed."""
        return self.valid_until is not None and self.valid_until < on


@dataclass(frozen=True, slots=True)
class Move:
    """Credits taken from a grant, or given back to it; always more than 0."""

    grant: str
    credits: int


def available(grants: Iterable[Grant], on: dt.date, user: str | None = None) -> int:
    """How many credits a user can use on a day."""
    return sum(grant.left for grant in grants if grant.usable(on, user))


def take(grants: Iterable[Grant], wanted: int, on: dt.date, user: str | None = None) -> list[Move]:
    """Exactly `wanted` credits: from the grants that expire first, the user's own before shared ones, those
    that never expire last. NotEnough: nothing is taken."""
    if wanted < 0:
        raise ValueError(f"{wanted} credits cannot be taken.")
    usable = sorted((grant for grant in grants if grant.usable(on, user)), key=_order)
    there = sum(grant.left for grant in usable)
    if there < wanted:
        raise NotEnough(wanted, there)
    moves = []
    for grant in usable:
        if not wanted:
            break
        part = min(grant.left, wanted)
        moves.append(Move(grant.name, part))
        wanted -= part
    return moves


def _order(grant: Grant) -> tuple[dt.date, bool, dt.date, str]:
    return (grant.valid_until or FOREVER, grant.user is None, grant.valid_from, grant.name)


def to_give_back(used: Iterable[Move], given: Iterable[Move]) -> list[Move]:
    """What of a use is still to go back: the same amounts to the same grants, less what went back already."""
    left: dict[str, int] = {}
    for move in used:
        left[move.grant] = left.get(move.grant, 0) + move.credits
    for move in given:
        left[move.grant] = left.get(move.grant, 0) - move.credits
    return [Move(grant, credits) for grant, credits in left.items() if credits > 0]


def expired(grants: Iterable[Grant], on: dt.date) -> list[Move]:
    """What is left of grants whose last day has passed."""
    return [Move(grant.name, grant.left) for grant in grants if grant.left > 0 and grant.is_over(on)]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What one unit of an item costs: so many credits for so many minutes."""

    unit: str
    minutes: int
    credits: int

    def __post_init__(self) -> None:
        if self.minutes < 1 or self.credits < 0:
            raise ValueError(f"{self.unit}: {self.credits} credits for {self.minutes} minutes is no price.")


@dataclass(frozen=True, slots=True)
class Price:
    """Credits for a length of time, and the units it is made of: {unit: how many}."""

    credits: int
    units: Mapping[str, int]


def price(conversions: Iterable[Conversion], minutes: int) -> Price | None:
    """The cheapest set of units that is exactly so long; of equally cheap ones that with the fewest units.
    None where no set of units is.

    Half a day for 1 and a day for 2: one and a half days cost 3.
    """
    units = sorted(conversions, key=lambda one: (-one.minutes, one.unit))
    if minutes < 1 or not units:
        return None
    step = gcd(minutes, *(unit.minutes for unit in units))
    best: list[tuple[int, int, Conversion | None] | None] = [None] * (minutes // step + 1)
    best[0] = (0, 0, None)
    for length in range(1, len(best)):
        for unit in units:
            before = best[length - unit.minutes // step] if unit.minutes // step <= length else None
            if before is None:
                continue
            candidate = (before[0] + unit.credits, before[1] + 1)
            known = best[length]
            if known is None or candidate < known[:2]:
                best[length] = (*candidate, unit)
    found = best[-1]
    if found is None:
        return None
    used: dict[str, int] = {}
    length = len(best) - 1
    while length:
        step_back = best[length]
        assert step_back is not None and step_back[2] is not None
        unit = step_back[2]
        used[unit.unit] = used.get(unit.unit, 0) + 1
        length -= unit.minutes // step
    return Price(found[0], used)
