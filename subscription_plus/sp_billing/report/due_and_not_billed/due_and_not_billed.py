"""What is due today and has no invoice yet, and why: empty after each run of a healthy site."""

from __future__ import annotations

from typing import Any

from frappe import _

from subscription_plus.sp_billing import numbers, reporting


def execute(filters: dict[str, Any] | None = None):
    """Columns, rows and summary; amounts net where nothing was made yet, else the documents' totals."""
    asked = reporting.asked(filters)
    rows = [
        row
        for row in numbers.due_and_not_billed(asked.company)
        if not asked.currency or row.currency == asked.currency
    ]
    columns = [
        reporting.link("subscription", _("Subscription"), "SP Subscription", 160),
        reporting.link("customer", _("Customer"), "Customer", 160),
        reporting.column("customer_name", _("Customer Name"), "Data", 160),
        reporting.column("billing_date", _("Billed On"), "Date", 110),
        reporting.column("start", _("From"), "Date", 110),
        reporting.column("end", _("To"), "Date", 110),
        reporting.money("amount", _("Amount"), 120),
        reporting.column("reason", _("Why"), "Data", 300),
        reporting.link("period", _("Billing Period"), "SP Billing Period", 200),
    ]
    summary = [
        reporting.summary(_("Due and Not Billed"), amount, currency, "Orange")
        for currency, amount in numbers.sums_by_currency(rows, "amount").items()
    ]
    return columns, rows, None, None, summary
