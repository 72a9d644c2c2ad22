"""A new document with the defaults of its fields and of the user."""

import frappe
from frappe.dicts import _dict
from frappe.model import data_fieldtypes
from frappe.utils import cstr, now_datetime, nowdate, nowtime


def get_new_doc(doctype: str, parent_doc=None, parentfield: str | None = None, as_dict: bool = False):
    """The defaults as a dict, or a document made of them."""
    values = defaults_of(doctype, parent_doc)
    values.update(doctype=doctype, __islocal=True, owner=frappe.session.user, docstatus=0)
    if parent_doc is not None:
        values.update(parent=parent_doc.name, parenttype=parent_doc.doctype)
    if parentfield:
        values["parentfield"] = parentfield
    return values if as_dict else frappe.get_doc(values)


def defaults_of(doctype: str, parent_doc=None) -> _dict:
    """User defaults by field name, then the field's own default."""
    meta = frappe.get_meta(doctype)
    user_defaults = frappe.defaults.get_defaults()
    values = _dict()
    for df in meta.fields:
        if df.fieldtype not in data_fieldtypes:
            continue
        value = _user_default(df, user_defaults)
        if value is None and df.fieldname != meta.title_field:
            value = _field_default(df)
        if value is None and str(df.default or "").startswith(":"):
            value = _from_document(df, parent_doc)
        if df.fieldtype == "Datetime" and str(df.default or "").lower() == "now":
            value = now_datetime()
        elif df.fieldtype == "Time":
            value = nowtime()
        if value is None and df.fieldtype == "Check":  # other numbers stay empty until they are stored
            value = 0
        if value is not None:
            values[df.fieldname] = value
    return values


def _user_default(df, user_defaults: dict):
    if df.fieldtype != "Link" or df.options == "User":
        return None
    value = user_defaults.get(df.fieldname)
    value = value[0] if isinstance(value, list) and value else value
    return value if value and frappe.db.exists(df.options, value, cache=True) else None


def _field_default(df):
    if df.default:
        if df.default == "__user":
            return frappe.session.user
        if df.default == "Today":
            return nowdate()
        if df.fieldtype == "Datetime" and df.default.lower() == "now":
            return None
        if not cstr(df.default).startswith(":"):
            return frappe.utils.cast_number(df.fieldtype, df.default)
    elif df.fieldtype == "Select" and df.options and df.options not in ("[Select]", "Loading..."):
        return df.options.split("\n", 1)[0]
    return None


def _from_document(df, parent_doc):
    """`:Company` means the field of the same name on the Company that the parent, or the user's default, names."""
    doctype = df.default[1:]
    fieldname = frappe.scrub(doctype)
    name = parent_doc.get(fieldname) if parent_doc is not None else frappe.db.get_default(fieldname)
    return frappe.db.get_value(doctype, name, df.fieldname) if name else None
