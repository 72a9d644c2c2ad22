"""Carts whose time is over: their places are free again."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import now_datetime

from subscription_plus.sp_billing.transactions import billing_session, unit_of_work

from . import booking


def expire() -> int:
    """Give up the places of carts whose time is over; how many."""
    with billing_session():
        due = frappe.get_all(
            booking.DOCTYPE,
            filters=[
                ["status", "=", booking.IN_CART],
                ["expires_at", "is", "set"],
                ["expires_at", "<", now_datetime()],
            ],
            pluck="name",
        )
        return sum(unit_of_work(lambda name=name: _expire(name)) for name in due)


def _expire(name: str) -> int:
    doc = booking.locked(name)
    if doc.status != booking.IN_CART:
        return 0  # ordered meanwhile
    booking.release(doc, _("The cart's time was over"))
    return 1
