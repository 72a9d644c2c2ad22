"""Script Reports as tables, with the filters that the report's own JavaScript or record declares."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.desk.query_report import get_report_doc, run
from frappe.utils import add_months, flt, get_first_day, get_last_day, today
from markupsafe import Markup
from werkzeug.wrappers import Request, Response

from embedded.host.desk.layout import NUMBERS, typed
from embedded.host.desk.render import pending_messages, render

OBJECT = re.compile(r"\{[^{}]*\bfieldname\b[^{}]*\}", re.DOTALL)
STRING = r"""(?:__\()?\s*["'`]([^"'`]*)["'`]"""
DEFAULTS = {
    "get_today": today,
    "now_date": today,
    "month_start": lambda: get_first_day(today()),
    "month_end": lambda: get_last_day(today()),
    "add_months": lambda: add_months(today(), -12),
}


def show(request: Request, name: str) -> Response:
    """Run the report with the filters in the address; what it refuses is shown above the empty table."""
    report = get_report_doc(name)
    filters = [_valued(each, request) for each in filters_of(report)]
    values = {each["fieldname"]: each["value"] for each in filters if each["value"] not in (None, "")}
    result: dict = {"columns": [], "result": []}
    status, messages = 200, None
    try:
        result = run(name, filters=values)
    except frappe.ValidationError as error:
        frappe.db.rollback()
        status = error.http_status_code
        messages = pending_messages() or [{"text": str(error), "colour": "red"}]
    columns = [column for column in result["columns"] if not column.get("hidden")]
    return render(
        "report.html",
        status=status,
        title=_(report.name),
        report=report,
        filters=filters,
        columns=columns,
        rows=[frappe._dict(row) for row in result["result"]],
        totals=_totals(columns, result["result"]) if result.get("add_total_row") else None,
        summary=result.get("report_summary") or [],
        note=Markup(frappe.utils.sanitize_html(result.get("message") or "")),
        drill=lambda row, column: _drill(row, column, values),
        **({} if messages is None else {"messages": messages}),
    )


def _drill(row: dict, column: dict, values: dict) -> str | None:
    """Where a number leads: the same report, with the filters that the row's `drill` has for it."""
    filters = (row.get("drill") or {}).get(column["fieldname"])
    return f"?{urlencode({**values, **filters})}" if filters else None


def filters_of(report) -> list[dict]:
    """The filters of the Report record, else those listed in the report's .js file."""
    if report.get("filters"):
        return [
            {
                "fieldname": row.fieldname,
                "label": _(row.label),
                "type": row.fieldtype,
                "options": row.options or "",
                "reqd": row.mandatory,
                "default": row.default,
            }
            for row in report.filters
        ]
    folder = frappe.scrub(report.name)
    script = Path(frappe.get_module_path(report.module, "report", folder, f"{folder}.js"))
    return (
        [_from_script(found.group(0)) for found in OBJECT.finditer(script.read_text())]
        if script.exists()
        else []
    )


def _from_script(text: str) -> dict:
    def value(key: str) -> str:
        found = re.search(rf"\b{key}\s*:\s*{STRING}", text)
        return found.group(1) if found else ""

    options = value("options").replace("\\n", "\n")
    if listed := re.search(r"\boptions\s*:\s*\[(.*?)\]", text, re.DOTALL):
        options = "\n".join(re.findall(r"""["'`]([^"'`]*)["'`]""", listed.group(1)))
    default = value("default")
    if called := re.search(r"\bdefault\s*:\s*([\w.]+)\(", text):
        default = DEFAULTS.get(called.group(1).split(".")[-1], str)()
    elif number := re.search(r"\bdefault\s*:\s*(\d+)", text):
        default = number.group(1)
    return {
        "fieldname": value("fieldname"),
        "label": _(value("label") or frappe.unscrub(value("fieldname"))),
        "type": value("fieldtype") or "Data",
        "options": options,
        "reqd": bool(re.search(r"\breqd\s*:\s*(1|true)", text)),
        "default": default,
    }


def _valued(each: dict, request: Request) -> dict:
    if request.args:
        value = typed(request.args.get(each["fieldname"], ""), each["type"])
        if each["type"] == "Check":
            value = value or 0
    else:
        value = each["default"]
    return {**each, "value": value, "read_only": False}


def _totals(columns: list[dict], rows: list[dict]) -> dict:
    return {
        column["fieldname"]: sum(flt(row.get(column["fieldname"])) for row in rows)
        for column in columns
        if column.get("fieldtype") in (*NUMBERS, "Int")
    }
