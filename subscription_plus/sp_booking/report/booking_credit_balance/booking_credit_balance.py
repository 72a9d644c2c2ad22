"""Credits that customers had at the end of a day, by type: the ledger added up."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from subscription_plus.sp_booking import reporting


def execute(filters: dict[str, Any] | None = None):
    """Columns, rows and a chart of what all customers have together."""
    filters = frappe._dict(filters or {})
    rows = [row for row in reporting.balances(filters) if row.credits]
    columns = [
        reporting.link("customer", _("Customer"), "Customer", 200),
        reporting.column("customer_name", _("Customer Name"), "Data", 200),
        reporting.link("credit_type", _("Credit Type"), "SP Booking Credit Type", 200),
        reporting.column("credits", _("Credits"), "Int"),
    ]
    return columns, rows, None, reporting.bars(rows, "credit_type", "credits", _("Credits"))
