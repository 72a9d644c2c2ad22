"""Credits granted together: a person gives them, or an invoice, a subscription, an import does."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate

from subscription_plus.erp import customers
from subscription_plus.sp_booking import granting, ledger

# What the app writes. A form that was open meanwhile, or a REST client, sends other values.
OWN = (
    "balance",
    "status",
    "unit_value",
    "sales_invoice",
    "sales_invoice_item",
    "subscription",
    "credit_rule",
    "occurrence",
)


class SPBookingCredit(Document):
    """Inserting it grants: its first entry goes into the ledger with it."""

    def before_validate(self):
        if self.is_new():
            self._begin()
        else:
            before = self.get_doc_before_save()
            for field in OWN:
                self.set(field, before.get(field))

    def validate(self):
        if cint(self.quantity) < 1:
            frappe.throw(_("Say how many credits are granted: 1 or more."))
        if self.valid_until and getdate(self.valid_until) < getdate(self.valid_from):
            frappe.throw(_("Valid Until is before Valid From."))
        if self.is_new() and self.user and self.customer not in customers.of_user(self.user):
            frappe.throw(
                _("{0} is not a user of {1}. Add them to the customer's portal users first.").format(
                    self.user, self.customer
                )
            )

    def after_insert(self):
        ledger.lock(self.customer)
        row = frappe._dict({field: self.get(field) for field in ledger.FIELDS})
        ledger.write(row, ledger.GRANTED, cint(self.quantity), user=self.user, message=self.note)
        self.balance, self.status = row.balance, row.status

    def on_trash(self):
        frappe.throw(_("Granted credits are not deleted. Adjust them to 0: the ledger keeps what happened."))

    def _begin(self):
        if not self.flags.by_app:
            self.origin = "Import" if self.origin == "Import" else "Gift"
            for field in OWN:
                self.set(field, None)
        self.balance, self.status = 0, "Active"
        if self.credit_type:
            self.valid_until = self.valid_until or granting.last_day(
                self.credit_type, getdate(self.valid_from)
            )
            if self.origin not in ("Gift", "Transfer", "Purchase") and not flt(self.unit_value):
                self.unit_value = frappe.get_cached_value(
                    "SP Booking Credit Type", self.credit_type, "credit_value"
                )


def on_doctype_update():
    """What a use looks for: a customer's grants of a type."""
    frappe.db.add_index(ledger.GRANT, ["customer", "credit_type"])
