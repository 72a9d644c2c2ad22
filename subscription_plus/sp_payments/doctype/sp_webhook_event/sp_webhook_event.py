"""What a gateway has told, kept as it came."""

import frappe
from frappe import _
from frappe.model.document import Document


class SPWebhookEvent(Document):
    """Written by sp_payments/webhooks.py alone; old ones may be deleted."""

    def validate(self):
        frappe.throw(_("Webhook events come from the gateway alone."), frappe.PermissionError)
