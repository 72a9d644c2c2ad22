"""The rows of a Payment Entry: what is open on their documents, which requests and instalments they pay."""

from collections.abc import Iterable
from typing import Any

import erpnext
import frappe
from erpnext.accounts.utils import invoice_outstanding
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt


def get_reference_details(doctype: str, name: str, account_currency: str | None) -> dict[str, Any]:
    """Total, outstanding amount and rate of a document, in the currency of the party's account."""
    document = frappe.get_doc(doctype, name)
    in_company_currency = account_currency == erpnext.get_company_currency(document.company)
    base = "base_" if in_company_currency else ""
    total = flt(document.get(f"{base}rounded_total")) or flt(document.get(f"{base}grand_total"))
    if doctype == "Sales Invoice":
        outstanding, account = document.outstanding_amount, document.debit_to
    else:
        outstanding, account = total - flt(document.advance_paid), None
    details = {
        "due_date": document.get("due_date"),
        "total_amount": flt(total),
        "outstanding_amount": flt(outstanding),
        "exchange_rate": 1.0 if in_company_currency else flt(document.conversion_rate),
    }
    return {**details, "account": account} if account else details


def latest_outstanding(doctype: str, name: str, account_currency: str | None) -> float:
    """What may still be allocated to a document now: 0 for paid, closed and fully billed ones."""
    if doctype == "Sales Invoice":
        return invoice_outstanding(name)
    order = frappe.get_doc(doctype, name)
    base = "base_" if account_currency == order.company_currency else ""
    total = flt(order.get(f"{base}rounded_total")) or flt(order.get(f"{base}grand_total"))
    is_open = order.docstatus == 1 and order.status != "Closed" and abs(100 - flt(order.per_billed)) > 0.01
    # compared by the database in decimals: a float's noise in what is to be allocated counts as too much
    return max(flt(total - flt(order.advance_paid), 9), 0.0) if is_open else 0.0


def rows_by_payment_term(document: Document, currency: str) -> list[dict[str, Any]]:
    """A row for each open instalment, where the terms want payments to be allocated to instalments."""
    template = document.payment_terms_template
    if not template or not cint(
        frappe.get_cached_value("Payment Terms Template", template, "allocate_payment_based_on_payment_terms")
    ):
        return []
    rate = 1 if currency == document.currency else flt(document.conversion_rate)
    rows = []
    for instalment in document.payment_schedule:
        open_amount = flt((instalment.payment_amount - flt(instalment.paid_amount)) * rate, 2)
        if open_amount:
            rows.append(
                {
                    "payment_term": instalment.payment_term,
                    "payment_term_outstanding": open_amount,
                    "allocated_amount": open_amount,
                }
            )
    return rows


def update_payment_schedules(rows: Iterable[Document], cancel: bool = False) -> None:
    """Books what rows with a payment term pay on the instalments of their documents."""
    sign = -1 if cancel else 1
    for row in rows:
        if not row.payment_term or not row.reference_name:
            continue
        instalment = frappe.db.get_value(
            "Payment Schedule",
            {"parent": row.reference_name, "payment_term": row.payment_term},
            ["name", "paid_amount", "outstanding", "base_paid_amount"],
            as_dict=True,
        )
        if not instalment:
            frappe.throw(_("Payment term {0} not used in {1}").format(row.payment_term, row.reference_name))
        rate = flt(frappe.db.get_value(row.reference_doctype, row.reference_name, "conversion_rate"))
        amount = flt(row.allocated_amount)
        if not cancel and amount > flt(instalment.outstanding):
            frappe.throw(
                _("Row #{0}: Cannot allocate more than {1} against payment term {2}").format(
                    row.idx, instalment.outstanding, row.payment_term
                )
            )
        frappe.db.set_value(
            "Payment Schedule",
            instalment.name,
            {
                "paid_amount": flt(instalment.paid_amount) + sign * amount,
                "base_paid_amount": flt(instalment.base_paid_amount) + sign * flt(amount * rate, 2),
                "outstanding": flt(instalment.outstanding) - sign * amount,
            },
            update_modified=False,
        )


def allocate_open_payment_requests_to_references(payment: Document) -> None:
    """Gives the rows to the open requests of their documents, oldest first; a row larger than a request is split."""
    rows = list(payment.references)
    open_requests = {
        (row.reference_doctype, row.reference_name): _open_requests(row) for row in rows if row.reference_name
    }
    result: list[Document] = []
    for row in rows:
        requests = open_requests[(row.reference_doctype, row.reference_name)]
        left = flt(row.allocated_amount)
        current = row
        while requests and left > 0:
            request = requests[0]
            current.payment_request = request.name
            current.allocated_amount = min(left, request.outstanding_amount)
            request.outstanding_amount -= current.allocated_amount
            left = flt(left - current.allocated_amount, row.precision("allocated_amount"))
            if request.outstanding_amount <= 0:
                requests.pop(0)
            result.append(current)
            if left > 0:
                current = frappe.copy_doc(current)
                current.payment_request, current.allocated_amount = None, left
        if left:  # a negative rest gives back on a credit note
            result.append(current)
    payment.set("references", result)
    for idx, row in enumerate(payment.references, 1):
        row.idx = idx


def _open_requests(row: Document) -> list[Any]:
    requests = frappe.get_all(
        "Payment Request",
        filters={
            "reference_doctype": row.reference_doctype,
            "reference_name": row.reference_name,
            "docstatus": 1,
            "status": ("!=", "Paid"),
            "outstanding_amount": (">", 0),
        },
        fields=["name", "outstanding_amount", "transaction_date", "creation"],
    )
    return sorted(requests, key=lambda request: str(request.transaction_date or request.creation))
