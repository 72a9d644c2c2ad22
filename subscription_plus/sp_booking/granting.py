"""Granting credits: given by people, bought with an invoice, and taken back with a return."""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate, nowdate

from subscription_plus.erp import invoices
from subscription_plus.sp_billing import settings
from subscription_plus.sp_billing.transactions import billing_session, unit_of_work

from . import ledger


def grant(
    customer: str, credit_type: str, quantity: int, name: str | None = None, **values: Any
) -> str | None:
    """Grant credits; the grant's name. With a `name` of its own it is granted once: None where it was already.

    `values`: further fields of SP Booking Credit. The customer's lock makes two that grant the same wait
    for each other; the primary key is the last guard.
    """
    ledger.lock(customer)
    if name and frappe.db.exists(ledger.GRANT, name):
        return None
    doc = frappe.get_doc(
        {
            "doctype": ledger.GRANT,
            "customer": customer,
            "credit_type": credit_type,
            "quantity": quantity,
            "valid_from": values.pop("valid_from", None) or getdate(nowdate()),
            **values,
        }
    )
    doc.flags.by_app = True
    # What grants is a paid invoice or a subscription's rule, whoever happens to run.
    doc.flags.ignore_permissions = True
    doc.insert(set_name=name)
    return doc.name


def last_day(credit_type: str, first: dt.date) -> dt.date | None:
    """The last day of credits of a type that begin on a day; None: they last."""
    days = cint(frappe.get_cached_value("SP Booking Credit Type", credit_type, "validity_days"))
    return first + dt.timedelta(days=days - 1) if days else None


def look_at(names: list[str]) -> None:
    """The job after an invoice was submitted, paid, returned or cancelled: grant what it bought, take back
    what it does not buy any more."""
    with billing_session():
        for name in names:
            unit_of_work(lambda name=name: of_invoice(name))


def of_invoice(name: str) -> list[str]:
    """Grant what an invoice has bought, where it is time; take back where it was cancelled or returned. Doing
    it again does nothing."""
    invoice = frappe.get_doc("Sales Invoice", name)
    if invoice.is_return and invoice.docstatus == 1:
        _take_back_returned(invoice)
    elif invoice.is_return and invoice.docstatus == 2:
        _undo_return(invoice)
    elif invoice.docstatus == 2:
        for row in invoice.items:
            _take_back(_grant_name(row.name), name, _("Invoice {0} was cancelled").format(name))
    elif invoice.docstatus == 1 and _is_time(invoice):
        return _grant_sold(invoice)
    return []


def _grant_sold(invoice: Document) -> list[str]:
    made = []
    for row in invoice.items:
        credit_type = type_sold_as(row.item_code, row.uom)
        credits = credit_type and _credits(credit_type, row)
        if credits:
            made.append(
                grant(
                    invoice.customer,
                    credit_type,
                    credits,
                    name=_grant_name(row.name),
                    origin="Purchase",
                    sales_invoice=invoice.name,
                    sales_invoice_item=row.name,
                    unit_value=flt(row.base_net_amount) / credits,
                )
            )
    return [grant for grant in made if grant]


def _grant_name(invoice_row: str) -> str:
    """A row of an invoice grants once: the grant's primary key."""
    return f"BC-{invoice_row}"


def _is_time(invoice: Document) -> bool:
    state = invoices.state(invoice.name)
    at_submission = settings.get("grant_credits_at") == "Submission"
    return at_submission or bool(state and state.outstanding <= 0)


def type_sold_as(item: str, uom: str | None) -> str | None:
    """The credit type whose ticket an invoice's row sells: one for its very unit before one for any."""
    rows = frappe.get_all(
        "SP Booking Credit Type",
        filters={"item": item, "disabled": 0},
        fields=["name", "uom"],
        order_by="creation",
    )
    fitting = [row for row in rows if not row.uom or row.uom == uom]
    return min(fitting, key=lambda row: not row.uom).name if fitting else None


def sells_credits(invoice: str) -> bool:
    """Whether any row of an invoice is a ticket."""
    row, kind = frappe.qb.DocType("Sales Invoice Item"), frappe.qb.DocType("SP Booking Credit Type")
    query = frappe.qb.from_(row).inner_join(kind).on(kind.item == row.item_code).select(row.name)
    return bool(query.where(row.parent == invoice).limit(1).run())


def _credits(credit_type: str, row: Document) -> int:
    per_unit = cint(frappe.get_cached_value("SP Booking Credit Type", credit_type, "credits_per_unit"))
    return int(flt(row.qty) * per_unit)


def _take_back_returned(note: Document) -> None:
    for row in note.items:
        sold = _grant_name(row.get("sales_invoice_item") or "")
        credit_type = frappe.db.get_value(ledger.GRANT, sold, "credit_type")
        if not credit_type:
            continue
        wanted = -_credits(credit_type, row)
        used = _take_back(sold, note.name, _("Returned with {0}").format(note.name), wanted)
        if used:
            text = _("{0} of the {1} {2} that are returned were used already; only the rest was taken back.")
            note.add_comment("Comment", text.format(used, wanted, credit_type))


def _take_back(name: str, invoice: str, reason: str, wanted: int | None = None) -> int:
    """Take back up to `wanted` credits of a grant (None: all that are left), once for a document; how many
    were used already."""
    customer = frappe.db.get_value(ledger.GRANT, name, "customer")
    if not customer:
        return 0
    ledger.lock(customer)
    row = ledger.grant(name)
    if frappe.db.exists(ledger.ENTRY, {"booking_credit": name, "sales_invoice": invoice}):
        return 0
    left = cint(row.balance)
    taken = left if wanted is None else min(left, wanted)
    # Also where nothing is left: the ledger shows that it was looked at.
    ledger.write(row, ledger.ADJUSTED, -taken, invoice=invoice, message=reason)
    return 0 if wanted is None else wanted - taken


def _undo_return(note: Document) -> None:
    """A credit note was cancelled: what it took back is there again."""
    for row in note.items:
        name = _grant_name(row.get("sales_invoice_item") or "")
        customer = frappe.db.get_value(ledger.GRANT, name, "customer")
        if not customer:
            continue
        ledger.lock(customer)
        taken = sum(
            frappe.get_all(
                ledger.ENTRY, filters={"booking_credit": name, "sales_invoice": note.name}, pluck="credits"
            )
        )
        if taken:
            reason = _("Return {0} was cancelled").format(note.name)
            ledger.write(ledger.grant(name), ledger.ADJUSTED, -taken, invoice=note.name, message=reason)
