"""The payments app's gateways: they tell a Payment Request that it was paid; this settles it once.

ERPNext's request has no such method; the event runs as a document event, after a class' own handler where
another app (webshop) brings one.
"""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from subscription_plus.erp import payments
from subscription_plus.sp_billing.transactions import billing_session, unit_of_work
from subscription_plus.sp_billing.wake import wake

PAID = ("Authorized", "Completed", "Paid")


def on_payment_authorized(doc: Document, method: str | None = None, status: str | None = None) -> None:
    """Book the request's payment, unless it is booked already; then let its period go on."""
    if status not in PAID:
        return
    with billing_session():
        unit_of_work(lambda: payments.set_request_paid(doc.name))
    wake([("Payment Request", doc.name)])
    frappe.db.commit()
