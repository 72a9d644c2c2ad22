"""Orders, invoices and payment requests as their customers see them in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import flt

from .payment_requests import OPEN

# The fields of each kind, by what a list calls them.
_FIELDS = {
    "Sales Order": {"date": "transaction_date", "due_date": "delivery_date"},
    "Sales Invoice": {"date": "posting_date", "due_date": "due_date"},
    "Payment Request": {"date": "transaction_date"},
}


def of_customers(
    kind: str,
    customers: Sequence[str],
    subscription: str | None = None,
    open_only: bool = False,
    limit_start: int = 0,
    limit_page_length: int = 20,
) -> list[dict[str, Any]]:
    """Submitted documents, newest first: {doctype, name, date, due_date, status, total, outstanding, currency,
    subscription}. Money in the document's currency; `outstanding` None for orders; `open_only`: with money to come."""
    if kind not in _FIELDS:
        frappe.throw(_("Ask for one of: {0}.").format(", ".join(_FIELDS)))
    party = {"party": ("in", customers), "party_type": "Customer"} if kind == "Payment Request" else None
    filters: dict[str, Any] = {"docstatus": 1, **(party or {"customer": ("in", customers)})}
    if subscription:
        filters["sp_subscription"] = subscription
    if open_only:
        filters |= {
            "Sales Order": {"billing_status": ("!=", "Fully Billed"), "status": ("!=", "Closed")},
            "Sales Invoice": {"outstanding_amount": (">", 0)},
            "Payment Request": {"status": ("in", OPEN)},
        }[kind]
    named = _FIELDS[kind]
    rounded = [] if kind == "Payment Request" else ["rounded_total"]
    owed = [] if kind == "Sales Order" else ["outstanding_amount"]
    rows = frappe.get_all(
        kind,
        filters=filters,
        fields=[
            "name",
            "status",
            "grand_total",
            "currency",
            "sp_subscription",
            *rounded,
            *owed,
            *(f"{field} as {name}" for name, field in named.items() if field != name),
            *(field for name, field in named.items() if field == name),
        ],
        order_by=f"{named['date']} desc, creation desc",
        limit_start=limit_start,
        limit_page_length=limit_page_length,
    )
    return [
        {
            "doctype": kind,
            "name": row.name,
            "date": row.date,
            "due_date": row.get("due_date"),
            "status": row.status,
            "total": flt(row.get("rounded_total")) or flt(row.grand_total),
            "outstanding": flt(row.outstanding_amount) if owed else None,
            "currency": row.currency,
            "subscription": row.sp_subscription,
        }
        for row in rows
    ]
