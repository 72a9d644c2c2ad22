"""Modules of apps: records shipped as files, and patches."""


def get_doctype_module(doctype: str) -> str:
    import frappe

    return frappe.db.get_value("DocType", doctype, "module")
