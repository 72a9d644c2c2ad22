"""What belongs to parties: documents with a table of links to them."""

import frappe
from frappe.model.document import Document


class Linked(Document):
    def has_link(self, doctype: str, name: str) -> bool:
        return any(row.link_doctype == doctype and row.link_name == name for row in self.links)

    def get_link_for(self, link_doctype: str) -> str | None:
        return next((row.link_name for row in self.links if row.link_doctype == link_doctype), None)


def linked_to(kind: str, doctype: str, name: str, flag: str | None) -> str | None:
    query = f"""SELECT c.name FROM `tab{kind}` c JOIN `tabDynamic Link` l ON l.parent = c.name
        WHERE l.parenttype = '{kind}' AND l.link_doctype = %s AND l.link_name = %s
        ORDER BY {f"c.{flag} DESC," if flag else ""} c.creation LIMIT 1"""
    rows = frappe.db.sql(query, (doctype, name))
    return rows[0][0] if rows else None
