"""What a period bills, in plain data, and how it is written onto a Sales Order or a Sales Invoice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from erpnext.setup.doctype.terms_and_conditions.terms_and_conditions import get_terms_and_conditions
from frappe.model.document import Document

from subscription_plus.engine.pricing import BilledLine

from . import taxes

# Taken over onto the document as they are; ERPNext applies what is empty by its own rules.
TERMS = (
    "company",
    "customer",
    "currency",
    "taxes_and_charges",
    "tax_category",
    "shipping_rule",
    "payment_terms_template",
    "tc_name",
    "letter_head",
    "contact_person",
    "apply_discount_on",
    "additional_discount_percentage",
)


@dataclass(frozen=True)
class BillLine:
    """One row: the item, what it costs (before tax) and how it is described."""

    item: str
    billed: BilledLine
    subscription_line: str
    uom: str | None = None
    description: str | None = None
    item_tax_template: str | None = None


@dataclass(frozen=True)
class Bill:
    """A period's document before it exists. Dates inclusive, money in currency units.

    `terms`: values for TERMS and accounting dimensions, empty ones left out. `discount_amount` is the
    additional discount of this period.
    """

    subscription: str
    billing_period: str
    billing_date: dt.date
    start: dt.date
    end: dt.date
    terms: dict[str, Any]
    lines: list[BillLine] = field(default_factory=list)
    price_list: str | None = None
    days_until_due: int = 0
    discount_amount: float = 0.0

    def write_on(self, doc: Document) -> None:
        """Fill a new Sales Order or Sales Invoice. Prices are settled, so pricing rules are not applied again."""
        doc.update(self.terms)
        doc.update(
            {
                "sp_subscription": self.subscription,
                "sp_billing_period": self.billing_period,
                "from_date": self.start,
                "to_date": self.end,
                "ignore_pricing_rule": 1,
                "discount_amount": self.discount_amount,
            }
        )
        if self.price_list:
            doc.selling_price_list = self.price_list
        for line in self.lines:
            doc.append("items", self._row(line))
        taxes.apply(doc, self.billing_date)
        if doc.tc_name:
            # ERPNext's form fetches the text; a document made without a form has to.
            doc.terms = get_terms_and_conditions(doc.tc_name, doc.as_dict())

    def _row(self, line: BillLine) -> dict[str, Any]:
        billed = line.billed
        row = {
            "item_code": line.item,
            "qty": float(billed.qty),
            "uom": line.uom,
            "price_list_rate": float(billed.rate),
            "discount_percentage": float(billed.discount_percentage),
            "rate": float(billed.net_rate),
            "description": line.description,
            "item_tax_template": line.item_tax_template,
            "sp_subscription_line": line.subscription_line,
        }
        if not billed.net_rate:
            # ERPNext replaces a rate of zero by the price list's, except under a full discount.
            row["discount_percentage"] = 100.0
        return {key: value for key, value in row.items() if value is not None}


def billed_rates(doctype: str, name: str) -> dict[str, Decimal]:
    """What one unit of each subscription line cost on an order or invoice, before discounts: {line: rate}."""
    rows = frappe.get_all(
        f"{doctype} Item",
        filters={"parent": name, "parenttype": doctype, "sp_subscription_line": ("is", "set")},
        fields=["sp_subscription_line", "price_list_rate", "rate"],
    )
    # A person may have taken the list rate off the document: then the rate is the price.
    return {row.sp_subscription_line: Decimal(str(row.price_list_rate or row.rate)) for row in rows}


def save_and_submit(doc: Document) -> Document:
    """Insert and submit for the app: what a subscription bills does not depend on who pressed the button.

    Called under the billing user only (sp_billing/transactions.py), after the caller's own permission check.
    """
    doc.flags.ignore_permissions = True
    doc.insert()
    doc.submit()
    return doc
