"""The person behind a login: name and language."""

from __future__ import annotations

import frappe
from frappe import _


def save(user: str, first_name: str, last_name: str, language: str) -> None:
    """Write a user's own name and language; everything else of a user stays."""
    if not first_name.strip():
        frappe.throw(_("Say your first name."))
    if language and language not in [code for code, _name in languages()]:
        frappe.throw(_("Choose a language from the list."))
    doc = frappe.get_doc("User", user)
    doc.update(
        {"first_name": first_name.strip(), "last_name": last_name.strip(), "language": language or None}
    )
    doc.flags.ignore_permissions = True  # the caller's own record, and these fields alone
    doc.save()


def languages() -> list[tuple[str, str]]:
    """The languages the site speaks: (code, name in that language)."""
    rows = frappe.get_all(
        "Language", filters={"enabled": 1}, fields=["name", "language_name"], order_by="language_name"
    )
    return [(row.name, row.language_name) for row in rows]
