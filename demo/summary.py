"""What came of it, as numbers a person can check against the lists on the desk."""

from decimal import Decimal

import frappe
from frappe.utils import flt, fmt_money

from subscription_plus.api.subscriptions import preview_periods

from .company import CURRENCY

# Months in one unit of a recurrence, for the monthly recurring revenue.
MONTHS = {
    "Day": Decimal(12) / Decimal(365),
    "Week": Decimal(84) / Decimal(365),
    "Month": Decimal(1),
    "Quarter": Decimal(3),
    "Year": Decimal(12),
}


def lines() -> list[tuple[str, str]]:
    """(what, how much) in the order in which they are read."""
    return [
        ("Customers", _count("Customer")),
        ("Subscriptions", _count("SP Subscription")),
        *_by("SP Subscription", "status"),
        *_by("SP Subscription", "billing_status"),
        ("Billing periods", _count("SP Billing Period")),
        *_by("SP Billing Period", "status"),
        ("Sales orders", _count("Sales Order", docstatus=1)),
        ("Payment requests", _count("Payment Request", docstatus=1)),
        *_by("Payment Request", "status", docstatus=1),
        ("Payments", _count_and_sum("Payment Entry", "paid_amount")),
        ("Invoices", _count_and_sum("Sales Invoice", "grand_total", is_return=0)),
        *_by("Sales Invoice", "status", docstatus=1, is_return=0),
        ("Credit notes", _count_and_sum("Sales Invoice", "grand_total", is_return=1)),
        ("Emails in the outbox", _count("Email Queue")),
        ("Hourly runs with something to do", _count("SP Billing Run")),
        ("Monthly recurring revenue", fmt_money(monthly_recurring_revenue(), currency=CURRENCY)),
    ]


def monthly_recurring_revenue() -> float:
    """What the next period of every running subscription comes to, for an average month, before tax."""
    months = {
        row.name: MONTHS[row.unit] * row.interval_count
        for row in frappe.get_all("SP Recurrence Period", fields=["name", "unit", "interval_count"])
    }
    running = frappe.get_all(
        "SP Subscription",
        filters={"status": ("in", ("Active", "Trial", "Paused"))},
        fields=["name", "recurrence_period"],
    )
    revenue = Decimal(0)
    for row in running:
        for period in preview_periods(row.name, count=1):
            revenue += Decimal(str(period["total"])) / months[row.recurrence_period]
    return float(revenue)


def _count(doctype: str, **filters) -> str:
    return str(frappe.db.count(doctype, filters))


def _by(doctype: str, field: str, **filters) -> list[tuple[str, str]]:
    values = sorted(frappe.get_all(doctype, filters=filters, pluck=field))
    return [(f"  {value}", str(values.count(value))) for value in dict.fromkeys(values)]


def _count_and_sum(doctype: str, field: str, **filters) -> str:
    amounts = frappe.get_all(doctype, filters={"docstatus": 1, **filters}, pluck=field)
    return f"{len(amounts)}, {fmt_money(sum(map(flt, amounts)), currency=CURRENCY)}"
