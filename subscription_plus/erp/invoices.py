"""Sales Invoices: from an order or on their own, with the order's own advance; credit notes for unused days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

import frappe
from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, flt

from . import amounts, books
from .bills import Bill, save_and_submit


@dataclass(frozen=True)
class InvoiceState:
    """A Sales Invoice as it stands. Money in the invoice's currency."""

    name: str
    docstatus: int
    total: Decimal
    outstanding: Decimal
    due_date: dt.date | None


@dataclass(frozen=True)
class CreditLine:
    """What is given back of one invoice row: `amount` (positive, before tax) of the row with this name."""

    invoice_row: str
    amount: Decimal


def make(bill: Bill, submit: bool) -> str:
    """Make the invoice of a period that has no order."""
    invoice = frappe.new_doc("Sales Invoice")
    bill.write_on(invoice)
    return _finish(invoice, bill, bill.billing_date, submit)


def make_from_order(order: str, bill: Bill, on: dt.date, submit: bool) -> str:
    """Invoice what the order has not invoiced yet, and allocate what was paid on this order, nothing else.

    The caller holds the order's lock. `on` is the accounting date. An order that two subscriptions share
    may have been invoiced while the lock was waited for: that invoice it is.
    """
    if existing := of_order(order):
        return existing
    invoice = make_sales_invoice(order, ignore_permissions=True)
    # The mapping leaves these out; without them payment terms would be the customer's, not the order's.
    invoice.payment_terms_template = frappe.db.get_value("Sales Order", order, "payment_terms_template")
    invoice.payment_schedule = []
    invoice.sp_subscription, invoice.sp_billing_period = bill.subscription, bill.billing_period
    invoice.from_date, invoice.to_date = bill.start, bill.end
    invoice.allocate_advances_automatically = 0
    invoice.only_include_allocated_payments = 1
    invoice.set_advances()
    return _finish(invoice, bill, on, submit)


def _finish(invoice: Document, bill: Bill, on: dt.date, submit: bool) -> str:
    wanted, on = on, books.open_date(bill.terms["company"], on, "Sales Invoice")
    invoice.set_posting_time = 1
    invoice.posting_date = on
    invoice.due_date = None if invoice.payment_terms_template else add_days(on, bill.days_until_due)
    for row in invoice.items:
        if frappe.get_cached_value("Item", row.item_code, "enable_deferred_revenue"):
            row.enable_deferred_revenue = 1
            row.service_start_date, row.service_end_date = bill.start, bill.end
    if submit:
        save_and_submit(invoice)
    else:
        invoice.flags.ignore_permissions = True
        invoice.insert()
    if on != wanted:
        books.explain(invoice, wanted)
    return invoice.name


def state(name: str, doctype: str = "Sales Invoice") -> InvoiceState | None:
    """The invoice (or the point of sale's) as it stands in the database, None where it is gone."""
    row = amounts.read(doctype, name, "outstanding_amount", "due_date")
    return row and InvoiceState(name, row.docstatus, row.total, row.booked, row.due_date)


def of_order(order: str) -> str | None:
    """The invoice, draft or submitted, that bills an order, whoever made it."""
    row = frappe.qb.DocType("Sales Invoice Item")
    parent = frappe.qb.DocType("Sales Invoice")
    found = (
        frappe.qb.from_(row)
        .inner_join(parent)
        .on(parent.name == row.parent)
        .select(parent.name)
        .where((row.sales_order == order) & (parent.docstatus < 2) & (parent.is_return == 0))
        .orderby(parent.docstatus, order=frappe.qb.desc)
        .limit(1)
        .run()
    )
    return found[0][0] if found else None


def replacement_of(name: str) -> str | None:
    """The invoice that amends a cancelled one."""
    return frappe.db.get_value("Sales Invoice", {"amended_from": name, "docstatus": ("<", 2)})


def claim(name: str, subscription: str, billing_period: str, doctype: str = "Sales Invoice") -> None:
    """Mark an invoice that a person made as the one of a period, so that it shows on the subscription."""
    frappe.db.set_value(
        doctype,
        name,
        {"sp_subscription": subscription, "sp_billing_period": billing_period},
        update_modified=False,
    )


def rows_of(name: str) -> list[frappe._dict]:
    """The rows of an invoice: name, item, qty, rate, net amount before tax, and the subscription's line."""
    return frappe.get_all(
        "Sales Invoice Item",
        filters={"parent": name, "parenttype": "Sales Invoice"},
        fields=["name", "item_code", "qty", "rate", "amount", "sp_subscription_line"],
        order_by="idx",
    )


def credit(invoice: str, lines: list[CreditLine], on: dt.date, remarks: str) -> str | None:
    """Make and submit a credit note over the given amounts, of each row at most what is not given back yet.

    None where people have given back everything before.
    """
    note = make_sales_return(invoice)
    billed = Decimal(str(sum(flt(row.amount) for row in rows_of(invoice))))
    credited = _take_lines(note, lines)
    if not credited:
        return None
    if flt(note.discount_amount) and not flt(note.additional_discount_percentage):
        # It is the whole invoice's additional discount: here, the part of it that falls on these amounts.
        share = float(credited / billed)
        note.discount_amount = flt(note.discount_amount * share, note.precision("discount_amount"))
    note.sp_subscription, note.sp_billing_period = frappe.db.get_value(
        "Sales Invoice", invoice, ["sp_subscription", "sp_billing_period"]
    )
    wanted, on = on, books.open_date(note.company, on, "Sales Invoice")
    note.set_posting_time = 1
    note.posting_date = note.due_date = on
    note.ignore_pricing_rule = 1
    note.update_outstanding_for_self = 0
    note.payment_schedule = []
    # ERPNext copies the advances without their payments, and then refuses to save them.
    note.advances, note.allocate_advances_automatically = [], 0
    note.remarks = remarks
    save_and_submit(note)
    if on != wanted:
        books.explain(note, wanted)
    return note.name


def _take_lines(note: Document, lines: list[CreditLine]) -> Decimal:
    """Let the note's rows, which give back all that is left, be these lines; what they come to before tax."""
    left = {row.sales_invoice_item: row for row in note.items}
    note.items = []
    credited = Decimal(0)
    for line in lines:
        row = left.get(line.invoice_row)
        if not row or not row.qty:
            continue
        rest = Decimal(str(flt(-row.qty * row.rate, row.precision("amount"))))
        amount = min(line.amount, rest)
        if amount <= 0:
            continue
        credited += amount
        for number, (qty, rate) in enumerate(_split(Decimal(str(-row.qty)), amount)):
            copy = note.append("items", frappe.copy_doc(row).as_dict())
            copy.update({"qty": -float(qty), "rate": float(rate), "price_list_rate": float(rate)})
            copy.update({"discount_percentage": 0, "discount_amount": 0, "name": None})
            if number:
                # ERPNext may refuse an item twice under the same description (a selling setting).
                copy.description = f"{copy.description}<br>{_('Rounding')}"
    return credited


def _split(qty: Decimal, amount: Decimal) -> list[tuple[Decimal, Decimal]]:
    """(quantity, rate) rows that come to `amount` to the cent: what a rate cannot divide goes on the last unit."""
    rate = (amount / qty).quantize(amount, ROUND_DOWN)
    if rate * qty == amount or qty <= 1:
        return [(qty, rate if qty != 1 else amount)]
    return [(qty - 1, rate), (Decimal(1), amount - rate * (qty - 1))]


def credited(credit_note: str) -> tuple[str, Decimal]:
    """(invoice, amount) that a credit note gives back, in its currency, tax included."""
    row = frappe.db.get_value(
        "Sales Invoice",
        {"name": credit_note, "docstatus": 1, "is_return": 1},
        ["return_against", "grand_total", "rounded_total"],
        as_dict=True,
    )
    if not row or not row.return_against:
        frappe.throw(frappe._("{0} is not a submitted credit note of an invoice.").format(credit_note))
    return row.return_against, -Decimal(str(flt(row.rounded_total) or flt(row.grand_total)))
