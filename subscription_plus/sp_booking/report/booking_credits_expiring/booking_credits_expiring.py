"""Credits that end soon and are not used."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, nowdate

from subscription_plus.sp_booking import reporting


def execute(filters: dict[str, Any] | None = None):
    """Grants with something left that end within the filter's days, the next ones first."""
    filters = frappe._dict(filters or {})
    wanted = {
        "balance": (">", 0),
        "valid_until": ("between", (nowdate(), add_days(nowdate(), cint(filters.days) or 30))),
    }
    rows = frappe.get_all(
        "SP Booking Credit",
        filters=wanted | {key: filters[key] for key in ("customer", "credit_type") if filters.get(key)},
        fields=["name", "customer", "customer_name", "user", "credit_type", "balance", "valid_until"],
        order_by="valid_until, customer",
    )
    columns = [
        reporting.column("valid_until", _("Valid Until"), "Date"),
        reporting.link("customer", _("Customer"), "Customer", 180),
        reporting.column("customer_name", _("Customer Name"), "Data", 180),
        reporting.link("credit_type", _("Credit Type"), "SP Booking Credit Type", 180),
        reporting.column("balance", _("Left"), "Int"),
        reporting.link("name", _("Granted With"), "SP Booking Credit", 150),
        reporting.link("user", _("User"), "User", 180),
    ]
    return columns, rows
