"""A registration link's page: the way to pay that a subscription lacks. No login: the link is the permission."""

import frappe
from frappe import _

from subscription_plus.sp_payments import links
from subscription_plus.website import methods, page

no_cache = 1


def get_context(context):
    """The subscription that the way to pay is for; a refusal in words where the link is not valid."""
    context.refused = None
    context.token = frappe.form_dict.get("token") or ""
    try:
        context.subscription = links.registering(context.token)
    except links.LinkRefused as error:
        context.refused = str(error)
        page.open_page(context, _("This link cannot be used"))
        return
    context.paid_by = methods.paying_for(context.subscription)
    page.open_page(context, _("Register a way to pay"))
