"""What a person sets going again: a parked subscription, an edit window ended early, a void period."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import now_datetime

from subscription_plus.engine.steps import PeriodStatus

from . import events, periods
from .transactions import lock_subscription
from .verbs import refuse


def take_up(subscription: str) -> None:
    """End the edit window and any parking, and make the subscription due now."""
    lock_subscription(subscription)
    parked = frappe.db.get_value("SP Subscription", subscription, "parked")
    frappe.db.set_value(
        "SP Subscription",
        subscription,
        {"edit_window_until": None, "parked": 0, "error_count": 0, "next_billing_at": now_datetime()},
        update_modified=False,
    )
    events.record(subscription, "Taken Up Again" if parked else "Update Now")


def bill_again(period: str) -> None:
    """Forget the cancelled documents of a void period, so that the pipeline makes them anew."""
    row = periods.locked(period)
    if not row or row.status != PeriodStatus.VOID.value:
        refuse(_("Only a void period can be billed again: its documents were cancelled by a person."))
    frappe.db.set_value(
        periods.DOCTYPE,
        period,
        {
            "status": PeriodStatus.TO_ORDER.value,
            "sales_order": None,
            "payment_request": None,
            "sales_invoice": None,
            "outstanding": 0,
        },
    )
    subscription = frappe.db.get_value(periods.DOCTYPE, period, "subscription")
    events.record(subscription, "Billed Again", period=period)
