"""Statuses in words for customers: a label, a colour, and what it means for them."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.utils import getdate

from . import words

OPEN_INVOICES = ("Unpaid", "Overdue", "Partly Paid", "Unpaid and Discounted", "Overdue and Discounted")


def subscription(row: frappe._dict, today: dt.date, paused_until: dt.date | None = None) -> frappe._dict:
    """{label, colour, sentence} of a subscription: status, cancellation_date, end_date, trial_until, start_date,
    next_billing_date, total, currency."""
    last = min(filter(None, (_date(row.cancellation_date), _date(row.end_date))), default=None)
    if row.status in ("Cancelled", "Completed"):
        ended = _("It ended on {0}.").format(words.day(last)) if last else ""
        return _told(_("Ended"), "gray", ended)
    if row.cancellation_date:
        told = _("You have it until {0}; nothing is charged after that.").format(words.day(last))
        return _told(_("Ends on {0}").format(words.day(last, "medium")), "orange", told)
    if row.status == "Paused":
        told = (
            _("It goes on by itself on {0}. Nothing is charged until then.").format(
                words.day(paused_until + dt.timedelta(days=1))
            )
            if paused_until
            else _("Nothing is charged until you resume it.")
        )
        return _told(_("Paused"), "blue", told)
    if row.status == "Scheduled":
        return _told(
            _("Starts on {0}").format(words.day(row.start_date, "medium")), "blue", _next(row, today)
        )
    if row.status == "Trial":
        told = _("Your trial runs until {0}.").format(words.day(row.trial_until))
        return _told(_("Trial"), "blue", f"{told} {_next(row, today)}".strip())
    return _told(_("Active"), "green", _next(row, today))


def _next(row: frappe._dict, today: dt.date) -> str:
    if not row.next_billing_date:
        return _("No further payment is planned.")
    when = words.day(row.next_billing_date)
    return _("Next payment on {0}.").format(when)


def billing(row: frappe._dict) -> frappe._dict | None:
    """What is wrong or open with the payments of a subscription; None where all is well."""
    return {
        "Awaiting Payment": _told(_("Waiting for your payment"), "orange", ""),
        "Payment Processing": _told(_("Payment on its way"), "blue", ""),
        "Past Due": _told(_("Payment overdue"), "red", ""),
        "Unpaid": _told(_("Not paid"), "red", ""),
    }.get(row.billing_status)


def invoice(row: frappe._dict) -> frappe._dict:
    """{label, colour} of a Sales Invoice."""
    if row.is_return:
        return _told(_("Credit note"), "gray", "")
    if row.status == "Overdue":
        return _told(_("Overdue"), "red", "")
    if row.status in OPEN_INVOICES:
        return _told(_("To pay"), "orange", "")
    if row.status == "Credit Note Issued":
        return _told(_("Credited"), "gray", "")
    return _told(_("Paid"), "green", "")


def method(row: frappe._dict) -> frappe._dict:
    """{label, colour} of a payment method."""
    return {
        "Active": _told(_("Default"), "green", "") if row.is_default else _told("", "gray", ""),
        "Expired": _told(_("Expired"), "red", ""),
        "Dead": _told(_("Declined by the bank"), "red", ""),
    }.get(row.status) or _told(_("Removed"), "gray", "")


def booking(row: frappe._dict) -> frappe._dict:
    """{label, colour} of a booking."""
    return {
        "Confirmed": _told(_("Confirmed"), "green", ""),
        "Tentative": _told(_("Reserved"), "blue", ""),
        "In Cart": _told(_("Not ordered yet"), "orange", ""),
    }.get(row.status) or _told(_("Cancelled"), "gray", "")


def _told(label: str, colour: str, sentence: str) -> frappe._dict:
    return frappe._dict(label=label, colour=colour, sentence=sentence)


def _date(value) -> dt.date | None:
    return getdate(value) if value else None
