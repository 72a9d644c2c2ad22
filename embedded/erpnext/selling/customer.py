"""Customer: called by its name, with a number where somebody has that name already."""

import frappe
from frappe import _
from frappe.model.document import Document


class DuplicatePartyAccountError(frappe.ValidationError):
    pass


class Customer(Document):
    def autoname(self) -> None:
        if frappe.db.get_single_value("Selling Settings", "cust_master_name") != "Naming Series":
            self.name = self._free_name()

    def _free_name(self) -> str:
        name, number = self.customer_name, 0
        while frappe.db.exists("Customer", name):
            number += 1
            name = f"{self.customer_name} - {number}"
        return name

    def validate(self) -> None:
        companies = [row.company for row in self.accounts]
        if len(companies) != len(set(companies)):
            frappe.throw(
                _("There can only be 1 Account per Company in {0} {1}").format(self.doctype, self.name),
                DuplicatePartyAccountError,
            )
        if self.customer_group and frappe.get_cached_value("Customer Group", self.customer_group, "is_group"):
            frappe.msgprint(_("Customer Group {0} is a group").format(self.customer_group), alert=True)
