"""Payments that were booked for subscriptions, read for the numbers."""

from __future__ import annotations

import datetime as dt

import frappe


def of_subscriptions(
    company: str, since: dt.date, until: dt.date, mode_of_payment: str | None = None
) -> list[frappe._dict]:
    """Submitted Payment Entries that name a subscription, the oldest first; `amount` in the company's currency,
    negative where money went back."""
    filters = {
        "company": company,
        "docstatus": 1,
        "payment_type": ("in", ("Receive", "Pay")),
        "sp_subscription": ("is", "set"),
        "posting_date": ("between", (since, until)),
    }
    if mode_of_payment:
        filters["mode_of_payment"] = mode_of_payment
    rows = frappe.get_all(
        "Payment Entry",
        filters=filters,
        fields=[
            "name",
            "posting_date",
            "payment_type",
            "mode_of_payment",
            "party as customer",
            "party_name as customer_name",
            "sp_subscription as subscription",
            "base_paid_amount",
            "base_received_amount",
            "reference_no",
        ],
        order_by="posting_date, name",
    )
    for row in rows:
        received = row.payment_type == "Receive"
        row.amount = row.base_received_amount if received else -row.base_paid_amount
    return rows
