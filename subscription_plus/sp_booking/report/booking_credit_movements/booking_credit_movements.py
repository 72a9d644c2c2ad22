"""The ledger of credits between two days, with the balance after each row."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from subscription_plus.sp_booking import reporting


def execute(filters: dict[str, Any] | None = None):
    """Movements, the oldest first; `balance` is the customer's in that type."""
    filters = frappe._dict(filters or {})
    columns = [
        reporting.column("at", _("When"), "Datetime", 160),
        reporting.link("customer", _("Customer"), "Customer", 180),
        reporting.link("credit_type", _("Credit Type"), "SP Booking Credit Type", 180),
        reporting.column("kind", _("Movement"), "Data"),
        reporting.column("credits", _("Credits"), "Int"),
        reporting.column("balance", _("Balance"), "Int"),
        reporting.link("booking_credit", _("Granted With"), "SP Booking Credit", 150),
        reporting.link("booking", _("Booking"), "SP Item Booking", 150),
        reporting.column("message", _("Message"), "Data", 240),
    ]
    rows = reporting.movements(filters)
    for row in rows:
        row.kind = _(row.kind, context="SP Booking Credit Entry")
    return columns, rows
