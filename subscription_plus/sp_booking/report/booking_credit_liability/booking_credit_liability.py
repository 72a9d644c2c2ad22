"""What is owed in credits: those that were outstanding at the end of a day, at their value."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from subscription_plus.sp_booking import reporting


def execute(filters: dict[str, Any] | None = None):
    """One row for each customer, type and origin; the amounts in the company's currency."""
    filters = frappe._dict(filters or {})
    rows = reporting.liability(filters)
    for row in rows:
        row.origin = _(row.origin, context="SP Booking Credit")
    columns = [
        reporting.link("customer", _("Customer"), "Customer", 180),
        reporting.column("customer_name", _("Customer Name"), "Data", 180),
        reporting.link("credit_type", _("Credit Type"), "SP Booking Credit Type", 180),
        reporting.column("origin", _("Origin"), "Data"),
        reporting.column("credits", _("Credits"), "Int"),
        reporting.column("amount", _("Value"), "Currency"),
    ]
    return columns, rows, None, reporting.bars(rows, "credit_type", "amount", _("Value"))
