"""`frappe.get_all` and `frappe.get_list`: rows of a DocType, the latter only those the user may read."""

import json

import frappe
from frappe import _
from frappe.database.query import Query
from frappe.permissions import has_permission, query_conditions

_DEFAULT_ORDER = "KEEP_DEFAULT_ORDERING"
_AGGREGATES = ("count(", "min(", "max(", "sum(", "avg(")


def execute(
    doctype: str,
    fields=None,
    filters=None,
    or_filters=None,
    group_by: str | None = None,
    order_by: str | None = _DEFAULT_ORDER,
    limit_start=0,
    limit_page_length=None,
    limit=None,
    start=None,
    page_length=None,
    as_list=False,
    distinct=False,
    ignore_permissions=False,
    user: str | None = None,
    pluck: str | None = None,
    update=None,
    run=True,
    debug=False,
    parent_doctype: str | None = None,
    strict=True,
    ignore_ifnull=False,
    ignore_ddl=False,
    **unknown,
):
    """Rows as dicts (tuples with `as_list`, single values with `pluck`). Raises PermissionError without read right."""
    unknown = {key: value for key, value in unknown.items() if value}
    if unknown:
        raise TypeError(f"frappe.get_list has no argument {', '.join(unknown)} on this host")
    user = user or frappe.session.user
    if not ignore_permissions:
        _check_read(doctype, user, parent_doctype)
    fields, filters = _parsed(fields), _parsed(filters)
    if isinstance(fields, dict) or (fields and isinstance(fields, list) and isinstance(fields[0], list)):
        fields, filters = filters, fields
    fields = [fields] if isinstance(fields, str) and "(" in fields else fields or [pluck or "name"]
    if isinstance(fields, str):
        fields = [field.strip() for field in fields.split(",")]
    if not ignore_permissions:
        fields = _permitted(doctype, list(fields), user, parent_doctype)
    query = Query(doctype, lenient=not ignore_ifnull)
    columns = query.columns(fields)
    conditions = [each for each in (query.where(filters), _either(query, _parsed(or_filters))) if each]
    if not ignore_permissions:
        # written by apps as finished SQL, so their percent signs are no placeholders
        written = query_conditions(doctype, user)
        conditions += [condition.replace("%", "%%") if query.params else condition for condition in written]
    order = _order(query, doctype, fields, order_by, group_by)
    group = (
        ", ".join(query.expression(each.strip().strip("`")) for each in group_by.split(","))
        if group_by
        else ""
    )
    limit = limit or page_length or limit_page_length
    statement = (
        f"SELECT {'DISTINCT ' if distinct else ''}{columns} FROM {query.source()}"
        f"{' WHERE ' + ' AND '.join(conditions) if conditions else ''}"
        f"{f' GROUP BY {group}' if group else ''}{f' ORDER BY {order}' if order else ''}"
    )
    if limit and int(limit):
        statement += f" LIMIT {int(limit)} OFFSET {int(start or limit_start or 0)}"
    rows = frappe.db.sql(
        statement,
        query.params or (),
        as_dict=not as_list,
        update=update,
        run=run,
        debug=debug,
        ignore_ddl=ignore_ddl,
    )
    return [row[pluck] for row in rows] if pluck and run else rows


def _parsed(value):
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" and value else value


def _check_read(doctype: str, user: str, parent_doctype: str | None) -> None:
    if not any(
        has_permission(doctype, right, user=user, parent_doctype=parent_doctype)
        for right in ("select", "read")
    ):
        message = _("Insufficient Permission for {0}").format(frappe.bold(_(doctype)))
        frappe.flags.error_message = message
        raise frappe.PermissionError(doctype)


def _permitted(doctype: str, fields: list, user: str, parent_doctype: str | None) -> list:
    """The fields without those above the user's permission level."""
    if user == "Administrator":
        return fields
    meta = frappe.get_meta(doctype)
    restricted = {df.fieldname for df in meta.get_high_permlevel_fields()}
    if not restricted:
        return fields
    permitted = meta.get_permitted_fieldnames(parent_doctype, user=user)
    hidden = restricted - set(permitted)
    shown = []
    for field in fields:
        if field == "*" and hidden:
            shown += permitted
        elif not any(word in hidden for word in str(field).replace("`", " ").replace(".", " ").split()):
            shown.append(field)
    return shown or ["name"]


def _either(query: Query, or_filters) -> str:
    return f"({query.where(or_filters, glue=' OR ')})" if or_filters else ""


def _order(query: Query, doctype: str, fields: list, order_by: str | None, group_by: str | None) -> str:
    if order_by and order_by != _DEFAULT_ORDER:
        return query.order_by(order_by)
    first = str(fields[0]).lower()
    if not order_by or (len(fields) == 1 and first.startswith(_AGGREGATES) and not group_by):
        return ""
    meta = frappe.get_meta(doctype)
    if meta.sort_field and "," in meta.sort_field:
        return query.order_by(meta.sort_field)
    return query.order_by(f"{meta.sort_field or 'modified'} {meta.sort_order or 'desc'}")
