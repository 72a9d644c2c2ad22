"""A movement of credits: written by the app, changed by nobody, not even by the Administrator."""

import frappe
from frappe import _
from frappe.model.document import Document


class SPBookingCreditEntry(Document):
    """Rows come in by sp_booking/ledger.py alone."""

    def validate(self):
        frappe.throw(_("Movements of credits are written by the app alone."), frappe.PermissionError)

    def on_trash(self):
        frappe.throw(_("Movements of credits cannot be deleted."), frappe.PermissionError)
