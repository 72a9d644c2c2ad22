"""A card or mandate that a customer has saved at a gateway."""

import frappe
from frappe import _
from frappe.model.document import Document


class SPPaymentMethod(Document):
    """Saved by the gateway's word alone; made default and removed through api/payments.py."""

    def validate(self):
        if self.is_new() or not self.has_value_changed("is_default"):
            return
        frappe.throw(_("Use Make Default: the customer's other method has to step back."))

    def on_trash(self):
        frappe.throw(_("Use Remove: the gateway has to forget the method too."))
