"""Payment Entry and Journal Entry: money came or went; the periods it pays move on, or back."""

import frappe
from frappe.model.document import Document

from subscription_plus.erp import payments
from subscription_plus.sp_billing import wake
from subscription_plus.sp_booking import buying


def validate(doc: Document, method: str | None = None) -> None:
    """Show the payment on the subscription it pays."""
    for doctype, name in payments.documents_paid_by(doc):
        doc.sp_subscription = doc.sp_subscription or frappe.db.get_value(doctype, name, "sp_subscription")


def before_submit(doc: Document, method: str | None = None) -> None:
    """Two that say at the same moment that a request was paid book it once."""
    payments.refuse_what_was_paid(doc)


def changed(doc: Document, method: str | None = None) -> None:
    """Submitted, cancelled, or allocated anew (reconciliation)."""
    documents = list(payments.documents_paid_by(doc))
    wake.wake(documents)
    buying.paid(documents)
