"""One period of a subscription with its documents. Rows are made and changed by the pipeline alone."""

import frappe
from frappe import _
from frappe.model.document import Document


class SPBillingPeriod(Document):
    """Its name, made of the subscription and the first day, is the guard against billing twice."""

    def validate(self):
        frappe.throw(_("Billing periods are made by the subscription."), frappe.PermissionError)

    def on_trash(self):
        frappe.throw(
            _("A billing period cannot be deleted: its days would be billed again."), frappe.PermissionError
        )
