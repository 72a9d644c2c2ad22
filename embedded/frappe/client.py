"""`frappe.client`: what the desk and REST clients call for single values."""

import frappe


@frappe.whitelist(methods=["POST", "PUT"])
def set_value(doctype: str, name: str, fieldname, value=None):
    """Sets fields through the document, so that its checks and events run; answers it as a dict."""
    if isinstance(fieldname, str) and fieldname.startswith("{"):
        fieldname = frappe.parse_json(fieldname)
    values = fieldname if isinstance(fieldname, dict) else {fieldname: value}
    doc = frappe.get_doc(doctype, name)
    doc.update(values)
    doc.save()
    return doc.as_dict()


@frappe.whitelist()
def get_value(doctype: str, fieldname, filters=None, as_dict: bool = True, parent: str | None = None):
    fields = (
        frappe.parse_json(fieldname) if isinstance(fieldname, str) and fieldname[:1] == "[" else fieldname
    )
    fields = [fields] if isinstance(fields, str) else fields
    filters = frappe.parse_json(filters) if isinstance(filters, str) and filters[:1] in "[{" else filters
    filters = {"name": filters} if isinstance(filters, str) else filters
    rows = frappe.get_list(doctype, filters=filters, fields=fields, limit=1, parent_doctype=parent)
    return rows[0] if rows else {}


@frappe.whitelist()
def get_list(
    doctype: str,
    fields=None,
    filters=None,
    group_by=None,
    order_by=None,
    limit_start=None,
    limit_page_length=20,
    parent=None,
    debug: bool = False,
    as_dict: bool = True,
    or_filters=None,
):
    return frappe.get_list(
        doctype,
        fields=fields,
        filters=filters,
        or_filters=or_filters,
        group_by=group_by,
        order_by=order_by or "KEEP_DEFAULT_ORDERING",
        limit_start=limit_start,
        limit_page_length=limit_page_length,
        parent_doctype=parent,
        as_list=not as_dict,
    )


@frappe.whitelist()
def get_count(doctype: str, filters=None, debug: bool = False, cache: bool = False) -> int:
    rows = frappe.get_list(doctype, filters=filters, fields=["count(name) as total"], order_by=None)
    return rows[0].total


@frappe.whitelist()
def get(doctype: str, name: str | None = None, filters=None, parent: str | None = None) -> dict:
    if filters:
        name = frappe.db.get_value(doctype, frappe.parse_json(filters))
        if not name:
            frappe.throw(frappe._("No document found for given filters"))
    doc = frappe.get_doc(doctype, name)
    doc.check_permission()
    doc.apply_fieldlevel_read_permissions()
    return doc.as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def insert(doc=None) -> dict:
    return frappe.get_doc(frappe.parse_json(doc)).insert().as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def save(doc) -> dict:
    doc = frappe.get_doc(frappe.parse_json(doc))
    doc.save()
    return doc.as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def submit(doc) -> dict:
    doc = frappe.get_doc(frappe.parse_json(doc))
    doc.submit()
    return doc.as_dict()


@frappe.whitelist(methods=["POST", "PUT"])
def cancel(doctype: str, name: str) -> dict:
    doc = frappe.get_doc(doctype, name)
    doc.cancel()
    return doc.as_dict()


@frappe.whitelist(methods=["DELETE", "POST"])
def delete(doctype: str, name: str) -> None:
    frappe.delete_doc(doctype, name, ignore_missing=False)


@frappe.whitelist()
def has_permission(doctype: str, docname: str, perm_type: str = "read") -> dict:
    return {"has_permission": frappe.has_permission(doctype, perm_type.lower(), docname)}
