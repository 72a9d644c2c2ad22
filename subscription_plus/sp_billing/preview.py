"""What will be billed: the planner of billing, without writing."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_plus.engine import planning
from subscription_plus.engine.steps import Flow
from subscription_plus.erp.bills import Bill

from . import composing, coupons, facts


def coming_periods(doc: Document, count: int) -> list[dict[str, Any]]:
    """The next periods of a stored or unsaved subscription, oldest first.

    [{start, end, billing_date, days, whole_days, currency, total, lines: [{item, qty, rate, amount,
    description}], documents}]; total before tax and additional discounts, money in currency units.
    """
    return [describe(doc, piece, bill, flow) for piece, bill, flow in coming_bills(doc, count)]


def coming_bills(doc: Document, count: int) -> list[tuple[planning.Piece, Bill, Flow]]:
    """The bills of the next periods, oldest first, as billing will compose them."""
    rows = [] if doc.is_new() else facts.periods_of(doc.name)
    billed_once = [row.billed_once_in for row in doc.lines]
    used = doc.coupon_periods_used
    coming = []
    try:
        for number, piece in enumerate(planning.preview(facts.facts(doc, rows), count)):
            recurrence = facts.recurrence_on(doc, piece.start)
            coupon = coupons.counting(doc)
            bill = composing.compose(doc, piece, f"preview-{number}", recurrence, coupon)
            _count_use(doc, bill, bool(coupon))
            coming.append((piece, bill, facts.flow(recurrence)))
    finally:
        doc.coupon_periods_used = used
        for row, before in zip(doc.lines, billed_once, strict=True):
            row.billed_once_in = before
    return coming


def of_draft(values: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """The next periods of a subscription as it stands on a form: filled in as saving would, never saved.

    frappe.ValidationError: what is missing, or cannot be so.
    """
    doc = frappe.get_doc(values)
    if not doc.is_new():
        doc.load_doc_before_save()
    for row in doc.lines:
        row.name = row.name or f"row-{row.idx}"
    for field in ("customer", "start_date"):
        if not doc.get(field):
            frappe.throw(_("Choose: {0}").format(_(doc.meta.get_label(field), context=doc.doctype)))
    doc.before_validate()
    if not doc.recurrence_period:
        frappe.throw(_("Choose a plan or a recurrence period."))
    doc.lines = [row for row in doc.lines if row.item]
    if not doc.lines:
        frappe.throw(_("Add a line."))
    return coming_periods(doc, count)


def _count_use(doc: Document, bill: Bill, coupon: bool) -> None:
    """As billing would count it, on the document in memory only."""
    billed = {line.subscription_line for line in bill.lines}
    for row in doc.lines:
        if row.once and facts.line(row).key in billed and not row.billed_once_in:
            row.billed_once_in = bill.billing_period
    doc.coupon_periods_used = (doc.coupon_periods_used or 0) + coupon


def describe(doc: Document, piece: planning.Piece, bill: Bill, flow: Flow) -> dict[str, Any]:
    """One coming period in plain data (see `coming_periods`)."""
    return {
        "start": piece.start,
        "end": piece.end,
        "billing_date": piece.bill_on,
        "days": piece.period.days,
        "whole_days": piece.period.whole_days,
        "currency": doc.currency,
        "total": float(composing.net_total(bill)),
        "documents": _documents(flow),
        "lines": [
            {
                "item": line.item,
                "qty": float(line.billed.qty),
                "rate": float(line.billed.net_rate),
                "amount": float(line.billed.amount),
                "description": line.description,
            }
            for line in bill.lines
        ],
    }


def _documents(flow: Flow) -> list[str]:
    """The documents a period will have, in order."""
    order = ["Sales Order"] if flow.make_order else []
    request = ["Payment Request"] if flow.make_request else []
    if flow.invoice_before_payment:
        return [*order, "Sales Invoice", *request]
    return [*order, *request, "Sales Invoice"]
