"""Renaming a document: its row, its children, and every link that leads to it."""

import frappe
from frappe import _
from frappe.model.links import _dynamic_link_fields, get_link_fields
from frappe.model.naming import validate_name


def rename_doc(
    doctype=None,
    old=None,
    new=None,
    force=False,
    merge=False,
    ignore_permissions=False,
    show_alert=False,
    rebuild_search=True,
    **_unused,
) -> str:
    """Gives the document another name everywhere; answers the new name. Merging is not offered by this host."""
    if merge:
        raise frappe.ValidationError(f"Merging {doctype} {old} into {new} is not offered by this host")
    meta = frappe.get_meta(doctype)
    doc = frappe.get_doc(doctype, old, for_update=True)
    new = validate_name(doctype, new)
    if not (ignore_permissions or doc.has_permission("write")):
        frappe.throw(_("You need write permission to rename"), frappe.PermissionError)
    if not (force or ignore_permissions or meta.allow_rename):
        frappe.throw(_("{0} not allowed to be renamed").format(_(doctype)))
    if old == new:
        frappe.throw(_("No changes made because old and new name are the same."))
    if frappe.db.exists(doctype, new):
        frappe.throw(_("{0} {1} already exists").format(doctype, new), frappe.DuplicateEntryError)
    doc.run_method("before_rename", old, new, merge)
    frappe.db.sql(f"UPDATE `tab{doctype}` SET name = %s WHERE name = %s", (new, old))
    if (meta.autoname or "").startswith("field:"):
        frappe.db.sql(f"UPDATE `tab{doctype}` SET `{meta.autoname[6:]}` = %s WHERE name = %s", (new, new))
    for df in meta.get_table_fields():
        query = f"UPDATE `tab{df.options}` SET parent = %s WHERE parent = %s AND parenttype = %s"
        frappe.db.sql(query, (new, old, doctype))
    for link in get_link_fields(doctype):
        if link.issingle:
            query = "UPDATE `tabSingles` SET value = %s WHERE doctype = %s AND field = %s AND value = %s"
            frappe.db.sql(query, (new, link.parent, link.fieldname, old))
        else:
            query = f"UPDATE `tab{link.parent}` SET `{link.fieldname}` = %s WHERE `{link.fieldname}` = %s"
            frappe.db.sql(query, (new, old))
    for link in _dynamic_link_fields():
        if not frappe.get_meta(link.parent).issingle:
            query = f"UPDATE `tab{link.parent}` SET `{link.fieldname}` = %s"
            query += f" WHERE `{link.options}` = %s AND `{link.fieldname}` = %s"
            frappe.db.sql(query, (new, doctype, old))
    frappe.db.sql("UPDATE `__Auth` SET name = %s WHERE doctype = %s AND name = %s", (new, doctype, old))
    frappe.clear_document_cache(doctype, old)
    frappe.db.value_cache.clear()
    frappe.get_doc(doctype, new).run_method("after_rename", old, new, merge)
    return new
