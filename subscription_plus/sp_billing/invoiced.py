"""Invoices that stand for a period though billing did not make them: a subscription is made from one, or linked to one.

The invoice becomes its period's document, so nothing is billed twice. Sales Invoices and the point of sale's alike.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, formatdate, getdate, now_datetime

from subscription_plus.engine.planning import Piece, next_piece
from subscription_plus.engine.steps import PeriodStatus
from subscription_plus.erp import invoices, orders, payment_requests

from . import events, facts, origins, periods, state, withdrawal
from .verbs import refuse, verb

# The kind of invoice and the period's field that holds it.
FIELDS = {"Sales Invoice": "sales_invoice", "POS Invoice": "pos_invoice"}


def subscribe(
    doctype: str,
    name: str,
    recurrence_period: str | None = None,
    plan: str | None = None,
    start_date: dt.date | None = None,
) -> list[str]:
    """Make subscriptions from a submitted invoice, whose first period it bills; their names.

    Its recurring items make one for each recurrence. With `recurrence_period` or `plan` there is one, of the
    recurring items, or of all where none is recurring. It starts on `start_date`, else with the invoice.
    """
    invoice = _lock(doctype, name)
    recurring = [(row, origins.recurrence_of(row)) for row in invoice.items]
    groups: dict[str, list[tuple[Document, str | None]]] = {}
    if recurrence_period or plan:
        wanted = recurrence_period or frappe.db.get_value("SP Subscription Plan", plan, "recurrence_period")
        rows = [row for row, found in recurring if found] or list(invoice.items)
        groups[wanted] = [(row, plan) for row in rows]
    else:
        for row, found in recurring:
            if found:
                groups.setdefault(found[0], []).append((row, found[1]))
    if not groups:
        frappe.throw(_("None of its items is recurring. Choose a plan or a recurrence period."))
    start = start_date or getdate(invoice.posting_date)
    return [_subscribe(invoice, recurrence, rows, start) for recurrence, rows in groups.items()]


def _subscribe(
    invoice: Document, recurrence: str, rows: list[tuple[Document, str | None]], start: dt.date
) -> str:
    doc = origins.compose(invoice, recurrence, rows, start)
    doc.insert()
    piece = next_piece(facts.facts(doc))
    if piece is None:
        frappe.throw(_("Nothing would be billed after this invoice: look at the start and the trial."))
    row = _new_row(doc, piece, [])
    _put(doc, row, invoice)
    events.record(doc.name, "Invoiced", period=row.name, document=(invoice.doctype, invoice.name))
    state.refresh(doc, [row], now_datetime(), worked=False)
    return doc.name


def link(subscription: str, doctype: str, name: str, period: str | None = None) -> str:
    """Let a submitted invoice be the one of a period: `period`, else the oldest one that waits for an invoice,
    else the next that will be billed. Its name.

    An order and a request that the period has made are withdrawn; paid ones are refused.
    """
    with verb(subscription, "Invoice Linked", name) as doc:
        invoice = _lock(doctype, name)
        _must_fit(doc, invoice)
        row = _waiting_row(doc, period)
        _withdraw(doc, row)
        _put(doc, row, invoice)
    return row.name


def waiting(subscription: str) -> list[str]:
    """The periods that an invoice can be linked to, oldest first; one more comes after them."""
    return [row.name for row in facts.periods_of(subscription) if _waits(row)]


def _lock(doctype: str, name: str) -> Document:
    """The invoice, kept until the transaction ends; refused where it cannot stand for a period."""
    if doctype not in FIELDS:
        refuse(_("{0} is no invoice.").format(_(doctype)))
    frappe.db.get_value(doctype, name, "name", for_update=True)
    invoice = frappe.get_doc(doctype, name)
    invoice.check_permission("read")
    if invoice.docstatus != 1 or cint(invoice.get("is_return")):
        refuse(_("{0} must be a submitted invoice, and no credit note.").format(name))
    taken = invoice.get("sp_subscription") or frappe.db.get_value(
        periods.DOCTYPE, {FIELDS[doctype]: name}, "subscription"
    )
    ordered = {row.get("sales_order") for row in invoice.items} - {None, ""}
    taken = taken or (
        ordered and frappe.db.get_value("SP Subscription", {"sales_order": ("in", list(ordered))}, "name")
    )
    if taken:
        refuse(_("{0} belongs to subscription {1} already.").format(name, taken))
    return invoice


def _must_fit(doc: Document, invoice: Document) -> None:
    for field in ("customer", "company", "currency"):
        if invoice.get(field) != doc.get(field):
            label = _(doc.meta.get_label(field), context=doc.doctype)
            refuse(
                _("{0} of the invoice is {1}, of the subscription {2}.").format(
                    label, invoice.get(field), doc.get(field)
                )
            )


def _waits(row: Any) -> bool:
    return row.status in (PeriodStatus.TO_ORDER.value, PeriodStatus.AWAITING_PAYMENT.value) and not (
        row.sales_invoice or row.pos_invoice
    )


def _waiting_row(doc: Document, period: str | None) -> frappe._dict:
    rows = facts.periods_of(doc.name)
    if period:
        row = next((row for row in rows if row.name == period), None)
        if row is None or not _waits(row):
            refuse(_("Period {0} does not wait for an invoice.").format(period))
        return periods.locked(period)
    if row := next(filter(_waits, rows), None):
        return periods.locked(row.name)
    piece = next_piece(facts.facts(doc, rows))
    if piece is None:
        refuse(_("There is no further period that the invoice could stand for."))
    return _new_row(doc, piece, rows)


def _new_row(doc: Document, piece: Piece, rows: list[frappe._dict]) -> frappe._dict:
    name = periods.name_of(doc.name, piece.start, rows)
    recurrence = facts.recurrence_on(doc, piece.start)
    for line in doc.lines:
        if line.once and not line.billed_once_in:
            # What the customer was to pay once is on this invoice, or was left out of it.
            line.billed_once_in = name
            line.db_set("billed_once_in", name, update_modified=False)
    return periods.create(doc, piece, name, recurrence_period=recurrence)


def _withdraw(doc: Document, row: frappe._dict) -> None:
    """Take back what the period asks for by itself."""
    if not row.sales_order:
        return
    if row.sales_order == doc.sales_order:
        refuse(
            _("The customer placed order {0} for this period. Make the invoice from the order.").format(
                row.sales_order
            )
        )
    if not withdrawal.is_untouched(row):
        refuse(
            _(
                "Order {0} of {1} is paid or invoiced. Make the invoice from the order, or cancel it first."
            ).format(row.sales_order, formatdate(row.start_date))
        )
    if row.payment_request:
        payment_requests.withdraw(row.payment_request)
    orders.cancel(row.sales_order)


def _put(doc: Document, row: frappe._dict, invoice: Document) -> None:
    before = dict(row)
    row.sales_order = row.payment_request = None
    row[FIELDS[invoice.doctype]] = invoice.name
    docs = periods.look(row)
    periods.store(row, docs, facts.flow(row.recurrence_period), before)
    invoices.claim(invoice.name, doc.name, row.name, invoice.doctype)
