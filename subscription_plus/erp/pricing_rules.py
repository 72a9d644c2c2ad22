"""ERPNext's pricing rules: which may concern an item, on which days another counts, and what they make of a price."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from erpnext.accounts.doctype.pricing_rule.pricing_rule import apply_pricing_rule
from frappe.utils import flt

from subscription_plus.engine.pricing import days_of_change

from .quoting import Asked, Quote


@dataclass(frozen=True, slots=True)
class Rule:
    """An enabled rule for sales. `items`: those it names; None for any: it goes by group, brand or another item."""

    items: frozenset[str] | None
    valid_from: dt.date | None
    valid_upto: dt.date | None


@dataclass(frozen=True, slots=True)
class Rules:
    """Some of the site's rules."""

    rules: tuple[Rule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules)

    def concerning(self, item: str, template: str | None = None) -> Rules:
        """Those that may concern an item, or a variant of this template: the others certainly do not."""
        return Rules(
            tuple(rule for rule in self.rules if rule.items is None or {item, template} & rule.items)
        )

    def days_of_change(self) -> set[dt.date]:
        """The days from which on other rules count."""
        return {day for rule in self.rules for day in days_of_change(rule.valid_from, rule.valid_upto)}


def read() -> Rules:
    """The site's rules on items: two queries. Rules on whole documents are ERPNext's, when it saves one."""
    rows = frappe.get_all(
        "Pricing Rule",
        filters={"selling": 1, "disable": 0, "apply_on": ("!=", "Transaction")},
        fields=["name", "apply_on", "apply_rule_on_other", "valid_from", "valid_upto"],
    )
    if not rows:
        return Rules()
    named: dict[str, set[str]] = {}
    parents = {"parenttype": "Pricing Rule", "parent": ("in", [row.name for row in rows])}
    for parent, item in frappe.get_all(
        "Pricing Rule Item Code", filters=parents, fields=["parent", "item_code"], as_list=True
    ):
        named.setdefault(parent, set()).add(item)
    return Rules(
        tuple(
            Rule(
                frozenset(named.get(row.name, ()))
                if row.apply_on == "Item Code" and not row.apply_rule_on_other
                else None,
                row.valid_from,
                row.valid_upto,
            )
            for row in rows
        )
    )


def given(asked: Asked, rate: Decimal, uom: str | None, stock_uom: str | None) -> Quote:
    """What the rules make of a list price.

    Documents are made with their prices settled (a fixed rate must stay fixed beside a list price), so the rules are
    asked here, with ERPNext's own function.
    """
    item: dict[str, Any] = {
        "doctype": "Sales Order Item",
        "item_code": asked.item,
        "qty": float(asked.qty),
        "stock_qty": float(asked.qty),
        "uom": uom,
        "stock_uom": stock_uom,
        "conversion_factor": 1,
        "price_list_rate": float(rate),
        "rate": float(rate),
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
        return Quote(rate)
    ruled = Decimal(str(flt(answer.get("price_list_rate")))) or rate
    percentage = Decimal(str(flt(answer.get("discount_percentage"))))
    off = Decimal(str(flt(answer.get("discount_amount"))))
    # ERPNext names a percentage's amount too; several rules at once may have given more than the percentage.
    if off and off != ruled * percentage / 100:
        return Quote(ruled - off)
    return Quote(ruled, percentage)
