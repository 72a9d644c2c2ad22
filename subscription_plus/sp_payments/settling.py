"""Asks the gateway about attempts whose outcome is open, and goes on with billing where something changed."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe.utils import now_datetime

from subscription_plus.engine.attempts import AttemptStatus, must_be_asked
from subscription_plus.sp_billing.pipeline import advance

from . import attempts, charging, dunning, pages

# Within this time the gateway remembers a key: the same request again answers what the first one did.
KEY_LIFE = dt.timedelta(hours=20)


def ask(name: str) -> AttemptStatus | None:
    """Find out what became of an attempt, book it, and bring its subscription up to date. None: no answer."""
    before = frappe.db.get_value(attempts.DOCTYPE, name, "status")
    status = _ask(name)
    if status is not None and status.value != before:
        after_change(name, status)
    return status


def _ask(name: str) -> AttemptStatus | None:
    row = frappe.db.get_value(
        attempts.DOCTYPE,
        name,
        ["kind", "status", "payment_id", "session_id", "sent_at", "creation"],
        as_dict=True,
    )
    fresh = (row.sent_at or row.creation) + KEY_LIFE > now_datetime()
    never_answered = row.kind == "Charge" and not (row.payment_id or row.session_id)
    # No id came back: the same key again answers, or begins what never arrived. It cannot charge twice, and
    # it is not begun any more where the money came in another way meanwhile.
    if never_answered and fresh and must_be_asked(AttemptStatus(row.status)) and attempts.still_owed(name):
        return charging.send(name)
    return pages.look_up(name)


def after_change(name: str, status: AttemptStatus) -> None:
    """What follows from a new outcome: the period moves on, or back, or dunning begins."""
    row = frappe.db.get_value(
        attempts.DOCTYPE, name, ["subscription", "billing_period", "kind"], as_dict=True
    )
    confirm = status is AttemptStatus.NEEDS_ACTION and row.kind == "Charge"
    if confirm or status in (AttemptStatus.FAILED, AttemptStatus.REVERSED):
        dunning.begin(name)
    if row.kind == "Register" and row.subscription:
        charging.method_came(row.subscription)
    elif row.subscription:
        advance(row.subscription, touched=tuple(filter(None, [row.billing_period])))


def ask_waiting() -> None:
    """Ask about every attempt whose time has come (`ask_at`), the oldest first."""
    for name in frappe.get_all(
        attempts.DOCTYPE,
        # Frappe's comparisons take an empty moment for one long past.
        filters=[["ask_at", "is", "set"], ["ask_at", "<=", now_datetime()]],
        order_by="ask_at",
        limit=200,
        pluck="name",
    ):
        try:
            ask(name)
        except Exception as error:
            # One attempt that cannot be asked (an account without key, a mismatch) must not stop the others.
            frappe.db.rollback()
            frappe.log_error(title=f"Payment attempt {name}", message=frappe.get_traceback())
            attempts.mark_unknown(name, str(error))
