"""A movement of recurring revenue: written by the app alone; reports and cards are its sums."""

import frappe
from frappe import _
from frappe.model.document import Document


class SPRevenueMovement(Document):
    """Rows come in by sp_billing/revenue.py alone."""

    def validate(self):
        frappe.throw(_("Movements of revenue are written by the app alone."), frappe.PermissionError)

    def on_trash(self):
        frappe.throw(_("Movements of revenue cannot be deleted."), frappe.PermissionError)
