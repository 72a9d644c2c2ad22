"""The members' side of billing: each evening they pay what is open, by transfer, each after a habit."""

import datetime as dt

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.utils import flt, getdate

from .company import BANK, TRANSFER
from .members import BY_NAME, Habit

SECOND_PART_AFTER_DAYS = 10


def pay_what_is_due(today: dt.date) -> int:
    """Pay every open order and invoice whose member pays today; returns the number of payments."""
    count = 0
    for doctype, document, day, total, outstanding in [*_open_orders(), *_open_invoices()]:
        habit = BY_NAME[document.customer].habit
        if amount := _amount(habit, (today - getdate(day)).days, flt(total), flt(outstanding)):
            _pay(doctype, document.name, amount, today)
            count += 1
    return count


def _open_orders():
    """Orders that wait for money before they are invoiced, oldest first."""
    for order in frappe.get_all(
        "Sales Order",
        filters={"docstatus": 1, "per_billed": 0, "status": ("not in", ("Closed", "Completed"))},
        fields=["name", "customer", "transaction_date", "grand_total", "rounded_total", "advance_paid"],
        order_by="transaction_date, name",
    ):
        total = flt(order.rounded_total) or flt(order.grand_total)
        if total > flt(order.advance_paid):
            yield "Sales Order", order, order.transaction_date, total, total - flt(order.advance_paid)


def _open_invoices():
    """Submitted invoices with something outstanding, oldest first."""
    for invoice in frappe.get_all(
        "Sales Invoice",
        filters={"docstatus": 1, "is_return": 0, "outstanding_amount": (">", 0)},
        fields=["name", "customer", "posting_date", "grand_total", "rounded_total", "outstanding_amount"],
        order_by="posting_date, name",
    ):
        total = flt(invoice.rounded_total) or flt(invoice.grand_total)
        yield "Sales Invoice", invoice, invoice.posting_date, total, invoice.outstanding_amount


def _amount(habit: Habit, days: int, total: float, outstanding: float) -> float:
    """What a member pays of a document that is so many days old; 0 on other days."""
    if habit.days is None or days < habit.days:
        return 0
    if not habit.parts:
        return outstanding
    if outstanding == total:
        return flt(total / 2, 2)
    return outstanding if days >= habit.days + SECOND_PART_AFTER_DAYS else 0


def _pay(doctype: str, name: str, amount: float, today: dt.date) -> None:
    payment = get_payment_entry(doctype, name, party_amount=amount, bank_account=BANK, reference_date=today)
    payment.update(
        {
            "posting_date": today,
            "mode_of_payment": TRANSFER,
            "reference_no": f"VIR {name}",
            "reference_date": today,
        }
    )
    payment.insert()
    payment.submit()
