"""Customer: called by its name, with a number where somebody has that name already; what they may owe at most."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt


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


def check_credit_limit(customer: str, company: str) -> None:
    """Raises where what a customer owes, invoiced or ordered, is more than their limit with the company."""
    limit = get_credit_limit(customer, company)
    if not limit or get_customer_outstanding(customer, company) <= limit:
        return
    controller = frappe.db.get_single_value("Accounts Settings", "credit_controller")
    if controller not in frappe.get_roles():
        frappe.throw(
            _("Credit limit has been crossed for customer {0} ({1})").format(customer, limit),
            title=_("Credit Limit Crossed"),
        )


def get_credit_limit(customer: str, company: str) -> float:
    mine = {"parent": customer, "parenttype": "Customer", "company": company}
    limit = frappe.db.get_value("Customer Credit Limit", mine, "credit_limit")
    return flt(limit or frappe.get_cached_value("Company", company, "credit_limit"))


def get_customer_outstanding(customer: str, company: str) -> float:
    """Open invoices less money on account, and what of open orders is not billed yet."""
    common = {"company": company, "docstatus": 1}
    invoices = frappe.get_all(
        "Sales Invoice", filters={**common, "customer": customer}, pluck="outstanding_amount"
    )
    on_account = frappe.get_all(
        "Payment Entry",
        filters={**common, "party_type": "Customer", "party": customer, "payment_type": "Receive"},
        pluck="unallocated_amount",
    )
    orders = frappe.get_all(
        "Sales Order",
        filters={**common, "customer": customer, "status": ("!=", "Closed"), "per_billed": ("<", 100)},
        fields=["base_grand_total", "per_billed", "advance_paid"],
    )
    unbilled = sum(order.base_grand_total * (100 - order.per_billed) / 100 for order in orders)
    return sum(map(flt, invoices)) - sum(map(flt, on_account)) + unbilled
