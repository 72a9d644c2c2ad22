"""Deleting documents: permission, not submitted, not linked, then the row, its child rows and what hangs off it."""

import frappe
from frappe import _
from frappe.model.links import check_if_doc_is_dynamically_linked, check_if_doc_is_linked
from frappe.model.naming import revert_series_if_last

# What goes with a document: (DocType, its type field, its name field)
_FOLLOWERS = (
    ("ToDo", "reference_type", "reference_name"),
    ("Version", "ref_doctype", "docname"),
    ("Comment", "reference_doctype", "reference_name"),
)


def delete_doc(
    doctype=None,
    name=None,
    force=0,
    ignore_doctypes=None,
    for_reload=False,
    ignore_permissions=False,
    flags=None,
    ignore_on_trash=False,
    ignore_missing=True,
    delete_permanently=False,
):
    """Deletes one document or several. Events: on_trash, on_change, after_delete. False = it was not there.

    Raises PermissionError, ValidationError for a submitted document, LinkExistsError.
    """
    for each in [name] if isinstance(name, (str, int)) else name or []:
        if not frappe.db.exists(doctype, each):
            if not ignore_missing:
                raise frappe.DoesNotExistError(doctype=doctype)
            return False
        _delete(
            frappe.get_doc(doctype, each, for_update=True), force, ignore_permissions, flags, ignore_on_trash
        )
    return None


def _delete(doc, force, ignore_permissions, flags, ignore_on_trash) -> None:
    doc.flags.update(flags or {})
    if ignore_permissions:
        doc.flags.ignore_permissions = True
    _check_permission(doc)
    if doc.meta.is_submittable and doc.docstatus.is_submitted():
        message = _("{0} {1}: Submitted Record cannot be deleted. You must Cancel it first.")
        frappe.throw(message.format(_(doc.doctype), doc.name))
    if not ignore_on_trash:
        doc.run_method("on_trash")
        doc.flags.in_delete = True
        doc.run_method("on_change")
    if not force:
        _check_links(doc)
    _give_number_back(doc)
    if doc.meta.issingle:
        frappe.db.delete("Singles", {"doctype": doc.doctype})
    else:
        frappe.db.delete(doc.doctype, {"name": doc.name})
    for df in doc.meta.get_table_fields():
        frappe.db.delete(df.options, {"parenttype": doc.doctype, "parent": doc.name})
    frappe.db.delete("__Auth", {"doctype": doc.doctype, "name": doc.name})
    doc.run_method("after_delete")
    for each in frappe.get_all(
        "File", filters={"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}, pluck="name"
    ):
        frappe.delete_doc("File", each, ignore_permissions=True, force=True)
    for follower, type_field, name_field in _FOLLOWERS:
        frappe.db.delete(follower, {type_field: doc.doctype, name_field: doc.name})
    doc.clear_cache()
    _remember(doc)


def _check_permission(doc) -> None:
    if not doc.has_permission("delete"):
        message = _("User not allowed to delete {0}: {1}").format(doc.doctype, doc.name)
        frappe.throw(message, frappe.PermissionError)


def _check_links(doc) -> None:
    try:
        check_if_doc_is_linked(doc)
        check_if_doc_is_dynamically_linked(doc)
    except frappe.LinkExistsError:
        if doc.meta.has_field("enabled") or doc.meta.has_field("disabled"):
            message = _("You can disable this {0} instead of deleting it.").format(_(doc.doctype))
            frappe.throw(message, frappe.LinkExistsError)
        raise


def _give_number_back(doc) -> None:
    autoname = doc.meta.autoname or ""
    if autoname.startswith("naming_series:") and doc.get("naming_series"):
        revert_series_if_last(doc.naming_series, doc.name, doc)
    elif "#" in autoname and not autoname.startswith("format:"):
        revert_series_if_last(autoname, doc.name, doc)


def _remember(doc) -> None:
    if doc.doctype == "Deleted Document":
        return
    deleted = {"doctype": "Deleted Document", "deleted_doctype": doc.doctype, "deleted_name": doc.name}
    frappe.get_doc({**deleted, "data": doc.as_json()}).db_insert()
