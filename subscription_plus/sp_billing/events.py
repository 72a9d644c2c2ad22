"""Writes the subscription's history: who, when, what, before and after. Rows are only ever added."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import now_datetime

# What customers are told of; the rest is the house's own.
FOR_CUSTOMERS = (
    "Created",
    "Cancelled",
    "Cancellation Undone",
    "Restarted",
    "Paused",
    "Resumed",
    "Period Skipped",
    "Quantity Changed",
    "Line Added",
    "Plan Changed",
    "Payment Method Added",
    "Payment Method Removed",
    "Sales Invoice Made",
    "Credit Note Made",
    "Payment Succeeded",
    "Payment Failed",
    "Payment Needs Action",
    "Payment Reversed",
    "Refunded",
    "Price Notice Sent",
)


def record(
    subscription: str,
    event_type: str,
    message: str = "",
    *,
    period: str | None = None,
    document: tuple[str, str] | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    user: str | None = None,
) -> None:
    """Add an event. `document` is (DocType, name); `before` and `after` hold the values that changed."""
    event = frappe.get_doc(
        {
            "doctype": "SP Subscription Event",
            "subscription": subscription,
            "event_type": event_type,
            "message": message,
            "at": now_datetime(),
            "user": user or frappe.session.user,
            "billing_period": period,
            "document_type": document and document[0],
            "document_name": document and document[1],
            "before": frappe.as_json(before) if before else None,
            "after": frappe.as_json(after) if after else None,
        }
    )
    event.set_new_name()
    # Straight into the table: the values are ours, and the controller refuses every other way in.
    event.db_insert()
