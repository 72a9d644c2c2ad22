"""Where a customer comes back to from the gateway's page."""

import frappe

no_cache = 1


def get_context(context):
    """What became of the payment, in words."""
    context.no_breadcrumbs = True
    state = frappe.form_dict.get("state")
    context.state = state if state in ("paid", "processing") else "open"
