"""Turns DocType meta into what a form draws: tabs, sections, columns, fields; and reads the form back."""

from __future__ import annotations

import re

import frappe
from frappe import _
from frappe.utils import cint, cstr, flt, get_datetime_str

BREAKS = ("Tab Break", "Section Break", "Column Break")
NOT_DRAWN = ("HTML", "Heading", "Image", "Fold", "Geolocation", "Barcode", "Signature", "Icon")
NUMBERS = ("Float", "Currency", "Percent")
ROW_KEY = re.compile(r"^(?P<table>\w+)\.(?P<row>\d+)\.(?P<field>\w+)$")


def layout(doc, *, locked: bool) -> list[dict]:
    """The form's tabs, each with sections of columns of fields; empty ones are left out."""
    meta = frappe.get_meta(doc.doctype)
    tabs: list[dict] = [{"label": _("Details"), "sections": []}]
    section = column = None

    def open_section(field=None) -> None:
        nonlocal section, column
        column = []
        section = {
            "label": _(field.label, context=meta.name) if field is not None and field.label else "",
            "depends_on": condition(field.depends_on) if field is not None else "",
            "collapsed": bool(field is not None and field.collapsible),
            "columns": [column],
        }
        tabs[-1]["sections"].append(section)

    hidden_until: str | None = None
    for field in meta.fields:
        if field.fieldtype == "Tab Break":
            label = _(field.label, context=meta.name)
            tabs.append({"label": label, "sections": [], "depends_on": condition(field.depends_on)})
            section, hidden_until = None, "Tab Break" if field.hidden else None
        elif field.fieldtype == "Section Break" and hidden_until != "Tab Break":
            hidden_until = "Section Break" if field.hidden else None
            open_section(field)
        elif hidden_until:
            continue
        elif field.fieldtype == "Column Break":
            column = []
            if section is None:
                open_section()
            section["columns"].append(column)
        elif not field.hidden and field.fieldtype not in NOT_DRAWN:
            if section is None:
                open_section()
            drawn = draw(field, doc, locked=locked)
            if drawn:
                section["columns"][-1].append(drawn)
    return [tab for tab in (_without_empty(tab) for tab in tabs) if tab["sections"]]


def draw(field, doc, *, locked: bool) -> dict | None:
    """One field as the template needs it; nothing for a locked field that is empty."""
    fixed = locked and not (doc.docstatus == 1 and field.allow_on_submit)
    read_only = bool(
        fixed
        or field.read_only
        or field.fieldtype == "Read Only"
        or (field.set_only_once and not doc.is_new())
    )
    value = doc.get(field.fieldname)
    if read_only and value in (None, "", 0, 0.0, []) and (field.fieldtype != "Select" or not value):
        return None
    drawn = {
        "fieldname": field.fieldname,
        "parent": field.parent,
        "label": _(field.label or "", context=field.parent),
        "type": field.fieldtype,
        "options": field.options or "",
        "value": value,
        "read_only": read_only,
        "reqd": bool(field.reqd),
        "description": _(field.description, context=field.parent) if field.description else "",
        "depends_on": condition(field.depends_on),
        "mandatory_depends_on": condition(field.mandatory_depends_on),
        "read_only_depends_on": condition(field.read_only_depends_on),
        "df": field,
    }
    if field.fieldtype in ("Table", "Table MultiSelect"):
        drawn.update(_table(field, doc, read_only))
    return drawn


def read_form(doc, form: dict, *, locked: bool) -> None:
    """Put what was typed into the document: only fields that the form offered."""
    meta = frappe.get_meta(doc.doctype)
    rows = _rows(form)
    for field in meta.fields:
        offered = (
            not field.hidden
            and not field.read_only
            and field.fieldtype not in (*BREAKS, *NOT_DRAWN, "Button")
        )
        if locked and not (doc.docstatus == 1 and field.allow_on_submit):
            continue
        if not offered or (field.set_only_once and not doc.is_new()):
            continue
        if field.fieldtype in ("Table", "Table MultiSelect"):
            if f"{field.fieldname}.shown" in form:
                _set_rows(doc, field, rows.get(field.fieldname, {}))
        elif field.fieldtype == "Check":
            if f"{field.fieldname}.shown" in form:
                doc.set(field.fieldname, cint(form.get(field.fieldname)))
        elif field.fieldname in form:
            doc.set(field.fieldname, typed(form[field.fieldname], field.fieldtype))


def typed(text: str, fieldtype: str):
    """A form's text as a value of the field's type; nothing typed is None."""
    text = cstr(text).strip("\r\n") if fieldtype != "Password" else cstr(text)
    if text.strip() == "":
        return None
    if fieldtype in NUMBERS:
        return flt(text)
    if fieldtype in ("Int", "Check"):
        return cint(text)
    if fieldtype == "Datetime":
        return get_datetime_str(text.replace("T", " "))
    return text


def _set_rows(doc, field, given: dict[int, dict]) -> None:
    """Keep rows that are still there (by name), change them, append new ones, drop the others."""
    child = frappe.get_meta(field.options)
    existing = {row.name: row for row in doc.get(field.fieldname) if row.name}
    doc.set(field.fieldname, [])
    for _index, values in sorted(given.items()):
        known = existing.get(values.get("name"))
        if known is None and _is_empty(values, child, frappe.new_doc(field.options)):
            continue
        row = doc.append(field.fieldname, known or {})
        for child_field in child.fields:
            name = child_field.fieldname
            if child_field.fieldtype == "Check" and f"{name}__shown" in values:
                row.set(name, cint(values.get(name)))
            elif name in values:
                row.set(name, typed(values[name], child_field.fieldtype))


def _is_empty(values: dict, child, empty) -> bool:
    """Whether nothing was typed into a row that was offered empty, with its defaults."""
    typed_in = [field for field in child.fields if values.get(field.fieldname) and field.fieldtype != "Check"]
    return all(
        typed(values[field.fieldname], field.fieldtype) == empty.get(field.fieldname) for field in typed_in
    )


def _rows(form: dict) -> dict[str, dict[int, dict]]:
    found: dict[str, dict[int, dict]] = {}
    for key, value in form.items():
        if match := ROW_KEY.match(key):
            rows = found.setdefault(match["table"], {})
            rows.setdefault(int(match["row"]), {})[match["field"]] = value
    return found


def _table(field, doc, read_only: bool) -> dict:
    """The child table's columns, the other fields of its rows, and an empty row to add."""
    child = frappe.get_meta(field.options)
    usable = [
        each
        for each in child.fields
        if not each.hidden and each.fieldtype not in (*BREAKS, *NOT_DRAWN, "Button", "Table")
    ]
    columns = [each for each in usable if each.in_list_view] or usable[:4]
    empty = frappe.new_doc(field.options, parent_doc=doc, parentfield=field.fieldname)
    return {
        "columns": columns,
        "others": [
            each
            for each in usable
            if each not in columns and not (read_only and each.fieldtype == "Password")
        ],
        "rows": doc.get(field.fieldname) or ([] if read_only or not doc.is_new() else [empty]),
        "empty": empty,
        "child": field.options,
    }


def condition(text: str | None) -> str:
    """`depends_on` as the expression that the page evaluates; a bare fieldname means: it is filled."""
    if not text:
        return ""
    if text.startswith("eval:"):
        return text[5:]
    return f"doc[{text!r}]" if text.isidentifier() else ""


def _without_empty(tab: dict) -> dict:
    sections = []
    for section in tab["sections"]:
        section["columns"] = [column for column in section["columns"] if column]
        if section["columns"]:
            sections.append(section)
    return {**tab, "sections": sections}
