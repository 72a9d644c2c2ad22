"""Payment Entries: when the money for a document came, and which documents a payment touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Max

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
