"""The document of a kind (contact, address) that stands first for a party."""

import frappe


def linked_to(kind: str, doctype: str, name: str, flag: str | None) -> str | None:
    """The oldest one linked to the party, those with `flag` first; None where there is none."""
    query = f"""SELECT c.name FROM `tab{kind}` c JOIN `tabDynamic Link` l ON l.parent = c.name
        WHERE l.parenttype = '{kind}' AND l.link_doctype = %s AND l.link_name = %s
        ORDER BY {f"c.{flag} DESC," if flag else ""} c.creation LIMIT 1"""
    rows = frappe.db.sql(query, (doctype, name))
    return rows[0][0] if rows else None
