"""What a Customer record says about how it is billed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import frappe
from erpnext.portal.utils import create_party_contact, party_exists
from frappe.contacts.doctype.address.address import get_default_address
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
    return own_price_list(customer) or selling_price_list()


def own_price_list(customer: str) -> str | None:
    """The list of a customer or of its group."""
    own, group = frappe.db.get_value("Customer", customer, ["default_price_list", "customer_group"])
    return own or (group and frappe.get_cached_value("Customer Group", group, "default_price_list")) or None


def selling_price_list() -> str | None:
    """The site's selling list."""
    return frappe.db.get_single_value("Selling Settings", "selling_price_list", cache=True)


def default_price_lists(customers: Iterable[str]) -> dict[str, str | None]:
    """`default_price_list` of many, in a few queries."""
    names = sorted(set(customers))
    if not names:
        return {}
    groups = dict(frappe.get_all("Customer Group", fields=["name", "default_price_list"], as_list=True))
    site = frappe.db.get_single_value("Selling Settings", "selling_price_list", cache=True)
    rows = frappe.get_all(
        "Customer",
        filters={"name": ("in", names)},
        fields=["name", "default_price_list", "customer_group"],
    )
    return {row.name: row.default_price_list or groups.get(row.customer_group) or site for row in rows}


def company_currency(company: str) -> str:
    """The currency a company keeps its books in."""
    return frappe.get_cached_value("Company", company, "default_currency")


def of_user(user: str) -> list[str]:
    """The customers a website user stands for: those whose portal users name the user, as in ERPNext's portal."""
    found = frappe.get_all(
        "Portal User",
        filters={"user": user, "parenttype": "Customer"},
        pluck="parent",
        parent_doctype="Customer",
    )
    return sorted(set(found))


def party_of(doctype: str, name: str) -> str | None:
    """The customer of an order, an invoice, a quotation or a payment request; None where there is none."""
    field, kind = {
        "Quotation": ("party_name", "quotation_to"),
        "Payment Request": ("party", "party_type"),
    }.get(doctype, ("customer", None))
    found = frappe.db.get_value(doctype, {"name": name, **({kind: "Customer"} if kind else {})}, field)
    return found or None


def tie(user: str) -> None:
    """Make a website user a portal user of the customers whose contacts carry the user or its e-mail address.

    Anybody with a login may make contacts, with any link in them: only a contact of a desk user's making counts, or
    one for a customer that ERPNext made for this very user (nobody else can let a customer be theirs).
    """
    contacts = _contacts_of(user)
    if not contacts:
        return
    links = frappe.get_all(
        "Dynamic Link",
        filters={"parenttype": "Contact", "parent": ("in", list(contacts)), "link_doctype": "Customer"},
        fields=["parent", "link_name"],
        parent_doctype="Contact",
    )
    known = of_user(user)
    for name in sorted({link.link_name for link in links} - set(known)):
        makers = {contacts[link.parent] for link in links if link.link_name == name}
        own = frappe.db.get_value("Customer", name, "owner") == user
        if own or any(is_desk_user(maker) for maker in makers):
            _add_portal_user(name, user)


def show_in_a_contact(user: str) -> None:
    """Name a customer of a portal user in the user's contact.

    ERPNext (15.99) looks there alone: to a portal user without such a contact it gives a second customer at login.
    """
    own = of_user(user)
    if not own or party_exists("Customer", user):
        return
    contact = frappe.db.get_value("Contact", {"email_id": user})
    if not contact:
        create_party_contact("Customer", frappe.utils.get_fullname(user), user, own[0])
        return
    doc = frappe.get_doc("Contact", contact)
    doc.append("links", {"link_doctype": "Customer", "link_name": own[0]})
    doc.flags.ignore_mandatory = True
    doc.save(ignore_permissions=True)  # the house has made the user a portal user: it says no more than that


def _contacts_of(user: str) -> dict[str, str]:
    """Name and maker of the contacts that carry the user or its e-mail address."""
    by_address = frappe.get_all(
        "Contact Email",
        filters={"email_id": user, "parenttype": "Contact"},
        pluck="parent",
        parent_doctype="Contact",
    )
    rows = frappe.get_all(
        "Contact",
        or_filters=[["user", "=", user], ["name", "in", by_address or [""]]],
        fields=["name", "owner"],
    )
    return {row.name: row.owner for row in rows}


def is_desk_user(user: str) -> bool:
    """Whether a user works at the desk; Guest and website users do not."""
    return user == "Administrator" or frappe.db.get_value("User", user, "user_type") == "System User"


def _add_portal_user(customer: str, user: str) -> None:
    row = {"doctype": "Portal User", "parenttype": "Customer", "parent": customer, "user": user}
    # A login is no edit of the customer by the user: the row is written as itself.
    frappe.get_doc({**row, "parentfield": "portal_users"}).insert(ignore_permissions=True)
    if "Customer" not in frappe.get_roles(user):
        doc = frappe.get_doc("User", user)
        doc.flags.ignore_permissions = True  # nobody gives roles to oneself: the house's contact does
        doc.add_roles("Customer")


def lock(customer: str) -> None:
    """Keep a customer's row until the transaction ends."""
    if not frappe.db.get_value("Customer", customer, "name", for_update=True):
        frappe.throw(frappe._("Customer {0} does not exist.").format(customer), frappe.DoesNotExistError)


def create_for_user(user: str, name: str, group: str | None, price_list: str | None) -> str:
    """A new customer that a website user stands for, with a contact of its own; its name.

    The site's own sign-up has decided who may have an account. Contacts that are there already are left alone:
    anybody with a login may have made them.
    """
    email, first_name, last_name = frappe.db.get_value("User", user, ["email", "first_name", "last_name"])
    settings = frappe.get_cached_doc("Selling Settings")
    customer = frappe.get_doc(
        {
            "doctype": "Customer",
            "customer_name": name,
            "customer_type": "Individual",
            "customer_group": group or settings.customer_group,
            "territory": settings.territory,
            "default_price_list": price_list,
        }
    )
    contact = frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": first_name,
            "last_name": last_name,
            "user": user,
            "is_billing_contact": 1,
            "is_primary_contact": 1,
            "email_ids": [{"email_id": email, "is_primary": 1}],
        }
    )
    for doc in (customer, contact):
        doc.flags.ignore_permissions = True  # a website user creates nothing by itself
        doc.flags.ignore_mandatory = True  # a site without default group or territory sells nevertheless
    customer.insert()
    contact.append("links", {"link_doctype": "Customer", "link_name": customer.name})
    contact.insert()
    _add_portal_user(customer.name, user)
    return customer.name


def billing_address(customer: str) -> frappe._dict | None:
    """Where a customer's bills go; None where nobody has said."""
    name = get_default_address("Customer", customer)
    return frappe.get_doc("Address", name) if name else None


def save_address(customer: str, values: dict[str, str]) -> str:
    """Write a customer's billing address: the default one, or a new one; its name."""
    doc = billing_address(customer) or frappe.new_doc("Address")
    if doc.is_new():
        title = frappe.db.get_value("Customer", customer, "customer_name")
        doc.update({"address_title": title, "address_type": "Billing", "is_primary_address": 1})
        doc.append("links", {"link_doctype": "Customer", "link_name": customer})
    doc.update(values)
    doc.flags.ignore_permissions = True  # the caller stands for the customer
    return doc.save().name
