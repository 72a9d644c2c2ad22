"""What published plans come to for a visitor: prices for many plans at once, and what each holds, in plain data."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import frappe
from frappe.utils import flt, getdate, nowdate

from subscription_plus.engine.pricing import LineShare, bill
from subscription_plus.erp import customers, prices

from . import composing, facts, subscribing

LINE_FIELDS = [
    "parent",
    "idx",
    "name",
    "item",
    "item_name",
    "qty",
    "uom",
    "price_determination",
    "fixed_rate",
    "price_list",
    "discount_percentage",
    "once",
    "prorate",
    "from_date",
    "to_date",
    "booked_item",
]


@dataclass(frozen=True)
class Visitor:
    """For whom prices are: a customer, or nobody yet. `price_list`: the one whose prices are shown."""

    customer: str
    price_list: str | None
    currency: str | None


@dataclass
class Price:
    """A plan's price for a whole period, before or with taxes as the list has them. `period`: each time, `once`:
    in the first period only. None: the list has no price for a line."""

    currency: str
    period: Decimal | None = Decimal(0)
    once: Decimal = Decimal(0)
    lines: list[frappe._dict] = field(default_factory=list)


def visitor(customer: str | None) -> Visitor:
    """A customer's list and currency, else the website's."""
    price_list = subscribing.website_price_list(customer)
    return Visitor(customer or "", price_list, customers.details(customer).currency if customer else None)


def plan_prices(plans: Iterable[frappe._dict], of: Visitor, on: dt.date | None = None) -> dict[str, Price]:
    """By plan: its price on a day (today). `plans`: name, recurrence_period, currency, price_list, company.
    However many plans there are, two queries, and what is cached."""
    on, by_name = on or getdate(nowdate()), {plan.name: plan for plan in plans}
    found = {name: Price(currency_of(plan, of)) for name, plan in by_name.items()}
    wanted: list[tuple[frappe._dict, prices.Asked]] = []
    for row in _lines(list(by_name)):
        plan, price = by_name[row.parent], found[row.parent]
        row.uom = row.uom or _interval_uom(plan)
        price.lines.append(row)
        price_list = row.price_list or plan.price_list or of.price_list
        if row.price_determination == "Fixed Rate":
            _add(price, row, prices.Quote(Decimal(str(flt(row.fixed_rate)))))
        elif not price_list:
            price.period = None
        else:
            qty, company = Decimal(str(flt(row.qty))), subscribing.company_of(plan)
            wanted.append(
                (
                    row,
                    prices.Asked(
                        row.item, price_list, price.currency, of.customer, company, on, qty, row.uom
                    ),
                )
            )
    for (row, _asked), quote in zip(wanted, prices.quotes([asked for _row, asked in wanted]), strict=True):
        _add(found[row.parent], row, quote)
    return found


def currency_of(plan: frappe._dict, of: Visitor) -> str:
    """The currency a plan is sold in: its own, else the customer's, else the company's."""
    return plan.currency or of.currency or customers.company_currency(subscribing.company_of(plan))


def _interval_uom(plan: frappe._dict) -> str | None:
    return frappe.get_cached_doc("SP Recurrence Period", plan.recurrence_period).billing_interval_uom


def _lines(plans: list[str]) -> list[frappe._dict]:
    by_plan = defaultdict(list)
    rows = frappe.get_all(
        "SP Subscription Line",
        filters={"parenttype": "SP Subscription Plan", "parent": ("in", plans or [""])},
        fields=LINE_FIELDS,
        order_by="parent, idx",
        parent_doctype="SP Subscription Plan",
    )
    for row in rows:
        by_plan[row.parent].append(row)
    return [row for name in plans for row in by_plan[name]]


def _add(price: Price, row: frappe._dict, quote: prices.Quote | None) -> None:
    """Reckoned as a whole period's line is billed (see composing)."""
    row.amount = None
    if quote is None:
        price.period = None
        return
    line = facts.line(row)
    discount = composing.combined(line.discount_percentage, quote.discount_percentage)
    billed = bill(
        LineShare(replace(line, discount_percentage=discount), None),
        quote.rate,
        prices.rounding(price.currency),
    )
    row.amount = billed.amount
    if row.once:
        price.once += billed.amount
    elif price.period is not None:
        price.period += billed.amount
