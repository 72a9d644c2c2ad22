"""Prints a document as HTML: by its print format's Jinja, else as a plain list of its fields."""

import frappe
from frappe import _
from frappe.utils import escape_html


def get_print(
    doctype=None, name=None, print_format=None, doc=None, as_pdf=False, letterhead=None, **options
) -> str:
    """The print's HTML. PDF is not offered by this host."""
    if as_pdf:
        raise frappe.ValidationError("PDF is not offered by this host")
    doc = doc or frappe.get_doc(doctype, name)
    html = print_format and frappe.db.get_value("Print Format", print_format, "html")
    if html:
        return frappe.render_template(html, {"doc": doc})
    rows = "".join(
        f"<tr><th>{_(df.label)}</th><td>{escape_html(str(doc.get_formatted(df.fieldname)))}</td></tr>"
        for df in doc.meta.fields
        if not df.print_hide and not df.hidden and doc.get(df.fieldname) and df.fieldtype not in _NOT_PRINTED
    )
    return f"<h1>{_(doc.doctype)} {escape_html(doc.name)}</h1><table>{rows}</table>"


_NOT_PRINTED = (
    "Section Break",
    "Column Break",
    "Tab Break",
    "Table",
    "HTML",
    "Button",
    "Password",
    "Table MultiSelect",
)
