"""Who sees credits and bookings: the staff all of them, a customer's users those of their customers."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_plus.erp import customers

STAFF = frozenset(
    {
        "System Manager",
        "Venue Manager",
        "Venue User",
        "Accounts Manager",
        "Accounts User",
        "Sales Manager",
        "Sales User",
    }
)
# May grant credits, and book for others, without payment and beside the house's rules.
VENUE = frozenset({"System Manager", "Venue Manager", "Venue User"})


def is_staff(user: str | None = None) -> bool:
    """Whether a user looks after more than the own customers."""
    return _has(STAFF, user)


def is_venue_staff(user: str | None = None) -> bool:
    """Whether a user may act for the house."""
    return _has(VENUE, user)


def _has(roles: frozenset[str], user: str | None) -> bool:
    user = user or frappe.session.user
    return user == "Administrator" or not roles.isdisjoint(frappe.get_roles(user))


def query_conditions(user: str | None = None, doctype: str | None = None) -> str:
    """The hook for lists: nothing to add for staff."""
    user = user or frappe.session.user
    if is_staff(user):
        return ""
    own = customers.of_user(user)
    if not own:
        return "1=0"
    return f"`tab{doctype}`.`customer` in ({', '.join(frappe.db.escape(name) for name in own)})"


def has_permission(doc: Document, ptype: str | None = None, user: str | None = None, **_more) -> bool:
    """The hook for single documents: never gives a right, only takes it."""
    user = user or frappe.session.user
    return is_staff(user) or bool(doc.get("customer") and doc.customer in customers.of_user(user))


def customer_of_caller(customer: str | None = None) -> str:
    """The customer a request is about: the caller's only one, or the named one where the caller may act for
    it. PermissionError otherwise, whether that customer exists or not."""
    if customer and is_venue_staff():
        return customer
    own = customers.of_user(frappe.session.user)
    if customer is None and len(own) == 1:
        return own[0]
    if customer is None and own:
        frappe.throw(_("You stand for several customers. Say which: {0}.").format(", ".join(own)))
    if customer is None and is_venue_staff():
        frappe.throw(_("Say for which customer."))
    if customer is None or customer not in own:
        frappe.throw(_("You are not a user of this customer."), frappe.PermissionError)
    return customer
