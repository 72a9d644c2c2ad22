"""Amounts of stored orders and invoices in the document's own currency: ERPNext books payments in the account's."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe.utils import flt

_FIELDS = (
    "docstatus",
    "grand_total",
    "rounded_total",
    "base_grand_total",
    "base_rounded_total",
    "currency",
    "party_account_currency",
    "conversion_rate",
)


def read(doctype: str, name: str, booked: str, *more: str) -> frappe._dict | None:
    """A document's row, None where it is gone; with `total`, and with `booked`: the amount in that field."""
    row = frappe.db.get_value(doctype, name, [*_FIELDS, booked, *more], as_dict=True)
    if row:
        row.total = Decimal(str(flt(row.rounded_total) or flt(row.grand_total)))
        row.booked = _in_own_currency(row, flt(row[booked]))
    return row


def _in_own_currency(row: frappe._dict, amount: float) -> Decimal:
    if not row.party_account_currency or row.party_account_currency == row.currency:
        return Decimal(str(amount))
    if abs(amount - (flt(row.base_rounded_total) or flt(row.base_grand_total))) < 0.005:
        return row.total  # all of it: what the rate has rounded away is not owed
    return Decimal(str(flt(amount / (flt(row.conversion_rate) or 1), 2)))
