"""Billing periods: their rows, and what their documents say now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import flt, getdate

from subscription_plus.engine.calendar import Period
from subscription_plus.engine.planning import Charge, Piece
from subscription_plus.engine.steps import CLOSED, Documents, Flow, PeriodStatus, period_status
from subscription_plus.erp import invoices, orders, payment_requests

from . import facts

DOCTYPE = "SP Billing Period"


def name_of(subscription: str, start: dt.date, rows: Iterable[frappe._dict] = ()) -> str:
    """A period's name, its primary key: a second period of a subscription cannot begin on the same day.

    Only where all of a period was credited (`rows` holds it) its days can be billed again, under a further name.
    """
    again = sum(row.start_date == start for row in rows)
    return f"{subscription}-{start.isoformat()}" + (f"-{again + 1}" if again else "")


def create(subscription: frappe._dict, piece: Piece, name: str, **values: Any) -> frappe._dict:
    """Insert the row of a piece. frappe.DuplicateEntryError: another worker was first."""
    row = frappe.get_doc(
        {
            "doctype": DOCTYPE,
            "subscription": subscription.name,
            "customer": subscription.customer,
            "customer_name": subscription.customer_name,
            "company": subscription.company,
            "currency": subscription.currency,
            "start_date": piece.start,
            "end_date": piece.end,
            "whole_start": piece.period.whole_start,
            "whole_end": piece.period.whole_end,
            "charge": piece.charge.value,
            "billing_date": piece.bill_on,
            "status": PeriodStatus.TO_ORDER.value,
            **values,
        }
    )
    row.name = name
    row.db_insert()
    return frappe._dict({field: row.get(field) for field in facts.PERIOD_FIELDS})


def locked(name: str) -> frappe._dict | None:
    """The row as it is now, kept until the transaction ends."""
    return frappe.db.get_value(DOCTYPE, name, facts.PERIOD_FIELDS, as_dict=True, for_update=True)


def piece_of(row: frappe._dict) -> Piece:
    """The piece a row was made for."""
    period = Period(0, row.start_date, row.end_date, row.whole_start, row.whole_end)
    return Piece(period, Charge(row.charge or "Prorated"), row.billing_date)


def is_open(row: frappe._dict) -> bool:
    """Whether something is still to come for the period."""
    return PeriodStatus(row.status) not in CLOSED


def look(row: frappe._dict) -> Documents:
    """What the period's documents say now. Documents that a person amended or made are taken into the row
    (not yet stored); a document cancelled without successor makes the period void: people decided so."""
    if row.status == PeriodStatus.NOTHING_TO_BILL.value:
        return Documents(has_lines=False)
    if row.pos_invoice:
        return _look_at_receipt(row)
    void = False
    order = orders.state(row.sales_order) if row.sales_order else None
    if row.sales_order and (order is None or order.docstatus == 2):
        row.sales_order = orders.replacement_of(row.sales_order) or row.sales_order
        order = orders.state(row.sales_order)
        void = order is None or not order.live
    if not row.sales_invoice and row.sales_order:
        row.sales_invoice = invoices.of_order(row.sales_order)
        row.invoice_found = bool(row.sales_invoice)
    invoice = invoices.state(row.sales_invoice) if row.sales_invoice else None
    if row.sales_invoice and (invoice is None or invoice.docstatus == 2):
        row.sales_invoice = invoices.replacement_of(row.sales_invoice) or row.sales_invoice
        invoice = invoices.state(row.sales_invoice)
        void = invoice is None or invoice.docstatus == 2
    if order and order.closed and not (invoice and invoice.docstatus == 1):
        void = True
    submitted = invoice if invoice and invoice.docstatus == 1 else None
    _take_amounts(row, order, submitted or invoice)
    return Documents(
        total=None if row.total is None else Decimal(str(row.total)),
        order=bool(order),
        order_paid=bool(order and order.fully_paid),
        request=_requested(row, submitted is not None),
        invoice_draft=bool(invoice and invoice.docstatus == 0),
        invoice_outstanding=submitted.outstanding if submitted else None,
        void=void,
        processing=bool(row.processing),
    )


def _look_at_receipt(row: frappe._dict) -> Documents:
    """What an invoice of the point of sale says: it was paid there, and nothing is asked for by the app."""
    receipt = invoices.state(row.pos_invoice, "POS Invoice")
    _take_amounts(row, None, receipt)
    void = receipt is None or receipt.docstatus == 2
    return Documents(
        total=receipt.total if receipt else None,
        request=True,
        invoice_outstanding=None if void else receipt.outstanding,
        void=void,
    )


def _take_amounts(
    row: frappe._dict, order: orders.OrderState | None, invoice: invoices.InvoiceState | None
) -> None:
    if invoice:
        row.total, row.outstanding = float(invoice.total), float(invoice.outstanding)
        row.due_date = getdate(invoice.due_date) if invoice.due_date else row.due_date
    elif order:
        row.total, row.outstanding = float(order.total), float(max(order.total - order.paid, Decimal(0)))


def _requested(row: frappe._dict, invoiced: bool) -> bool:
    if not row.payment_request:
        return False
    target = ("Sales Invoice", row.sales_invoice) if invoiced else ("Sales Order", row.sales_order)
    return payment_requests.is_current(row.payment_request, *target)


def store(row: frappe._dict, docs: Documents, flow: Flow, before: dict[str, Any]) -> None:
    """Write what changed on the row since `before` (a copy of it)."""
    row.status = period_status(flow, docs).value
    if PeriodStatus(row.status) in CLOSED and docs.invoice_outstanding is None:
        row.outstanding = 0
    changed = {
        field: row.get(field)
        for field in facts.PERIOD_FIELDS
        if row.get(field) != before.get(field) and not (not row.get(field) and not before.get(field))
    }
    if changed:
        frappe.db.set_value(DOCTYPE, row.name, changed)


def is_overdue(row: frappe._dict, today: dt.date) -> bool:
    """Whether money that was asked for should have come."""
    return bool(is_open(row) and row.due_date and getdate(row.due_date) < today and flt(row.outstanding) > 0)
