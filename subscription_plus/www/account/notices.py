"""The signed page behind a notice's unsubscribe link: no login, and nothing happens by only opening it."""

import frappe
from frappe import _

from subscription_plus.sp_billing import notices, signing
from subscription_plus.website import page

no_cache = 1


def get_context(context):
    """Whether the link's customer gets notices; a refusal in words where the link is not valid."""
    context.refused = ""
    context.token = frappe.form_dict.get("token") or ""
    try:
        customer = signing.read("notices", context.token)
        context.wanted = notices.wanted(customer)
        title = _("Notices")
    except signing.LinkRefused as error:
        context.refused, title = str(error), _("This link cannot be used")
    page.open_page(context, title)
