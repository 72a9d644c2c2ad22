"""The verbs on a subscription: preview, update now, cancel, undo, restart, pause, resume, skip, change.

Staff need the right to write it; its customers what the plan lets them do (sp_billing/rights.py).
"""

from typing import Any, Literal

import frappe
from frappe.utils import cint

from subscription_plus import permissions
from subscription_plus.sp_billing import breaks, cancellation, changes, pipeline, preview, repair
from subscription_plus.sp_billing.idempotency import once

from .answers import ComingPeriod, From, LastDay, Skipped, Updated
from .reading import Day, Switch, day, number


@frappe.whitelist(methods=["GET", "POST"])
def preview_periods(subscription: str, count: int = 12) -> list[ComingPeriod]:
    """The next periods that will be billed (at most 60): dates, lines, total before tax, documents."""
    doc = permissions.get_own("SP Subscription", subscription)
    return preview.coming_periods(doc, min(max(cint(count), 1), 60))


@frappe.whitelist(methods=["POST"])
@once
def update_now(subscription: str) -> Updated:
    """End the edit window, take a parked subscription up again, and do all that is due now; for the staff.

    The documents made and, where it could not go on, the error.
    """
    permissions.get_for_staff("SP Subscription", subscription, "write")
    return _update(subscription)


def _update(subscription: str) -> dict[str, Any]:
    repair.take_up(subscription)
    outcome = pipeline.advance(subscription)
    return {
        "documents": [{"doctype": doctype, "name": name} for doctype, name in outcome.documents],
        "periods": outcome.periods,
        "error": outcome.error,
    }


@frappe.whitelist(methods=["POST"])
@once
def cancel(
    subscription: str,
    at: Literal["Period End", "Date", "Now"] = cancellation.PERIOD_END,
    date: Day | None = None,
    reason: str | None = None,
    prorate: Switch | None = None,
    credit_unused_days: Switch = 0,
) -> LastDay:
    """Cancel now, at the period's end, or at a date (`at`: Now, Period End, Date); the last day."""
    last = cancellation.cancel(
        subscription,
        at,
        day(date),
        reason,
        None if prorate is None else bool(cint(prorate)),
        bool(cint(credit_unused_days)),
    )
    return {"last_day": last}


@frappe.whitelist(methods=["POST"])
@once
def undo_cancellation(subscription: str) -> None:
    """Take a cancellation back before its last day has come."""
    cancellation.undo(subscription)


@frappe.whitelist(methods=["POST"])
@once
def restart(
    subscription: str, on: Day | None = None, new_anchor: Switch = 1, end_date: Day | None = None
) -> None:
    """Begin an ended subscription again; what was billed is not billed again."""
    cancellation.restart(subscription, day(on), bool(cint(new_anchor)), day(end_date))


@frappe.whitelist(methods=["POST"])
@once
def pause(
    subscription: str, from_date: Day | None = None, until: Day | None = None, new_anchor: Switch = 0
) -> None:
    """Stop billing from a day (today) until a day (inclusive), or until resumed."""
    breaks.pause(subscription, day(from_date), day(until), bool(cint(new_anchor)))


@frappe.whitelist(methods=["POST"])
@once
def resume(subscription: str, on: Day | None = None, new_anchor: Switch = 0) -> None:
    """End a pause; billing counts again from the day (today)."""
    breaks.resume(subscription, day(on), bool(cint(new_anchor)))


@frappe.whitelist(methods=["POST"])
@once
def skip(subscription: str) -> Skipped:
    """Leave the next period unbilled; its first and last day."""
    start, end = breaks.skip(subscription)
    return {"start": start, "end": end}


@frappe.whitelist(methods=["POST"])
@once
def change_quantity(subscription: str, line: str, qty: float) -> From:
    """Bill another quantity of a line (its row name) from the next period on; 0 ends it."""
    return {"from": changes.change_quantity(subscription, line, number(qty))}


@frappe.whitelist(methods=["POST"])
@once
def add_line(
    subscription: str, item: str, qty: float = 1, fixed_rate: float | None = None, once: Switch = 0
) -> From:
    """Bill a further item from the next period on, at its list price or a fixed rate."""
    price = (
        {} if fixed_rate is None else {"price_determination": "Fixed Rate", "fixed_rate": number(fixed_rate)}
    )
    return {"from": changes.add_line(subscription, item, number(qty), once=cint(once), **price)}


@frappe.whitelist(methods=["POST"])
@once
def change_price(
    subscription: str, item: str | None = None, rate: float | None = None, percentage: float | None = None
) -> From:
    """Bill an item's fixed rate (all fixed rates without `item`) anew from the next period on: by a rate, or by
    so many per cent more."""
    by_rate = None if rate is None else number(rate)
    return {
        "from": changes.change_price(
            subscription, item or None, by_rate, None if percentage is None else number(percentage)
        )
    }


@frappe.whitelist(methods=["POST"])
@once
def change_payment(
    subscription: str,
    mode_of_payment: str | None = None,
    payment_method: str | None = None,
    charge_automatically: Switch = 1,
) -> None:
    """Say how the customer pays: the mode of payment, and which card or debit is charged without asking."""
    changes.change_payment(
        subscription, mode_of_payment or None, payment_method or None, bool(cint(charge_automatically))
    )


@frappe.whitelist(methods=["POST"])
@once
def change_plan(subscription: str, plan: str) -> From:
    """Bill another plan from the next period on."""
    return {"from": changes.change_plan(subscription, plan)}


@frappe.whitelist(methods=["POST"])
@once
def bill_again(billing_period: str) -> Updated:
    """Make the documents of a void period (a person cancelled them) anew."""
    subscription = permissions.get_for_staff("SP Billing Period", billing_period).subscription
    permissions.get_for_staff("SP Subscription", subscription, "write")
    repair.bill_again(billing_period)
    return _update(subscription)
