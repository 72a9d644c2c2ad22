"""Prices of a coming period that differ from what was billed last: told to the customer ahead of time.

A change of quantity, a discount, or a part of a period is no change of price: only the price of one unit counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import cint, now_datetime, nowdate

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import Piece
from subscription_plus.erp import bills

from . import composing, facts, periods, settings


@dataclass(frozen=True)
class PriceChange:
    """One line's price per unit in the subscription's currency, before and from the coming period on."""

    item: str
    item_name: str
    old: Decimal
    new: Decimal


def notice_on(piece: Piece, rows: list[frappe._dict]) -> dt.date | None:
    """The first day on which a period's new prices are told; None where the settings want no such notice, or
    nothing was billed yet that a price could differ from."""
    ahead = cint(settings.get("price_notice_days"))
    return min(piece.start, piece.bill_on) - ahead * DAY if ahead and rows else None


def coming(doc: Document, piece: Piece, rows: list[frappe._dict]) -> list[PriceChange]:
    """The changes between the last whole period that was billed and a coming one; none where there is none."""
    before = next((row for row in reversed(rows) if _is_whole(row) and _document(row)), None)
    if before is None or not piece.period.is_whole:
        return []
    old = bills.billed_rates(*_document(before))
    was_whole = set(_whole_lines(doc, periods.piece_of(before), before.name))
    name = periods.name_of(doc.name, piece.start, rows)
    try:
        bill = composing.compose(doc, piece, name, facts.recurrence_on(doc, piece.start), None)
    except frappe.ValidationError:
        frappe.clear_messages()
        return []  # a price is missing: billing says so on its day
    comparable = was_whole.intersection(_whole_lines(doc, piece, name), old)
    names = {facts.line(row).key: row.item_name or row.item for row in doc.lines}
    return [
        PriceChange(line.item, names[line.subscription_line], old[line.subscription_line], line.billed.rate)
        for line in bill.lines
        if line.subscription_line in comparable and line.billed.rate != old[line.subscription_line]
    ]


def mark(piece: Piece, changes: list[PriceChange]) -> str:
    """What tells one notice from another: the period and its new prices. A price that changes again is told again."""
    prices = ";".join(f"{change.item}={change.new.normalize():f}" for change in changes)
    return f"{piece.start} {hashlib.sha256(prices.encode()).hexdigest()[:12]}"


def _is_whole(row: frappe._dict) -> bool:
    return periods.piece_of(row).period.is_whole


def _document(row: frappe._dict) -> tuple[str, str] | None:
    if row.sales_invoice:
        return "Sales Invoice", row.sales_invoice
    return ("Sales Order", row.sales_order) if row.sales_order else None


def _whole_lines(doc: Document, piece: Piece, period: str) -> Iterator[str]:
    for _row, share in composing.lines_that_count(doc, piece, period):
        if share.part is None and not share.line.once:
            yield share.line.key


def look_again(item: str) -> None:
    """The job after an Item Price changed: subscriptions whose day for notices is over already are looked at soon."""
    ahead = cint(settings.get("price_notice_days"))
    subscription, line = frappe.qb.DocType("SP Subscription"), frappe.qb.DocType("SP Subscription Line")
    priced = (
        frappe.qb.from_(line)
        .select(line.parent)
        .where(
            (line.item == item)
            & (line.parenttype == "SP Subscription")
            & (line.price_determination != "Fixed Rate")
        )
    )
    now = now_datetime()
    (
        frappe.qb.update(subscription)
        .set(subscription.next_billing_at, now)
        .where(
            subscription.name.isin(priced)
            & (subscription.parked == 0)
            & (subscription.next_billing_at > now)
            & (subscription.next_billing_date <= frappe.utils.add_days(nowdate(), ahead))
        )
        .run()
    )
    frappe.db.commit()


def heard(item: str) -> None:
    """An Item Price was changed: look again, once the caller's transaction is committed."""
    by_list = {"item": item, "parenttype": "SP Subscription", "price_determination": ("!=", "Fixed Rate")}
    if cint(settings.get("price_notice_days")) and frappe.db.exists("SP Subscription Line", by_list):
        frappe.enqueue(
            "subscription_plus.sp_billing.price_changes.look_again",
            queue="default",
            enqueue_after_commit=True,
            item=item,
        )
