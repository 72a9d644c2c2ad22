"""`frappe.desk.query_report`: runs a Script Report for those who may see it."""

import frappe
from frappe import _


@frappe.whitelist()
def run(report_name, filters=None, user=None, ignore_prepared_report=False, custom_columns=None):
    """Columns and rows of a report: rows always as dicts, columns always with a fieldname."""
    report = get_report_doc(report_name)
    filters = frappe._dict(frappe.parse_json(filters) or {})
    module = frappe.scrub(report.module)
    app = frappe.local.process.module_app()[module]
    folder = frappe.scrub(report.name)
    execute = frappe.get_attr(f"{app}.{module}.report.{folder}.{folder}.execute")
    columns, rows, message, chart, summary = (list(execute(filters)) + [None] * 5)[:5]
    columns = [column_as_dict(column) for column in columns or []]
    names = [column["fieldname"] for column in columns]
    rows = [
        dict(zip(names, row, strict=False)) if isinstance(row, list | tuple) else row for row in rows or []
    ]
    return {
        "result": rows,
        "columns": columns,
        "message": message,
        "chart": chart,
        "report_summary": summary,
        "add_total_row": report.add_total_row,
    }


def get_report_doc(report_name: str):
    """The Report, if the caller has one of its roles and the report right on its DocType."""
    report = frappe.get_doc("Report", report_name)
    if report.report_type != "Script Report":
        frappe.throw(f"The embedded host runs Script Reports alone, not {report.report_type}.")
    roles = {row.role for row in report.get("roles") or []}
    if roles and not roles & set(frappe.get_roles()):
        frappe.throw(_("You don't have access to Report: {0}").format(_(report.name)), frappe.PermissionError)
    if not frappe.has_permission(report.ref_doctype, "report"):
        frappe.throw(
            _("You don't have permission to get a report on: {0}").format(_(report.ref_doctype)),
            frappe.PermissionError,
        )
    if report.disabled:
        frappe.throw(_("Report {0} is disabled").format(_(report_name)))
    return report


def column_as_dict(column) -> dict:
    """A column given as a dict, or as Frappe's short text `Label:Type/Options:Width`."""
    if not isinstance(column, str):
        return {**column, "fieldname": column.get("fieldname") or frappe.scrub(column["label"])}
    label, _colon, rest = column.partition(":")
    fieldtype, _slash, options = rest.split(":")[0].partition("/")
    return {
        "label": label,
        "fieldname": frappe.scrub(label),
        "fieldtype": fieldtype or "Data",
        "options": options or None,
    }
