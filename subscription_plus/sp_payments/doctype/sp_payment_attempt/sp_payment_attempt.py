"""One try to take a payment. Its name is the idempotency key at the gateway."""

import frappe
from frappe import _
from frappe.model.document import Document


class SPPaymentAttempt(Document):
    """Written by sp_payments/attempts.py alone: it is the memory of where money may be."""

    def validate(self):
        frappe.throw(_("Payment attempts are written by the app alone."), frappe.PermissionError)

    def on_trash(self):
        frappe.throw(_("Payment attempts cannot be deleted: money may have moved."), frappe.PermissionError)
