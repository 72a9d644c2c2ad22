"""After an order without a gateway: what was ordered, and what is to be done."""

import frappe
from frappe import _

from subscription_plus.website import caller, page, subscribing

no_cache = 1


def get_context(context):
    """The caller's own subscription only."""
    caller.require_login()
    page.open_page(context, _("Thank you"))
    context.order = subscribing.thanks(frappe.form_dict.get("subscription") or "")
    context.metatags = {"robots": "noindex", "title": context.title}
