"""A question for a price, and its answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Asked:
    """What a price is asked for. `uom`: of the line; the item's stock unit counts after it, unless `exact`."""

    item: str
    price_list: str
    currency: str
    customer: str
    company: str
    on: dt.date
    qty: Decimal
    uom: str | None = None
    exact: bool = False


@dataclass(frozen=True)
class Quote:
    """A price per unit, and the discount that ERPNext's pricing rules give on it."""

    rate: Decimal
    discount_percentage: Decimal = Decimal(0)
