"""Payment Entries: made for what a gateway took or gave back, and read for when the money came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from erpnext.accounts.party import get_party_account
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Max
from frappe.utils import flt

from . import invoices, orders
from .bills import save_and_submit
from .books import open_date

BILLED = ("Sales Order", "Sales Invoice")


def last_paid_on(doctype: str, name: str) -> dt.date | None:
    """The posting date of the last payment booked on a document, None where there is none."""
    entry = frappe.qb.DocType("Payment Entry")
    reference = frappe.qb.DocType("Payment Entry Reference")
    rows = (
        frappe.qb.from_(reference)
        .inner_join(entry)
        .on(entry.name == reference.parent)
        .select(Max(entry.posting_date))
        .where(
            (reference.reference_doctype == doctype)
            & (reference.reference_name == name)
            & (entry.docstatus == 1)
        )
        .run()
    )
    return frappe.utils.getdate(rows[0][0]) if rows and rows[0][0] else None


def documents_paid_by(doc: Document) -> Iterable[tuple[str, str]]:
    """The orders and invoices that a Payment Entry or a Journal Entry settles."""
    for row in doc.get("references") or doc.get("accounts") or []:
        doctype = row.get("reference_doctype") or row.get("reference_type")
        if doctype in BILLED and row.reference_name:
            yield doctype, row.reference_name


@dataclass(frozen=True)
class Books:
    """Where a gateway's money is booked."""

    company: str
    mode_of_payment: str
    account: str


@dataclass(frozen=True)
class Receipt:
    """A booked payment; `unallocated`: it pays nothing yet, a person has to decide."""

    payment_entry: str
    unallocated: bool


def locked_request(name: str) -> frappe._dict | None:
    """An open Payment Request under its lock: what it still asks for, of whom, for which period.

    `outstanding` is never more than what its order or invoice still lacks: it may be paid elsewhere.
    """
    row = frappe.db.get_value(
        "Payment Request",
        {"name": name, "docstatus": 1},
        [
            "name",
            "party as customer",
            "currency",
            "grand_total",
            "reference_doctype",
            "reference_name",
            "sp_subscription as subscription",
            "sp_billing_period as billing_period",
        ],
        as_dict=True,
        for_update=True,
    )
    if row:
        target = _payable(row.reference_doctype, row.reference_name)
        row.target, row.outstanding = target[:2], min(Decimal(str(row.grand_total)), target[2])
    return row


def _payable(doctype: str, name: str) -> tuple[str, str, Decimal]:
    """(DocType, name, outstanding) of what a payment for a document can be booked on: an order that is
    invoiced takes no payment any more, its invoice does. The document is locked."""
    frappe.db.get_value(doctype, name, "name", for_update=True)
    if doctype == "Sales Order":
        invoice = invoices.of_order(name)
        found = invoices.state(invoice) if invoice else None
        if found and found.docstatus == 1:
            return "Sales Invoice", found.name, found.outstanding
        order = orders.state(name)
        left = order.total - order.paid if order and order.live else Decimal(0)
        return doctype, name, max(left, Decimal(0))
    found = invoices.state(name)
    return doctype, name, found.outstanding if found and found.docstatus == 1 else Decimal(0)


def receive(
    request: str, amount: Decimal, currency: str, customer: str, books: Books, reference: str, on: dt.date
) -> Receipt:
    """Book money that came in for a request, once: on what it asks for, or where that is settled already as
    an unallocated payment of the customer. `reference` is the gateway's id."""
    existing = frappe.db.get_value(
        "Payment Entry", {"reference_no": reference, "docstatus": 1, "payment_type": "Receive"}
    )
    if existing:
        return Receipt(existing, unallocated=False)
    row = locked_request(request)
    if row and row.outstanding >= amount:
        entry = get_payment_entry(*row.target, party_amount=float(amount), bank_account=books.account)
        entry.paid_to = books.account  # ERPNext prefers the account of the document's mode of payment
        entry.sp_subscription = row.subscription
    else:
        entry = _entry("Receive", customer, amount, currency, books)
    return Receipt(_book(entry, books, reference, on), unallocated=not entry.references)


def reverse(payment_entry: str) -> None:
    """Take a booked payment back: the money is gone again, what it paid is owed again."""
    entry = frappe.get_doc("Payment Entry", payment_entry)
    entry.flags.ignore_permissions = True
    entry.cancel()


def open_credit(invoice: str, amount: Decimal) -> str | None:
    """The credit note of an invoice that owes the customer just this amount; the invoice itself where the credit
    stands on it."""
    for row in frappe.get_all(
        "Sales Invoice",
        filters={"docstatus": 1, "outstanding_amount": ("<", 0)},
        or_filters={"name": invoice, "return_against": invoice},
        fields=["name", "outstanding_amount"],
    ):
        if Decimal(str(-row.outstanding_amount)) == amount:
            return row.name
    return None


def give_back(
    customer: str,
    amount: Decimal,
    currency: str,
    books: Books,
    reference: str,
    on: dt.date,
    credit: str | None = None,
) -> str:
    """Book money that went back to a customer: as payment of a `credit` note, else unallocated. A negative amount
    came in again: a dispute over a part was won."""
    if credit:
        entry = get_payment_entry("Sales Invoice", credit, bank_account=books.account)
        entry.paid_from = books.account
    else:
        entry = _entry("Pay" if amount > 0 else "Receive", customer, abs(amount), currency, books)
    return _book(entry, books, f"{reference}-refund-{amount}", on)


def _entry(kind: str, customer: str, amount: Decimal, currency: str, books: Books) -> Document:
    """A Payment Entry that allocates nothing."""
    party_account = get_party_account("Customer", customer, books.company)
    entry = frappe.new_doc("Payment Entry")
    entry.update(
        {
            "payment_type": kind,
            "company": books.company,
            "party_type": "Customer",
            "party": customer,
            "paid_from": party_account if kind == "Receive" else books.account,
            "paid_to": books.account if kind == "Receive" else party_account,
            "paid_amount": float(amount),
            "received_amount": float(amount),
            "source_exchange_rate": 1,
            "target_exchange_rate": 1,
        }
    )
    return entry


def _book(entry: Document, books: Books, reference: str, on: dt.date) -> str:
    entry.update(
        {
            "mode_of_payment": books.mode_of_payment,
            "reference_no": reference,
            "reference_date": on,
            "posting_date": open_date(books.company, on, "Payment Entry"),
        }
    )
    return save_and_submit(entry).name


def refuse_what_was_paid(entry: Document) -> None:
    """Refuse a payment for a subscription's request that asks for less by now; the request stays locked.

    ERPNext compares with what stood when the transaction began: of two at the same moment it would book both.
    """
    allocated: dict[str, float] = {}
    for row in entry.references:
        if row.payment_request:
            allocated[row.payment_request] = allocated.get(row.payment_request, 0) + flt(row.allocated_amount)
    for name, amount in sorted(allocated.items()):
        subscription, outstanding = frappe.db.get_value(
            "Payment Request", name, ["sp_subscription", "outstanding_amount"], for_update=True
        )
        if subscription and flt(amount - flt(outstanding), entry.precision("paid_amount")) > 0:
            frappe.throw(
                _("{0} is paid already. Look at its payments before you book another one.").format(name)
            )


def set_request_paid(name: str) -> bool:
    """Let ERPNext book a request's payment, once: it would book it again for every caller. False: it was."""
    row = locked_request(name)
    status = frappe.db.get_value("Payment Request", name, "status")
    if not row or status == "Paid" or row.outstanding <= 0:
        return False
    request = frappe.get_doc("Payment Request", name)
    request.flags.ignore_permissions = True
    request.set_as_paid()
    return True
