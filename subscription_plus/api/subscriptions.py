"""The verbs on a subscription: preview, update now, cancel, undo, restart, pause, resume, skip, change."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint, flt, getdate

from subscription_plus.sp_billing import breaks, cancellation, changes, pipeline, preview, repair


def _date(value: str | None):
    return getdate(value) if value else None


@frappe.whitelist()
def preview_periods(subscription: str, count: int = 12) -> list[dict[str, Any]]:
    """The next periods that will be billed (at most 60): dates, lines, total before tax, documents."""
    doc = frappe.get_doc("SP Subscription", subscription)
    doc.check_permission("read")
    return preview.coming_periods(doc, min(max(cint(count), 1), 60))


@frappe.whitelist(methods=["POST"])
def update_now(subscription: str) -> dict[str, Any]:
    """End the edit window, take a parked subscription up again, and do all that is due now.

    Returns the documents made and, where it could not go on, the error.
    """
    frappe.get_doc("SP Subscription", subscription).check_permission("write")
    repair.take_up(subscription)
    outcome = pipeline.advance(subscription)
    return {
        "documents": [{"doctype": doctype, "name": name} for doctype, name in outcome.documents],
        "periods": outcome.periods,
        "error": outcome.error,
    }


@frappe.whitelist(methods=["POST"])
def cancel(
    subscription: str,
    at: str = cancellation.PERIOD_END,
    date: str | None = None,
    reason: str | None = None,
    prorate: int | None = None,
    credit_unused_days: int = 0,
) -> dict[str, Any]:
    """Cancel now, at the period's end, or at a date (`at`: Now, Period End, Date); the last day."""
    last = cancellation.cancel(
        subscription,
        at,
        _date(date),
        reason,
        None if prorate is None else bool(cint(prorate)),
        bool(cint(credit_unused_days)),
    )
    return {"last_day": last}


@frappe.whitelist(methods=["POST"])
def undo_cancellation(subscription: str) -> None:
    """Take a cancellation back before its last day has come."""
    cancellation.undo(subscription)


@frappe.whitelist(methods=["POST"])
def restart(
    subscription: str, on: str | None = None, new_anchor: int = 1, end_date: str | None = None
) -> None:
    """Begin an ended subscription again; what was billed is not billed again."""
    cancellation.restart(subscription, _date(on), bool(cint(new_anchor)), _date(end_date))


@frappe.whitelist(methods=["POST"])
def pause(
    subscription: str, from_date: str | None = None, until: str | None = None, new_anchor: int = 0
) -> None:
    """Stop billing from a day (today) until a day (inclusive), or until resumed."""
    breaks.pause(subscription, _date(from_date), _date(until), bool(cint(new_anchor)))


@frappe.whitelist(methods=["POST"])
def resume(subscription: str, on: str | None = None, new_anchor: int = 0) -> None:
    """End a pause; billing counts again from the day (today)."""
    breaks.resume(subscription, _date(on), bool(cint(new_anchor)))


@frappe.whitelist(methods=["POST"])
def skip(subscription: str) -> dict[str, Any]:
    """Leave the next period unbilled; its first and last day."""
    start, end = breaks.skip(subscription)
    return {"start": start, "end": end}


@frappe.whitelist(methods=["POST"])
def change_quantity(subscription: str, line: str, qty: float) -> dict[str, Any]:
    """Bill another quantity of a line (its row name) from the next period on; 0 ends it."""
    return {"from": changes.change_quantity(subscription, line, flt(qty))}


@frappe.whitelist(methods=["POST"])
def add_line(
    subscription: str, item: str, qty: float = 1, fixed_rate: float | None = None, once: int = 0
) -> dict[str, Any]:
    """Bill a further item from the next period on, at its list price or a fixed rate."""
    price = {} if fixed_rate is None else {"price_determination": "Fixed Rate", "fixed_rate": flt(fixed_rate)}
    return {"from": changes.add_line(subscription, item, flt(qty), once=cint(once), **price)}


@frappe.whitelist(methods=["POST"])
def change_price(
    subscription: str, item: str | None = None, rate: float | None = None, percentage: float | None = None
) -> dict[str, Any]:
    """Bill an item's fixed rate (all fixed rates without `item`) anew from the next period on: by a rate, or by
    so many per cent more."""
    by_rate = None if rate is None else flt(rate)
    return {
        "from": changes.change_price(
            subscription, item or None, by_rate, None if percentage is None else flt(percentage)
        )
    }


@frappe.whitelist(methods=["POST"])
def change_payment(
    subscription: str,
    mode_of_payment: str | None = None,
    payment_method: str | None = None,
    charge_automatically: int = 1,
) -> None:
    """Say how the customer pays: the mode of payment, and which card or debit is charged without asking."""
    changes.change_payment(
        subscription, mode_of_payment or None, payment_method or None, bool(cint(charge_automatically))
    )


@frappe.whitelist(methods=["POST"])
def change_plan(subscription: str, plan: str) -> dict[str, Any]:
    """Bill another plan from the next period on."""
    return {"from": changes.change_plan(subscription, plan)}


@frappe.whitelist(methods=["POST"])
def bill_again(billing_period: str) -> dict[str, Any]:
    """Make the documents of a void period (a person cancelled them) anew."""
    subscription = frappe.db.get_value("SP Billing Period", billing_period, "subscription")
    frappe.get_doc("SP Subscription", subscription).check_permission("write")
    repair.bill_again(billing_period)
    return update_now(subscription)
