"""One try to take a payment. Its name is the idempotency key at the gateway."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import make_autoname


class SPPaymentAttempt(Document):
    """Written by sp_payments/attempts.py alone: it is the memory of where money may be."""

    def autoname(self):
        """A number, and letters that no other site has: sites share an account at the gateway, and a site restored from
        its backup counts from there again."""
        self.name = f"{make_autoname('PAYA-.YYYY.-.######')}-{frappe.generate_hash(length=10)}"

    def validate(self):
        frappe.throw(_("Payment attempts are written by the app alone."), frappe.PermissionError)

    def on_trash(self):
        frappe.throw(_("Payment attempts cannot be deleted: money may have moved."), frappe.PermissionError)
