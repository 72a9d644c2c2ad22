"""Uninstall: takes away what install made on ERPNext's DocTypes; documents stay as they are."""

import frappe

from subscription_plus.custom_fields import CUSTOM_FIELDS
from subscription_plus.email_templates import TEMPLATES


def before_uninstall() -> None:
    """Delete the custom fields (their columns and data stay in the database) and the templates as installed."""
    for doctype, fields in CUSTOM_FIELDS.items():
        for field in fields:
            name = frappe.db.get_value("Custom Field", {"dt": doctype, "fieldname": field["fieldname"]})
            if name:
                frappe.delete_doc("Custom Field", name, ignore_missing=True, force=True)
        frappe.clear_cache(doctype=doctype)
    for template in TEMPLATES.values():
        text = frappe.db.get_value("Email Template", template["name"], "response_html")
        if text == template["response_html"]:
            frappe.delete_doc("Email Template", template["name"], force=True, ignore_missing=True)
