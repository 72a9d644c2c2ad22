"""The history of a subscription: written by the app, changed by nobody, not even by the Administrator."""

import frappe
from frappe import _
from frappe.model.document import Document


class SPSubscriptionEvent(Document):
    """Rows come in by sp_billing/events.py alone."""

    def validate(self):
        frappe.throw(_("The history of a subscription is written by the app alone."), frappe.PermissionError)

    def on_trash(self):
        frappe.throw(_("The history of a subscription cannot be deleted."), frappe.PermissionError)
