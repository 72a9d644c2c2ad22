"""`from frappe.query_builder.utils import DocType, Column`."""

from frappe.query_builder import Column, DocType, Table  # noqa: F401
