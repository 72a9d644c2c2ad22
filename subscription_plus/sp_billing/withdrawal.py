"""Takes back what was asked for too much: open periods beyond an earlier end that nobody has paid or invoiced."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe.model.document import Document

from subscription_plus.erp import orders, payment_requests

from . import events, facts, periods


def withdraw_after(doc: Document, last: dt.date) -> None:
    """Withdraw the unpaid orders of periods that reach beyond `last`; the plan makes what is left of them anew.

    Of a period that is only cut, the order is withdrawn where its last days are not to be paid. What was
    paid or invoiced stays: a credit note is a choice of its own. The order a customer placed stays too.
    """
    for row in facts.periods_of(doc.name):
        cut_only = row.start_date <= last < row.end_date
        if row.end_date <= last or (cut_only and not doc.prorate_last_invoice):
            continue
        if row.sales_order == doc.sales_order or not is_untouched(row):
            continue
        if row.payment_request:
            payment_requests.withdraw(row.payment_request)
        document = None
        if row.sales_order:
            orders.cancel(row.sales_order)
            document = ("Sales Order", row.sales_order)
        _forget_use(doc, row)
        frappe.db.delete(periods.DOCTYPE, {"name": row.name})
        events.record(doc.name, "Period Withdrawn", row.name, document=document)


def is_untouched(row: frappe._dict) -> bool:
    """Whether the period has nothing but an order that nobody paid or invoiced."""
    docs = periods.look(row)
    if not periods.is_open(row) or docs.invoiced or docs.invoice_draft:
        return False
    state = orders.state(row.sales_order) if row.sales_order else None
    return state is None or (state.live and state.paid == 0)


def _forget_use(doc: Document, row: frappe._dict) -> None:
    for line in doc.lines:
        if line.billed_once_in == row.name:
            line.billed_once_in = None
    if row.coupon and doc.coupon_periods_used:
        doc.coupon_periods_used -= 1
