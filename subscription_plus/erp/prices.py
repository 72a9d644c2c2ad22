"""Prices: what a price list says on a day in a currency, after ERPNext's pricing rules; how money is rounded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import frappe
from babel.numbers import get_currency_precision
from frappe import _
from frappe.utils import formatdate, getdate

from subscription_plus.engine.pricing import Price, choose_price, days_of_change
from subscription_plus.engine.proration import Rounding

from . import pricing_rules
from .quoting import Asked, Quote


class PriceMissing(frappe.ValidationError):
    """No price for an item in a price list, in a currency, on a day."""


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
    """The prices of many at once, None where there is none: one query for all lists' prices. Only for what a pricing
    rule may concern, ERPNext's function is asked."""
    book = PriceBook.of(asked)
    return [book.find(one) for one in asked]


@dataclass
class PriceBook:
    """List prices read together: many questions, a few queries. Good for one piece of work: it grows stale."""

    items: dict[str, Any]
    prices: dict[tuple[str, str, str], list[Price]]
    rules: pricing_rules.Rules
    found: dict[Asked, Quote | None] = field(default_factory=dict)

    @classmethod
    def of(cls, asked: list[Asked]) -> PriceBook:
        """For these questions; without other customers' own prices."""
        filters = {
            "item_code": ("in", sorted({one.item for one in asked})),
            "price_list": ("in", sorted({one.price_list for one in asked})),
            "currency": ("in", sorted({one.currency for one in asked})),
            "customer": ("in", sorted({"", *(one.customer for one in asked)})),
        }
        return cls._with({one.item for one in asked}, filters)

    @classmethod
    def read(cls, items: Iterable[str]) -> PriceBook:
        """For all questions about these items."""
        names = set(items)
        return cls._with(names, {"item_code": ("in", sorted(names))})

    @classmethod
    def _with(cls, names: set[str], filters: dict[str, Any]) -> PriceBook:
        if not names:
            return cls({}, {}, pricing_rules.Rules())
        fields = ["name", "stock_uom", "variant_of"]
        items = frappe.get_all("Item", filters={"name": ("in", sorted(names))}, fields=fields)
        return cls({row.name: row for row in items}, _prices(filters), pricing_rules.read())

    def days_of_change(self, item: str, price_list: str, currency: str) -> set[dt.date]:
        """The days from which on another price may count."""
        days = self._rules_for(item).days_of_change()
        for price in self.prices.get((item, price_list, currency), ()):
            days |= days_of_change(price.valid_from, price.valid_upto)
        return days

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
        item = self.items.get(asked.item)
        stock_uom = item and item.stock_uom
        uoms = tuple(dict.fromkeys(uom for uom in (asked.uom, stock_uom) if uom))
        among = self.prices.get((asked.item, asked.price_list, asked.currency), [])
        if asked.exact:
            among = [price for price in among if (price.uom or stock_uom) == asked.uom]
        price = choose_price(among, asked.on, uoms, asked.customer)
        if price is None:
            return None
        if self._rules_for(asked.item):
            return pricing_rules.given(asked, price.rate, price.uom or stock_uom, stock_uom)
        return Quote(price.rate)

    def _rules_for(self, item: str) -> pricing_rules.Rules:
        row = self.items.get(item)
        return self.rules.concerning(item, row and row.variant_of)


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
