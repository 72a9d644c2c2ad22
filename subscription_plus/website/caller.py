"""Who asks for a page: the user, the customers the user stands for, and records that are theirs."""

from __future__ import annotations

from urllib.parse import quote

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_plus import permissions


def require_login() -> None:
    """Send guests to the login, and back here afterwards."""
    if frappe.session.user == "Guest":
        go_to(login_address())


def login_address(here: str | None = None) -> str:
    """The login page that leads to an address of this site: the page asked for, unless told."""
    query = frappe.request.query_string.decode()
    here = here or frappe.request.path + (f"?{query}" if query else "")
    return f"/login?redirect-to={quote(here, safe='/')}"


def go_to(address: str) -> None:
    """Leave a page that is being made for another one (302)."""
    frappe.flags.redirect_location = address
    raise frappe.Redirect(302)


def customers() -> list[str]:
    """The customers the caller stands for; none for guests."""
    return [] if frappe.session.user == "Guest" else permissions.customers_of_caller()


def own(doctype: str, name: str, party_field: str = "customer") -> Document:
    """A record of one of the caller's customers. Somebody else's is answered like one that does not exist."""
    doc = frappe.get_doc(doctype, name) if name and frappe.db.exists(doctype, name) else None
    if doc is None or not doc.get(party_field) or doc.get(party_field) not in customers():
        raise frappe.PageDoesNotExistError(_("This is not here, or not yours."))
    return doc
