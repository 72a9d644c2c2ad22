"""A message shown as a page: what `frappe.respond_as_web_page` or an error left for it."""

import frappe

no_cache = 1


def get_context(context):
    context.title = context.title or getattr(frappe.local, "message_title", "")
    context.message = context.message or getattr(frappe.local, "message", "")
