"""What customers paid for subscriptions by each mode of payment; with details the payments."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import flt

from subscription_plus.erp import received
from subscription_plus.sp_billing import reporting
from subscription_plus.sp_payments import numbers


def execute(filters: dict[str, Any] | None = None):
    """Columns, rows, message, chart, summary; amounts in the company's currency."""
    asked = reporting.asked({**(filters or {}), "currency": None})
    if asked.details:
        rows = received.of_subscriptions(asked.company, asked.since, asked.until, asked.mode_of_payment)
        columns = _payment_columns()
    else:
        rows = numbers.by_method(asked.company, asked.since, asked.until, asked.mode_of_payment)
        columns = _method_columns()
    for row in rows:
        row.currency = asked.shown_currency
        if not asked.details and row.mode_of_payment:
            inside = {"details": 1, "mode_of_payment": row.mode_of_payment}
            row.drill = {"payments": inside, "amount": inside}
    total = flt(sum(row.amount for row in rows), 6)
    summary = [reporting.summary(_("Received"), total, asked.shown_currency, "Green")]
    chart = None if asked.details else reporting.bars(rows, "mode_of_payment", "amount", _("Received"))
    return columns, rows, None, chart, summary


def _method_columns() -> reporting.Columns:
    return [
        reporting.link("mode_of_payment", _("Mode of Payment"), "Mode of Payment", 200),
        reporting.column("payments", _("Payments"), "Int", 110),
        reporting.money("amount", _("Received"), 140),
        reporting.column("charges", _("Automatic Charges"), "Int", 150),
        reporting.column("failed", _("Charges That Failed"), "Int", 160),
    ]


def _payment_columns() -> reporting.Columns:
    return [
        reporting.column("posting_date", _("Date"), "Date", 110),
        reporting.link("name", _("Payment"), "Payment Entry", 170),
        reporting.column("mode_of_payment", _("Mode of Payment"), "Data", 150),
        reporting.link("customer", _("Customer"), "Customer", 160),
        reporting.column("customer_name", _("Customer Name"), "Data", 170),
        reporting.link("subscription", _("Subscription"), "SP Subscription", 160),
        reporting.money("amount", _("Received"), 130),
        reporting.column("reference_no", _("Reference"), "Data", 160),
    ]
