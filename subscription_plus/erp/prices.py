"""Prices: what a price list says on a day in a currency, after ERPNext's pricing rules; how money is rounded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import frappe
from babel.numbers import get_currency_precision
from erpnext.accounts.doctype.pricing_rule.pricing_rule import apply_pricing_rule
from frappe import _
from frappe.utils import flt, formatdate, getdate

from subscription_plus.engine.pricing import Price, choose_price
from subscription_plus.engine.proration import Rounding


class PriceMissing(frappe.ValidationError):
    """No price for an item in a price list, in a currency, on a day."""


@dataclass(frozen=True)
class Quote:
    """A price per unit, and the discount that ERPNext's pricing rules give on it."""

    rate: Decimal
    discount_percentage: Decimal = Decimal(0)


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


def rounding(currency: str) -> Rounding:
    """How amounts are rounded: ERPNext's precision on this site, but never finer than the currency has units
    (a share of a yen cannot be charged), by the site's rounding method."""
    places = min(frappe.get_precision("Sales Invoice Item", "amount"), get_currency_precision(currency))
    method = frappe.db.get_single_value("System Settings", "rounding_method", cache=True)
    return Rounding(places, ROUND_HALF_UP if method == "Commercial Rounding" else ROUND_HALF_EVEN)


def quote(asked: Asked) -> Quote:
    """The price in the list on the day, in the currency, then ERPNext's pricing rules. Never a silent zero."""
    return PriceBook.of([asked]).quote(asked)


def quotes(asked: list[Asked]) -> list[Quote | None]:
    """The prices of many at once, None where there is none: one query for all lists' prices. Only where the site
    has pricing rules, ERPNext's function is asked for each."""
    book = PriceBook.of(asked)
    return [book.find(one) for one in asked]


@dataclass
class PriceBook:
    """List prices read together: many questions, a few queries. Good for one piece of work: it grows stale."""

    stock_uoms: dict[str, str]
    prices: dict[tuple[str, str, str], list[Price]]
    has_rules: bool
    found: dict[Asked, Quote | None] = field(default_factory=dict)

    @classmethod
    def of(cls, asked: list[Asked]) -> PriceBook:
        """For these questions; without other customers' own prices."""
        if not asked:
            return cls({}, {}, False)
        filters = {
            "item_code": ("in", sorted({one.item for one in asked})),
            "price_list": ("in", sorted({one.price_list for one in asked})),
            "currency": ("in", sorted({one.currency for one in asked})),
            "customer": ("in", sorted({"", *(one.customer for one in asked)})),
        }
        stock_uoms = {one.item: frappe.get_cached_value("Item", one.item, "stock_uom") for one in asked}
        return cls(stock_uoms, _prices(filters), _has_rules())

    @classmethod
    def read(cls, items: Iterable[str]) -> PriceBook:
        """For all questions about these items."""
        names = sorted(set(items))
        if not names:
            return cls({}, {}, False)
        uoms = frappe.get_all("Item", filters={"name": ("in", names)}, fields=["name", "stock_uom"])
        prices = _prices({"item_code": ("in", names)})
        return cls({row.name: row.stock_uom for row in uoms}, prices, _has_rules())

    def days_of_change(self, item: str, price_list: str, currency: str) -> set[dt.date]:
        """The days from which on another price may count."""
        prices = self.prices.get((item, price_list, currency), ())
        begins = {price.valid_from for price in prices if price.valid_from}
        return begins | {price.valid_upto + dt.timedelta(days=1) for price in prices if price.valid_upto}

    def find(self, asked: Asked) -> Quote | None:
        """The price, None where there is none."""
        if asked not in self.found:
            self.found[asked] = self._find(asked)
        return self.found[asked]

    def quote(self, asked: Asked) -> Quote:
        """The price; PriceMissing where there is none."""
        found = self.find(asked)
        if found is None:
            raise PriceMissing(
                _(
                    "{0} has no price in the price list {1} in {2} on {3}. Add an Item Price, or set a fixed rate on the line."
                ).format(asked.item, asked.price_list, asked.currency, formatdate(asked.on))
            )
        return found

    def _find(self, asked: Asked) -> Quote | None:
        stock_uom = self.stock_uoms.get(asked.item)
        uoms = tuple(dict.fromkeys(uom for uom in (asked.uom, stock_uom) if uom))
        among = self.prices.get((asked.item, asked.price_list, asked.currency), [])
        if asked.exact:
            among = [price for price in among if (price.uom or stock_uom) == asked.uom]
        price = choose_price(among, asked.on, uoms, asked.customer)
        if price is None:
            return None
        return _with_pricing_rules(asked, price, stock_uom) if self.has_rules else Quote(price.rate)


def _prices(filters: dict[str, Any]) -> dict[tuple[str, str, str], list[Price]]:
    """By item, list and currency."""
    listed: dict[tuple[str, str, str], list[Price]] = {}
    rows = frappe.get_all(
        "Item Price",
        filters={**filters, "selling": 1},
        fields=[
            "item_code",
            "price_list",
            "currency",
            "price_list_rate",
            "uom",
            "customer",
            "valid_from",
            "valid_upto",
        ],
    )
    for row in rows:
        price = Price(
            Decimal(str(row.price_list_rate)),
            row.uom or None,
            row.customer or None,
            row.valid_from and getdate(row.valid_from),
            row.valid_upto and getdate(row.valid_upto),
        )
        listed.setdefault((row.item_code, row.price_list, row.currency), []).append(price)
    return listed


def _has_rules() -> bool:
    return bool(frappe.db.exists("Pricing Rule", {"selling": 1, "disable": 0}))


def _with_pricing_rules(asked: Asked, price: Price, stock_uom: str | None) -> Quote:
    """Documents are made with their prices settled (a fixed rate must stay fixed beside a list price), so the
    rules are asked here, with ERPNext's own function."""
    item: dict[str, Any] = {
        "doctype": "Sales Order Item",
        "item_code": asked.item,
        "qty": float(asked.qty),
        "stock_qty": float(asked.qty),
        "uom": price.uom or stock_uom,
        "stock_uom": stock_uom,
        "conversion_factor": 1,
        "price_list_rate": float(price.rate),
        "rate": float(price.rate),
    }
    answer = apply_pricing_rule(
        {
            "doctype": "Sales Order",
            "items": [item],
            "customer": asked.customer,
            "currency": asked.currency,
            "conversion_rate": 1,
            "plc_conversion_rate": 1,
            "price_list": asked.price_list,
            "company": asked.company,
            "transaction_date": asked.on,
            "ignore_pricing_rule": 0,
        }
    )[0]
    if answer.get("price_or_product_discount") != "Price":
        return Quote(price.rate)
    rate = Decimal(str(flt(answer.get("price_list_rate")))) or price.rate
    percentage = Decimal(str(flt(answer.get("discount_percentage"))))
    off = Decimal(str(flt(answer.get("discount_amount"))))
    # ERPNext names a percentage's amount too; several rules at once may have given more than the percentage.
    if off and off != rate * percentage / 100:
        return Quote(rate - off)
    return Quote(rate, percentage)
