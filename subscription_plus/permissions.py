"""Who sees what: people of the house what their roles allow, customers what belongs to their customers.

A website user has no right on a DocType of this app but those of bookings and credits: documents carry what is the
house's own (errors, dunning, gateway ids, cost centers), and a field added tomorrow would be shown unless somebody
thought of hiding it. Customers use the endpoints of api/, which hand out named fields. The hooks here hold all the same
on every DocType: a site that gives customers a right by its Role Permissions Manager opens their own records only.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from subscription_plus.erp import customers

# Roles that everybody or every customer has: a right by one of them makes nobody staff.
EVERYBODY = frozenset({"Customer", "All", "Guest", "Desk User"})
# May grant credits, and book for others, without payment and beside the house's rules.
VENUE = frozenset({"System Manager", "Venue Manager", "Venue User"})
# Records that say by a link to a subscription whose they are; the others have a field `customer`.
BY_SUBSCRIPTION = frozenset({"SP Subscription Event"})


def customers_of_caller() -> list[str]:
    """The customers the caller is a user of, in order of their names; none for guests."""
    return customers.of_user(frappe.session.user)


def is_staff(doctype: str, user: str | None = None) -> bool:
    """Whether the user looks after records of all customers: a desk user whose own role reads the DocType."""
    user = user or frappe.session.user
    if user == "Administrator":
        return True
    roles = set(frappe.get_roles(user))
    if "Desk User" not in roles:
        return False
    return any(
        row.read and not row.permlevel and row.role in roles - EVERYBODY
        for row in frappe.get_meta(doctype).permissions
    )


def is_venue_staff(user: str | None = None) -> bool:
    """Whether a user may act for the house in bookings and credits."""
    user = user or frappe.session.user
    return user == "Administrator" or not VENUE.isdisjoint(frappe.get_roles(user))


def query_conditions(user: str | None = None, doctype: str | None = None) -> str:
    """The hook for lists: nothing to add for staff."""
    user = user or frappe.session.user
    if is_staff(doctype, user):
        return ""
    own = customers.of_user(user)
    if not own:
        return "1=0"
    among = ", ".join(frappe.db.escape(name) for name in own)
    if doctype in BY_SUBSCRIPTION:
        return (
            f"`tab{doctype}`.`subscription` in "
            f"(select `name` from `tabSP Subscription` where `customer` in ({among}))"
        )
    return f"`tab{doctype}`.`customer` in ({among})"


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None, **_more) -> bool:
    """The hook for single documents: never gives a right, only takes it."""
    user = user or frappe.session.user
    if is_staff(doc.doctype, user):
        return True
    customer = customer_of(doc)
    return bool(customer and customer in customers.of_user(user))


def customer_of(doc: Document) -> str | None:
    """Whose a record is."""
    if doc.doctype in BY_SUBSCRIPTION:
        return doc.subscription and frappe.db.get_value("SP Subscription", doc.subscription, "customer")
    return doc.get("customer")


def may_act_for(customer: str | None) -> bool:
    """Whether the caller may book and cancel for a customer."""
    return is_venue_staff() or bool(customer and customer in customers_of_caller())


def customer_of_caller(customer: str | None = None, doctype: str | None = None) -> str:
    """The customer a request is about: the caller's only one, or the named one where the caller may act for it.

    Staff act for any: the venue's, or with `doctype` those who look after its records. PermissionError otherwise,
    whether that customer exists or not.
    """
    staff = is_staff(doctype) if doctype else is_venue_staff()
    if customer and staff:
        return customer
    own = customers_of_caller()
    if customer is None and len(own) == 1:
        return own[0]
    if customer is None and own:
        frappe.throw(_("You stand for several customers. Say which: {0}.").format(", ".join(own)))
    if customer is None and staff:
        frappe.throw(_("Say for which customer."))
    if customer is None or customer not in own:
        frappe.throw(_("You are not a user of this customer."), frappe.PermissionError)
    return customer


def get_for_staff(doctype: str, name: str, ptype: str = "read") -> Document:
    """A record for staff with this right on it; PermissionError for anybody else, whether it exists or not."""
    if not is_staff(doctype):
        frappe.throw(_("That is for the staff."), frappe.PermissionError)
    doc = frappe.get_doc(doctype, cstr(name))
    doc.check_permission(ptype)
    return doc


def get_own(doctype: str, name: str, ptype: str = "read") -> Document:
    """A record, for staff with this right on it and for the users of its customer.

    Staff: DoesNotExistError or PermissionError, as everywhere. Anybody else: PermissionError, whether it exists or not.
    """
    if is_staff(doctype):
        return get_for_staff(doctype, name, ptype)
    if frappe.db.exists(doctype, cstr(name)):
        doc = frappe.get_doc(doctype, cstr(name))
        if customer_of(doc) in customers_of_caller():
            return doc
    frappe.throw(_("This is not yours, or it does not exist."), frappe.PermissionError)


def check_own_document(doctype: str, name: str) -> None:
    """Refuse a document of ERPNext's that is neither of the caller's customers nor one the caller may read.

    DoesNotExistError for who may read others of its kind, PermissionError for anybody else.
    """
    if is_staff(doctype):
        frappe.get_doc(doctype, name).check_permission("read")
        return
    party = customers.party_of(doctype, name)
    if not party or party not in customers_of_caller():
        frappe.throw(_("This is not yours, or it does not exist."), frappe.PermissionError)
