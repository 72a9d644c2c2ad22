"""Who points at a document: what forbids deleting it, or cancelling what submitted documents rely on."""

import frappe
from frappe import _
from frappe.utils import get_link_to_form


def get_link_fields(doctype: str) -> list[dict]:
    """All Link fields (and custom ones) that lead to this DocType: parent, fieldname, issingle."""
    known = frappe.local.process.link_fields
    if not known:
        query = """SELECT f.options, f.parent, f.fieldname, d.issingle FROM `tabDocField` f
            JOIN `tabDocType` d ON d.name = f.parent WHERE f.fieldtype = 'Link'
            UNION SELECT c.options, c.dt, c.fieldname, d.issingle FROM `tabCustom Field` c
            JOIN `tabDocType` d ON d.name = c.dt WHERE c.fieldtype = 'Link'"""
        for target, parent, fieldname, issingle in frappe.db.sql(query):
            found = frappe._dict(parent=parent, fieldname=fieldname, issingle=issingle)
            known.setdefault(target, []).append(found)
    return known.get(doctype, [])


def _dynamic_link_fields() -> list[dict]:
    known = frappe.local.process.link_fields
    if "[dynamic]" not in known:
        query = """SELECT f.parent, f.fieldname, f.options FROM `tabDocField` f
            WHERE f.fieldtype = 'Dynamic Link'
            UNION SELECT dt, fieldname, options FROM `tabCustom Field` WHERE fieldtype = 'Dynamic Link'"""
        known["[dynamic]"] = frappe.db.sql(query, as_dict=True)
    return known["[dynamic]"]


def check_if_doc_is_linked(doc, method: str = "Delete") -> None:
    """Raises LinkExistsError when a Link leads here (on cancelling: from a submitted document)."""
    ignored = _ignored(doc, method)
    for link in get_link_fields(doc.doctype):
        if link.parent in ignored or (link.fieldname == "amended_from" and method == "Cancel"):
            continue
        if link.issingle:
            if frappe.db.get_single_value(link.parent, link.fieldname) == doc.name:
                _refuse(doc, link.parent, link.parent)
            continue
        _check_rows(doc, link.parent, {link.fieldname: doc.name}, ignored, method)


def check_if_doc_is_dynamically_linked(doc, method: str = "Delete") -> None:
    """The same for Dynamic Links; a cancelled document's do not count."""
    ignored = _ignored(doc, method) | set(frappe.get_hooks("ignore_links_on_delete"))
    for link in _dynamic_link_fields():
        if link.parent in ignored:
            continue
        filters = {link.options: doc.doctype, link.fieldname: doc.name}
        if frappe.get_meta(link.parent).issingle:
            values = frappe.db.get_singles_dict(link.parent)
            if all(values.get(field) == value for field, value in filters.items()):
                _refuse(doc, link.parent, link.parent)
            continue
        _check_rows(doc, link.parent, filters, ignored, method, dynamic=True)


def _ignored(doc, method: str) -> set[str]:
    if method == "Cancel":
        return set(doc.get("ignore_linked_doctypes") or ())
    return set(frappe.get_hooks("ignore_links_on_delete"))


def _check_rows(doc, linking: str, filters: dict, ignored: set, method: str, dynamic: bool = False) -> None:
    child = frappe.get_meta(linking).istable
    fields = ["name", "docstatus"] + (["parent", "parenttype", "idx"] if child else [])
    for row in frappe.db.get_values(linking, filters, fields, as_dict=True, order_by=None):
        parent, parenttype = (row.parent, row.parenttype) if child else (row.name, linking)
        if parenttype in ignored:
            continue
        if (method == "Cancel" and row.docstatus != 1) or (
            method == "Delete" and dynamic and row.docstatus == 2
        ):
            continue
        if not dynamic and linking == doc.doctype and parent == doc.name:
            continue
        _refuse(doc, parenttype, parent, f"at Row: {row.idx}" if dynamic and child else "")


def _refuse(doc, doctype: str, name: str, place: str = "") -> None:
    message = _("Cannot delete or cancel because {0} {1} is linked with {2} {3} {4}").format(
        _(doc.doctype),
        get_link_to_form(doc.doctype, doc.name),
        "" if doctype == name else _(doctype),
        get_link_to_form(doctype, name),
        place,
    )
    frappe.throw(message, frappe.LinkExistsError)
