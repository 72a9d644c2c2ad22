"""`frappe.get_doc` and everything else that reads, makes and forgets documents."""

import frappe
from frappe import local
from frappe.dicts import _dict


def get_doc(*args, **kwargs):
    from frappe.model.document import get_doc

    return get_doc(*args, **kwargs)


get_lazy_doc = get_doc


def new_doc(doctype: str, *, parent_doc=None, parentfield=None, as_dict=False, **values):
    """A new document with its defaults, and `values` on top."""
    from frappe.model.create_new import get_new_doc

    doc = get_new_doc(doctype, parent_doc, parentfield, as_dict=as_dict)
    return doc.update(values)


def get_cached_doc(doctype: str, name: str | None = None):
    """The document, read once per request; not to be changed."""
    key = (doctype, name or doctype)
    if key not in local.documents:
        local.documents[key] = frappe.get_doc(*key)
    return local.documents[key]


def get_cached_value(doctype: str, name: str, fieldname="name", as_dict: bool = False):
    try:
        doc = frappe.get_cached_doc(doctype, name)
    except frappe.DoesNotExistError:
        frappe.clear_last_message()
        return None
    if isinstance(fieldname, str):
        if as_dict:
            frappe.throw("Cannot make dict for single fieldname")
        return doc.get(fieldname)
    values = [doc.get(field) for field in fieldname]
    return _dict(zip(fieldname, values, strict=True)) if as_dict else values


def clear_document_cache(doctype: str | None = None, name: str | None = None) -> None:
    """Forgets one document, all of a DocType, or all."""
    known = local.documents
    if name is not None:
        known.pop((doctype, name), None)
    elif known:
        for key in [key for key in known if doctype is None or key[0] == doctype]:
            del known[key]
    if doctype in (None, "System Settings"):
        local.process.system_settings = None
    if doctype in (None, "User", "Has Role", "Role"):
        local.user_roles, local.role_permissions = {}, {}


def get_last_doc(doctype: str, filters=None, order_by: str = "creation desc", *, for_update: bool = False):
    names = frappe.get_all(doctype, filters=filters, limit=1, order_by=order_by, pluck="name")
    if not names:
        raise frappe.DoesNotExistError(doctype=doctype)
    return frappe.get_doc(doctype, names[0], for_update=for_update)


def get_single(doctype: str):
    return frappe.get_doc(doctype, doctype)


def get_single_value(doctype: str, fieldname: str):
    return local.db.get_single_value(doctype, fieldname)


def get_meta(doctype, cached: bool = True):
    from frappe.model.meta import get_meta

    return get_meta(doctype, cached)


def is_table(doctype: str) -> bool:
    return bool(frappe.get_meta(doctype).istable)


def get_precision(doctype: str, fieldname: str, currency=None, doc=None) -> int:
    from frappe.model.meta import get_field_precision

    return get_field_precision(frappe.get_meta(doctype).get_field(fieldname), doc, currency)


def get_all(doctype: str, *args, **kwargs):
    """Rows of the DocType, all of them, whoever asks."""
    from frappe.model.db_query import execute

    kwargs["ignore_permissions"] = True
    return execute(doctype, *args, **kwargs)


def get_list(doctype: str, *args, **kwargs):
    """Rows of the DocType that the user may read. Raises PermissionError."""
    from frappe.model.db_query import execute

    return execute(doctype, *args, **kwargs)


def get_value(*args, **kwargs):
    return local.db.get_value(*args, **kwargs)


def set_value(doctype: str, docname: str, fieldname, value=None):
    from frappe.client import set_value

    return set_value(doctype, docname, fieldname, value)


def delete_doc(doctype=None, name=None, force=0, ignore_doctypes=None, for_reload=False, **options):
    from frappe.model.delete_doc import delete_doc

    return delete_doc(doctype, name, force, ignore_doctypes, for_reload, **options)


def delete_doc_if_exists(doctype: str, name: str, force=0) -> None:
    if frappe.db.exists(doctype, name):
        frappe.delete_doc(doctype, name, force=force)


def rename_doc(doctype: str, old: str, new: str, **options) -> str:
    from frappe.model.rename_doc import rename_doc

    return rename_doc(doctype, old, new, **options)


def copy_doc(doc, ignore_no_copy: bool = True):
    """A new, unsaved document with the values of `doc`; fields marked *no copy* are left out only when told so.

    In tests the copy keeps its docstatus, as in Frappe.
    """
    import copy

    cleared = ["name", "owner", "creation", "modified", "modified_by"]
    if not local.flags.in_test:
        cleared.append("docstatus")
    copied = frappe.get_doc(copy.deepcopy(doc if isinstance(doc, dict) else doc.as_dict()))
    for row in [copied, *copied.get_all_children()]:
        row.__dict__["__islocal"] = True
        for fieldname in [*cleared, *(("amended_from", "amendment_date") if row is copied else ())]:
            row.set(fieldname, None)
        for df in () if ignore_no_copy else row.meta.having("no_copy"):
            row.set(df.fieldname, None)
    return copied


def reload_doc(
    module: str, dt: str | None = None, dn: str | None = None, force=False, reset_permissions=False
):
    from frappe.modules.import_file import import_record

    return import_record(module, dt, dn)


def clear_cache(user: str | None = None, doctype: str | None = None) -> None:
    """Forgets cached meta (of one DocType, or all), hooks, documents and roles."""
    local.documents, local.user_roles, local.role_permissions = {}, {}, {}
    if doctype:
        local.process.forget_doctype(doctype)
        return
    local.db.value_cache.clear()
    if not user:
        local.cache = {}
        local.process.forget()
        local.process.cache.flushall()
