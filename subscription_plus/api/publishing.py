"""Publishing plans and bookable items on the website: the desk's actions."""

import frappe

from subscription_plus.sp_billing import publishing

from .answers import Url


@frappe.whitelist(methods=["POST"])
def publish(doctype: str, name: str, visible_to: str | None = None) -> Url:
    """Put a plan or a bookable item on the website; its address."""
    return {"url": publishing.publish(_writable(doctype, name), visible_to)}


@frappe.whitelist(methods=["POST"])
def unpublish(doctype: str, name: str) -> None:
    """Take it off the website; visitors get "not found" from now on."""
    publishing.unpublish(_writable(doctype, name))


@frappe.whitelist(methods=["POST"])
def see(doctype: str, name: str) -> Url:
    """The address of its page."""
    doc = frappe.get_doc(_kind(doctype), name)
    doc.check_permission("read")
    return {"url": publishing.address(doc)}


def _writable(doctype: str, name: str):
    doc = frappe.get_doc(_kind(doctype), name)
    doc.check_permission("write")
    return doc


def _kind(doctype: str) -> str:
    if doctype not in publishing.KINDS:
        frappe.throw(frappe._("{0} has no page on the website.").format(frappe._(doctype)))
    return doctype
