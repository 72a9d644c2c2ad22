"""List views: columns, filters, search and pages of one DocType."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint
from werkzeug.wrappers import Request, Response

from embedded.host.desk.render import DOCSTATUS, render

PAGE = 50
LONG_TEXTS = ("Text", "Text Editor", "Long Text", "Code", "HTML Editor", "Table", "Table MultiSelect")
FILTERED = ("Link", "Select", "Check", "Date", "Data", "Dynamic Link")


def show(request: Request, doctype: str) -> Response:
    """One page of the documents that the reader may see."""
    frappe.has_permission(doctype, "read", throw=True)
    meta = frappe.get_meta(doctype)
    columns, filters = _columns(meta), _filters(meta, request)
    searched = request.args.get("q", "").strip()
    page = max(cint(request.args.get("page")), 1)
    query = {
        "filters": [[doctype, name, "=", value] for name, value in filters.items() if value != ""],
        "or_filters": [[doctype, name, "like", f"%{searched}%"] for name in _searched(meta)]
        if searched
        else None,
    }
    rows = frappe.get_list(
        doctype,
        fields=_fields(meta, columns),
        order_by=f"`tab{doctype}`.{meta.sort_field or 'modified'} {meta.sort_order or 'desc'}",
        limit_start=(page - 1) * PAGE,
        limit_page_length=PAGE + 1,
        **query,
    )
    for row in rows:
        row.doctype = doctype
    return render(
        "list.html",
        title=_(doctype),
        meta=meta,
        doctype=doctype,
        columns=columns,
        title_field=_title(meta),
        has_status=meta.has_field("status") or meta.is_submittable or meta.has_field("disabled"),
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        page=page,
        searched=searched,
        filters=[{**_filter(meta, name), "value": value} for name, value in filters.items()],
        may_create=frappe.has_permission(doctype, "create") and not meta.in_create,
    )


def _title(meta) -> str:
    return meta.title_field if meta.title_field and meta.has_field(meta.title_field) else "name"


def _columns(meta) -> list:
    """What the DocType shows in lists; the status has its own place and the title comes first."""
    left_out = {"status", _title(meta), "naming_series", "disabled"}
    chosen = [
        field
        for field in meta.fields
        if field.in_list_view
        and not field.hidden
        and field.fieldname not in left_out
        and field.fieldtype not in LONG_TEXTS
    ]
    return chosen[:6]


def _fields(meta, columns: list) -> list[str]:
    names = [
        "name",
        "docstatus",
        "creation",
        "modified",
        _title(meta),
        *(column.fieldname for column in columns),
    ]
    names += [name for name in ("status", "disabled", "currency") if meta.has_field(name)]
    names += [column.options for column in columns if column.fieldtype == "Dynamic Link"]
    return list(dict.fromkeys(names))


def _searched(meta) -> list[str]:
    named = [name.strip() for name in (meta.search_fields or "").split(",")]
    return [
        name
        for name in dict.fromkeys(["name", _title(meta), *named])
        if name == "name" or meta.has_field(name)
    ]


def _filters(meta, request: Request) -> dict[str, str]:
    """Standard filters, the status, and whatever other field a link came with."""
    names = [
        field.fieldname for field in meta.fields if field.in_standard_filter and field.fieldtype in FILTERED
    ]
    if meta.has_field("status"):
        names.append("status")
    elif meta.is_submittable:
        names.append("docstatus")
    names += [name for name in request.args if meta.has_field(name)]
    return {name: request.args.get(name, "") for name in dict.fromkeys(names)}


def _filter(meta, name: str) -> dict:
    if name == "docstatus":
        options = [("", _("Any")), *((str(value), _(label)) for value, label in DOCSTATUS.items())]
        return {"name": name, "label": _("Status"), "choices": options}
    field = meta.get_field(name)
    found = {
        "name": name,
        "label": _(field.label or name, context=meta.name),
        "type": field.fieldtype,
        "options": field.options,
    }
    if field.fieldtype == "Select":
        found["choices"] = [("", _("Any"))] + [
            (each, _(each, context=meta.name)) for each in (field.options or "").split("\n") if each
        ]
    elif field.fieldtype == "Check":
        found["choices"] = [("", _("Any")), ("1", _("Yes")), ("0", _("No"))]
    return found
