"""What people and the hourly run read on a subscription: statuses, current period, when to look next."""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from frappe.model.document import Document

from subscription_plus.engine import lifecycle
from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import Piece, next_piece, whole_period_holding
from subscription_plus.engine.retries import next_look
from subscription_plus.engine.steps import PeriodStatus

from . import contracts, credits, events, facts, notices, periods

NO_ERROR = {"error_message": None, "error_count": 0, "error_at": None}


def refresh(doc: Document, rows: list[frappe._dict], now: dt.datetime, worked: bool) -> None:
    """Store the state that follows from the facts. `worked`: all that was possible is done, errors are over."""
    failed = bool(doc.parked or doc.error_count) and not worked
    values = compute(doc, rows, now, failed)
    store(doc, values | NO_ERROR if worked else values)


def compute(
    doc: Document, rows: list[frappe._dict], now: dt.datetime, failed: bool = False
) -> dict[str, Any]:
    """Statuses, dates to show, and when the hourly run looks next: never before the edit window ends."""
    today = now.date()
    plan = facts.facts(doc, rows)
    piece = next_piece(plan)
    life = lifecycle.Life(plan, facts.date(doc.cancellation_date), facts.date(doc.end_date))
    # None after the last day: an ended subscription would be looked at every period for ever.
    current = None if plan.end and today > plan.end else whole_period_holding(plan, today)
    open_rows = [row for row in rows if periods.is_open(row)]
    changes = [day for day in lifecycle.status_changes(life) if day > today]
    days = [
        *changes,
        *(day for day in notices.days(doc, piece, rows) if day > today),
        *filter(None, (piece and piece.bill_on, current and current.end + DAY, credits.due_on(doc, rows))),
        # A payment is heard of at once; the daily look is for what was missed (a lost queue, a restored backup).
        *([today + DAY] if open_rows else []),
    ]
    return {
        "status": lifecycle.status(life, today).value,
        "billing_status": _billing_status(
            open_rows, piece, today, failed, bool(doc.unpaid and open_rows)
        ).value,
        "current_period_start": current.start if current else None,
        "current_period_end": current.end if current else None,
        "next_billing_date": piece.bill_on if piece else None,
        "next_billing_at": None
        if doc.parked
        # Signing wakes it; until then only its status changes with the days.
        else next_look(
            changes if contracts.waits_for_signature(doc) else days,
            now,
            (facts.moment(doc.edit_window_until),),
        ),
    }


def is_paused_for_good(doc: Document, today: dt.date) -> bool:
    """Whether a pause without an end has begun: what comes after it is not known."""
    return any(
        row.kind == "Pause" and not row.until_date and facts.date(row.from_date) <= today
        for row in doc.breaks
    )


def _billing_status(
    open_rows: list[frappe._dict], piece: Piece | None, today: dt.date, failed: bool, unpaid: bool
) -> lifecycle.BillingStatus:
    states = {PeriodStatus(row.status) for row in open_rows}
    waiting = {PeriodStatus.AWAITING_PAYMENT, PeriodStatus.PAYMENT_PROCESSING}
    return lifecycle.billing_status(
        failed=failed,
        unpaid=unpaid,
        overdue=any(periods.is_overdue(row, today) for row in open_rows),
        processing=PeriodStatus.PAYMENT_PROCESSING in states,
        awaiting=PeriodStatus.AWAITING_PAYMENT in states,
        to_order=bool(states - waiting) or bool(piece and piece.bill_on <= today),
    )


def store(doc: Document, values: dict[str, Any]) -> None:
    """Write what differs, leaving `modified` alone: an open form must not be refused because billing went on."""
    changed = {key: value for key, value in values.items() if not _same(doc.get(key), value)}
    if not changed:
        return
    before = {key: doc.get(key) for key in changed}
    frappe.db.set_value("SP Subscription", doc.name, changed, update_modified=False)
    doc.update(changed)
    for field in ("status", "billing_status"):
        if field in changed and before[field]:
            events.record(
                doc.name,
                "Status Changed" if field == "status" else "Billing Status Changed",
                before={field: before[field]},
                after={field: changed[field]},
            )


def _same(stored: Any, value: Any) -> bool:
    return (not stored and not value) or str(stored) == str(value)
