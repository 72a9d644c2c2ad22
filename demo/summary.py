"""What came of it, as numbers a person can check against the lists on the desk."""

import frappe
from frappe.utils import flt, fmt_money

from subscription_plus.sp_billing import numbers

from .company import COMPANY, CURRENCY


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
        ("Monthly recurring revenue", _revenue()),
    ]


def _revenue() -> str:
    return fmt_money(numbers.mrr(COMPANY, numbers.today()), currency=CURRENCY)


def _count(doctype: str, **filters) -> str:
    return str(frappe.db.count(doctype, filters))


def _by(doctype: str, field: str, **filters) -> list[tuple[str, str]]:
    values = sorted(frappe.get_all(doctype, filters=filters, pluck=field))
    return [(f"  {value}", str(values.count(value))) for value in dict.fromkeys(values)]


def _count_and_sum(doctype: str, field: str, **filters) -> str:
    amounts = frappe.get_all(doctype, filters={"docstatus": 1, **filters}, pluck=field)
    return f"{len(amounts)}, {fmt_money(sum(map(flt, amounts)), currency=CURRENCY)}"
