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


def of_user(user: str) -> list[str]:
    """The customers a website user stands for: those whose portal users name the user, and those of the
    contacts that carry the user or its e-mail address."""
    found = frappe.get_all(
        "Portal User",
        filters={"user": user, "parenttype": "Customer"},
        pluck="parent",
        parent_doctype="Customer",
    )
    contacts = frappe.get_all("Contact", filters={"user": user}, pluck="name")
    contacts += frappe.get_all(
        "Contact Email",
        filters={"email_id": user, "parenttype": "Contact"},
        pluck="parent",
        parent_doctype="Contact",
    )
    if contacts:
        found += frappe.get_all(
            "Dynamic Link",
            filters={
                "parenttype": "Contact",
                "parent": ("in", contacts),
                "link_doctype": "Customer",
            },
            pluck="link_name",
            parent_doctype="Contact",
        )
    return sorted(set(found))


def lock(customer: str) -> None:
    """Keep a customer's row until the transaction ends."""
    if not frappe.db.get_value("Customer", customer, "name", for_update=True):
        frappe.throw(frappe._("Customer {0} does not exist.").format(customer), frappe.DoesNotExistError)
