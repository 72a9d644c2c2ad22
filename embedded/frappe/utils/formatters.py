"""A field's value as people read it."""

import datetime

import frappe
from frappe.utils import cint, cstr, flt, fmt_money, format_duration, format_time, formatdate
from frappe.utils.dates import format_datetime

_GUESSES = (
    (datetime.datetime, "Datetime"),
    (datetime.date, "Date"),
    (datetime.timedelta, "Time"),
    (int, "Int"),
)


def format_value(value, df=None, doc=None, currency: str | None = None, translated=False, format=None) -> str:
    """The value written as its field's type is written; without a field the value's own type decides."""
    df = frappe._dict(fieldtype=df) if isinstance(df, str) else frappe._dict(df or {})
    if not df.fieldtype:
        guess = next((name for kind, name in _GUESSES if isinstance(value, kind)), None)
        df.fieldtype = guess or ("Float" if isinstance(value, float) else "Data")
    value = "" if value is None else value
    kind = df.fieldtype
    if kind == "Date":
        return formatdate(value)
    if kind == "Datetime":
        return format_datetime(value)
    if kind == "Time":
        return format_time(value)
    if kind in ("Currency", "Float"):
        return _number(value, df, doc, currency)
    if kind == "Percent":
        return f"{flt(value, 2)}%"
    if kind == "Duration":
        return format_duration(value, bool(df.hide_days))
    if kind in ("Text", "Small Text"):
        return cstr(value).replace("\n", "<br>")
    if kind == "Markdown Editor":
        return frappe.utils.markdown(value)
    if kind == "Select":
        return frappe._(cstr(value))
    return value


def _number(value, df, doc, currency: str | None) -> str:
    from frappe.model.meta import get_field_precision

    precision = get_field_precision(df, doc)
    if df.fieldtype == "Currency":
        currency = currency or get_field_currency(df, doc) or frappe.db.get_default("currency")
    elif not df.options and not cint(cstr(value).partition(".")[2]):
        precision = 0
    return fmt_money(value, precision=precision, currency=currency)


def get_field_currency(df, doc=None) -> str | None:
    """The currency that a money field's options name: `currency`, or `Company:company:default_currency`."""
    options = df.get("options")
    if not options or doc is None:
        return None
    if ":" in options:
        doctype, link_field, fieldname = options.split(":")
        name = doc.get(link_field)
        return frappe.get_cached_value(doctype, name, fieldname) if name else None
    found = doc.get(options)
    parent = getattr(doc, "parent_doc", None)
    return found or (parent.get(options) if parent else None)
