"""What a Customer record says about how it is billed."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe.contacts.doctype.contact.contact import get_default_contact


@dataclass(frozen=True)
class CustomerDetails:
    """Defaults for a subscription of this customer; None where the customer does not say."""

    customer_name: str
    currency: str | None
    mode_of_payment: str | None
    contact: str | None
    email: str | None


def details(customer: str) -> CustomerDetails:
    """Name, currency, mode of payment, billing contact and e-mail address of a customer."""
    row = frappe.db.get_value(
        "Customer",
        customer,
        ["customer_name", "default_currency", "sp_mode_of_payment", "email_id"],
        as_dict=True,
    )
    if not row:
        frappe.throw(frappe._("Customer {0} does not exist.").format(customer), frappe.DoesNotExistError)
    contact = get_default_contact("Customer", customer)
    email = (frappe.db.get_value("Contact", contact, "email_id") if contact else None) or row.email_id
    return CustomerDetails(row.customer_name, row.default_currency, row.sp_mode_of_payment, contact, email)


def default_price_list(customer: str) -> str | None:
    """The list a customer's prices come from: its own, its group's, else the site's selling list."""
    own, group = frappe.db.get_value("Customer", customer, ["default_price_list", "customer_group"])
    return (
        own
        or (group and frappe.get_cached_value("Customer Group", group, "default_price_list"))
        or frappe.db.get_single_value("Selling Settings", "selling_price_list", cache=True)
    )


def company_currency(company: str) -> str:
    """The currency a company keeps its books in."""
    return frappe.get_cached_value("Company", company, "default_currency")
