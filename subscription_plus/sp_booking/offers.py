"""What bookable items cost a visitor, by unit: money by the price list, credits by the conversions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

import frappe
from frappe.utils import cint, getdate, nowdate

from subscription_plus.erp import customers, prices
from subscription_plus.sp_billing.offers import Visitor

from . import carts
from .costs import Cost


@dataclass(frozen=True)
class Unit:
    """A unit an item is booked in. `rate`: None where the list has no price; `credits`: what it costs in each type."""

    uom: str
    minutes: int
    rate: Decimal | None
    credits: tuple[Cost, ...]


@dataclass
class Offered:
    """An item's units, the shortest first, in a currency."""

    currency: str
    units: list[Unit] = field(default_factory=list)


def of_items(items: list[str], of: Visitor, on: dt.date | None = None) -> dict[str, Offered]:
    """By item; however many items there are, three queries, and what is cached."""
    on, company = on or getdate(nowdate()), carts.seller()
    currency = of.currency or customers.company_currency(company)
    units = frappe.get_all(
        "SP Booking Unit",
        filters={"parenttype": "Item", "parent": ("in", items or [""])},
        fields=["parent", "uom", "minutes"],
        order_by="minutes",
        parent_doctype="Item",
    )
    # A cart takes the price of the very unit only.
    asked = [
        prices.Asked(row.parent, of.price_list, currency, of.customer, company, on, Decimal(1), row.uom, True)
        for row in units
        if of.price_list
    ]
    quoted = prices.quotes(asked) if asked else [None] * len(units)
    credits, found = _conversions(items), {item: Offered(currency) for item in items}
    for row, quote in zip(units, quoted, strict=True):
        rate = quote.rate * (1 - quote.discount_percentage / 100) if quote else None
        unit = Unit(row.uom, cint(row.minutes), rate, tuple(credits[row.parent, row.uom]))
        found[row.parent].units.append(unit)
    return found


def _conversions(items: list[str]) -> dict[tuple[str, str], list[Cost]]:
    conversion, kind = (
        frappe.qb.DocType("SP Booking Credit Conversion"),
        frappe.qb.DocType("SP Booking Credit Type"),
    )
    rows = (
        frappe.qb.from_(conversion)
        .inner_join(kind)
        .on(kind.name == conversion.parent)
        .select(conversion.item, conversion.uom, conversion.credits, kind.name)
        .where(conversion.item.isin(items or [""]) & (kind.disabled == 0))
        .orderby(conversion.credits)
        .run(as_dict=True)
    )
    found: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    for row in rows:
        found[row.item, row.uom].append(Cost(row.name, cint(row.credits)))
    return found
