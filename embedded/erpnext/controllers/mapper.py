"""A new document out of another: the fields both know, without those that are not to be copied."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.model.document import Document

NO_DATA = (
    "Section Break",
    "Column Break",
    "Tab Break",
    "Table",
    "Table MultiSelect",
    "Button",
    "HTML",
    "Heading",
)


def new_from(source: Document, doctype: str, ignore_permissions: bool = False) -> Document:
    """A `doctype` with the head of a submitted `source`."""
    if source.docstatus != 1:
        frappe.throw(_("Cannot map because following condition fails:") + " docstatus=1")
    target = frappe.new_doc(doctype)
    if not ignore_permissions:
        source.check_permission("read")
        target.check_permission("create")
    copy_fields(source, target)
    return target


def copy_fields(source: Document, target: Document, exclude: tuple[str, ...] = ()) -> None:
    for field in target.meta.fields:
        name = field.fieldname
        if field.fieldtype in NO_DATA or field.no_copy or name in exclude:
            continue
        theirs = source.meta.get_field(name)
        value = source.get(name)
        if value not in (None, "") and not (theirs and theirs.no_copy):
            target.set(name, value)


def copy_rows(
    source: Document,
    target: Document,
    table: str,
    finish: Callable[[Document, Document], None] | None = None,
    wanted: Callable[[Document], bool] = lambda row: True,
) -> None:
    """Adds the wanted rows of a table; `finish(source_row, target_row)` sets what is not simply copied."""
    for row in source.get(table):
        if wanted(row):
            new_row = target.append(table, {})
            copy_fields(row, new_row)
            if finish:
                finish(row, new_row)
