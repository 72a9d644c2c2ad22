"""How fast the engine plans: `python benchmarks/engine.py [subscriptions]`.

Prints period plans per second for plain and for eventful subscriptions, and the time that a forecast of the
coming 12 months takes. The design asks for 100,000 plans per second per core, and for less than 15 s of
forecast over 100,000 subscriptions.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterable
from decimal import Decimal
from itertools import takewhile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from subscription_plus.engine.calendar import DAY, Unit
from subscription_plus.engine.planning import BillAt, Break, Facts, Recurrence, pieces, preview
from subscription_plus.engine.pricing import Line, bill, lines_in
from subscription_plus.engine.proration import Rounding

TODAY = dt.date(2025, 6, 15)
WANTED_PER_SECOND = 100_000
WANTED_SECONDS_PER_SUBSCRIPTION = 15 / 100_000


def subscriptions(count: int, eventful: bool) -> list[Facts]:
    """Monthly subscriptions begun over two years and billed until today; eventful ones stub, pause and end."""
    plain = Recurrence(Unit.MONTH)
    aligned = Recurrence(Unit.MONTH, billing_day=1, bill_at=BillAt.BEFORE, days_before=7)
    found = []
    for number in range(count):
        start = TODAY - dt.timedelta(days=number % 730)
        facts = Facts(start, aligned if eventful else plain)
        if eventful:
            paused = Break(TODAY + 40 * DAY, TODAY + 70 * DAY, new_anchor=number % 2 == 0)
            facts = Facts(start, aligned, end=TODAY + (300 + number % 90) * DAY, breaks=(paused,))
        done = takewhile(lambda piece: piece.bill_on <= TODAY, pieces(facts))
        covered = tuple((piece.start, piece.end) for piece in done)
        found.append(Facts(start, facts.recurrence, None, facts.end, True, facts.breaks, covered))
    return found


def plans_per_second(everybody: list[Facts]) -> float:
    began = time.perf_counter()
    planned = sum(len(preview(facts, 12)) for facts in everybody)
    return planned / (time.perf_counter() - began)


def forecast(everybody: Iterable[Facts]) -> Decimal:
    """What is billed in the coming 12 months, at one line of 49.90 each."""
    horizon, lines, rounding = TODAY + 365 * DAY, [Line("seat", Decimal(1))], Rounding(2)
    total = Decimal(0)
    for facts in everybody:
        for piece in takewhile(lambda piece: piece.bill_on <= horizon, pieces(facts)):
            total += sum(bill(share, Decimal("49.90"), rounding).amount for share in lines_in(piece, lines))
    return total


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for name, eventful in (("plain", False), ("eventful", True)):
        everybody = subscriptions(count, eventful)
        rate = plans_per_second(everybody)
        began = time.perf_counter()
        total = forecast(everybody)
        took = time.perf_counter() - began
        print(
            f"{name:9} {rate:>9,.0f} plans/s ({rate / WANTED_PER_SECOND:.1f} x wanted)   "
            f"forecast of {count:,}: {total:,.2f} in {took:.2f} s "
            f"({took / count / WANTED_SECONDS_PER_SUBSCRIPTION:.2f} x allowed)"
        )


if __name__ == "__main__":
    main()
