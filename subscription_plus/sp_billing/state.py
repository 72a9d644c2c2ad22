"""What people and the hourly run read on a subscription: statuses, current period, when to look next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import frappe
from frappe.model.document import Document

from subscription_plus.engine import lifecycle
from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import Facts, Piece, next_piece, whole_period_holding
from subscription_plus.engine.retries import next_look
from subscription_plus.engine.steps import PeriodStatus

from . import events, facts, notices, periods

NO_ERROR = {"error_message": None, "error_count": 0, "error_at": None}


def refresh(doc: Document, rows: list[frappe._dict], now: dt.datetime, worked: bool) -> None:
    """Store the state that follows from the facts. `worked`: all that was possible is done, errors are over."""
    values = compute(doc, rows, now)
    store(doc, values | NO_ERROR if worked else values)


def compute(doc: Document, rows: list[frappe._dict], now: dt.datetime) -> dict[str, Any]:
    """Statuses, dates to show, and when the hourly run looks next: never before the edit window ends."""
    plan = facts.facts(doc, rows)
    piece = next_piece(plan)
    days = _days_ahead(doc, plan, rows, piece, now.date())
    look = None if doc.parked else next_look(days, now, (facts.moment(doc.edit_window_until),))
    return {**statuses(doc, plan, rows, piece, now.date()), "next_billing_at": look}


def statuses(
    doc: Document, plan: Facts, rows: Iterable[frappe._dict], piece: Piece | None, today: dt.date
) -> dict[str, Any]:
    """Status, billing status and the dates shown beside them."""
    life = lifecycle.Life(plan, facts.date(doc.cancellation_date), facts.date(doc.end_date))
    current = whole_period_holding(plan, today)
    open_rows = [row for row in rows if periods.is_open(row)]
    states = {PeriodStatus(row.status) for row in open_rows}
    return {
        "status": lifecycle.status(life, today).value,
        "billing_status": lifecycle.billing_status(
            failed=bool(doc.parked),
            overdue=any(periods.is_overdue(row, today) for row in open_rows),
            processing=False,
            awaiting=PeriodStatus.AWAITING_PAYMENT in states,
            to_order=bool(states - {PeriodStatus.AWAITING_PAYMENT}) or bool(piece and piece.bill_on <= today),
        ).value,
        "current_period_start": current.start if current else None,
        "current_period_end": current.end if current else None,
        "next_billing_date": piece.bill_on if piece else None,
    }


def _days_ahead(
    doc: Document, plan: Facts, rows: Iterable[frappe._dict], piece: Piece | None, today: dt.date
) -> Iterable[dt.date]:
    """The days on which something happens by the passing of time alone."""
    if piece:
        yield piece.bill_on
    life = lifecycle.Life(plan, facts.date(doc.cancellation_date), facts.date(doc.end_date))
    for day in (*lifecycle.status_changes(life), *notices.days(doc, piece)):
        if day > today:
            yield day
    current = whole_period_holding(plan, today)
    if current:
        yield current.end + DAY
    if any(periods.is_open(row) for row in rows):
        # A payment is heard of at once; the daily look is for what was missed (a lost queue, a restored backup).
        yield today + DAY


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
