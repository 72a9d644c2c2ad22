"""A payment link's page: what is to be paid, and the button to the gateway. No login: the link is the permission."""

import frappe
from frappe.utils import fmt_money

from subscription_plus.sp_payments import links

no_cache = 1


def get_context(context):
    """What the link's request asks for; a refusal in words where the link is not valid."""
    context.no_breadcrumbs = True
    context.refused = None
    token = frappe.form_dict.get("token") or ""
    try:
        name = links.read("pay", token)
    except links.LinkRefused as error:
        context.refused = str(error)
        return
    request = frappe.db.get_value(
        "Payment Request",
        name,
        ["reference_name", "party_name", "grand_total", "currency", "status", "company", "docstatus"],
        as_dict=True,
    )
    if not request or request.docstatus != 1:
        context.refused = frappe._("This request was withdrawn.")
        return
    context.token = token
    context.request = request
    context.amount = fmt_money(request.grand_total, currency=request.currency)
    context.paid = request.status == "Paid"
