"""Credit notes for days that were paid in advance and are not used: never more than was billed for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from subscription_plus.engine.calendar import DAY, Period
from subscription_plus.engine.proration import Rounding, share_of
from subscription_plus.erp import invoices, prices

from . import events, facts, periods


def credit_unused_days(doc: Document, rows: list[frappe._dict], today: dt.date) -> list[tuple[str, str]]:
    """Credit the days after a cancellation that has come, where it was asked for; the notes made."""
    due = due_on(doc, rows)
    if not due or today < due:
        return []
    made = []
    for row in _creditable(doc, rows):
        made += _credit(doc, row, max(row.start_date, due + DAY), today)
    return made


def due_on(doc: Document, rows: Iterable[frappe._dict]) -> dt.date | None:
    """The day on which unused days are to be credited, None where nothing is."""
    if not (doc.credit_unused_days and doc.cancellation_date) or not _creditable(doc, rows):
        return None
    return facts.date(doc.cancellation_date)


def _creditable(doc: Document, rows: Iterable[frappe._dict]) -> list[frappe._dict]:
    """Invoiced periods that reach beyond the last day."""
    last = facts.date(doc.cancellation_date)
    return [
        row
        for row in rows
        if row.end_date > last
        and row.sales_invoice
        and not row.credited_from
        and row.status not in ("Void", "Draft Invoice")
    ]


def _credit(doc: Document, row: frappe._dict, unused_from: dt.date, today: dt.date) -> list[tuple[str, str]]:
    rounding = prices.rounding(doc.currency)
    amounts = [
        invoices.CreditLine(billed.name, amount)
        for billed in invoices.rows_of(row.sales_invoice)
        if (amount := _unused(doc, row, billed, unused_from, rounding)) > 0
    ]
    frappe.db.set_value(periods.DOCTYPE, row.name, "credited_from", unused_from)
    row.credited_from = unused_from
    if not amounts:
        return []
    remarks = _("Unused days {0} to {1}").format(formatdate(unused_from), formatdate(row.end_date))
    row.credit_note = invoices.credit(row.sales_invoice, amounts, today, remarks)
    if not row.credit_note:
        return []
    frappe.db.set_value(periods.DOCTYPE, row.name, "credit_note", row.credit_note)
    document = ("Sales Invoice", row.credit_note)
    events.record(doc.name, "Credit Note Made", remarks, period=row.name, document=document)
    return [document]


def _unused(
    doc: Document, row: frappe._dict, billed: frappe._dict, unused_from: dt.date, rounding: Rounding
) -> Decimal:
    """What one invoice row has billed for the days from `unused_from` on; what counts once is not given back."""
    line = next((line for line in doc.lines if line.name == billed.sp_subscription_line), None)
    if line and line.once:
        return Decimal(0)
    first, last = row.start_date, row.end_date
    if line and line.prorate:
        first = max(first, getdate(line.from_date)) if line.from_date else first
        last = min(last, getdate(line.to_date)) if line.to_date else last
    if unused_from > last:
        return Decimal(0)
    start = max(first, unused_from)
    return share_of(Decimal(str(billed.amount)), Period(0, start, last, first, last), rounding)
