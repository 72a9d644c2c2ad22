"""Invoices to print and to keep, for the customers they were made for."""

from __future__ import annotations

from urllib.parse import quote

import frappe
from frappe import _
from frappe.model.document import Document

from . import caller, flash


@frappe.whitelist(methods=["GET"])
def show(name: str) -> None:
    """One of the caller's invoices as a page to print."""
    doc = _own(name)
    _answer(frappe.get_print(doc.doctype, doc.name, doc=doc), f"{doc.name}.html", "text/html; charset=utf-8")


@frappe.whitelist(methods=["GET"])
def pdf(name: str) -> None:
    """One of the caller's invoices as a PDF; where this server can make none, back to the invoice, which can be
    printed."""
    doc = _own(name)
    try:
        content = frappe.get_print(doc.doctype, doc.name, doc=doc, as_pdf=True)
    except (OSError, frappe.ValidationError):
        frappe.clear_messages()
        flash.say(_("A PDF cannot be made now. Use Print, and save it from there."), "warning")
        frappe.local.response.type = "redirect"
        frappe.local.response.location = f"/account/invoices/{quote(name, safe='')}"
        return
    _answer(content, f"{doc.name}.pdf", "application/pdf", "attachment")


def _own(name: str) -> Document:
    doc = caller.own("Sales Invoice", name)
    if doc.docstatus != 1:
        raise frappe.PageDoesNotExistError
    # It is the caller's: ERPNext's own right to print is that of the house's people.
    frappe.local.flags.ignore_print_permissions = True
    return doc


def _answer(content: str | bytes, filename: str, kind: str, shown: str = "inline") -> None:
    frappe.local.response.update(
        {
            "type": "download",
            "filename": filename.replace("/", "-"),
            "filecontent": content.encode() if isinstance(content, str) else content,
            "content_type": kind,
            "display_content_as": shown,
        }
    )
