"""What a currency is worth in another, from the rates the site has stored; the internet is not asked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import frappe


def rate(currency: str, to_currency: str, on: dt.date) -> Decimal | None:
    """The stored rate of a day: the last Currency Exchange until then, else the first after it; None without any."""
    if currency == to_currency:
        return Decimal(1)
    for filters, order in (({"date": ("<=", on)}, "date desc"), ({}, "date asc")):
        pair = {"from_currency": currency, "to_currency": to_currency, "for_selling": 1, **filters}
        found = frappe.get_all("Currency Exchange", pair, pluck="exchange_rate", order_by=order, limit=1)
        if found and found[0]:
            return Decimal(str(found[0]))
    return None
