"""A payment link's page: what is to be paid, and the button to the gateway. No login: the link is the permission."""

import frappe
from frappe import _

from subscription_plus.sp_payments import links
from subscription_plus.website import page, words

no_cache = 1


def get_context(context):
    """What the link's request asks for; a refusal in words where the link is not valid."""
    context.refused = None
    token = frappe.form_dict.get("token") or ""
    try:
        request = _request(links.read("pay", token))
    except links.LinkRefused as error:
        context.refused = str(error)
        page.open_page(context, _("This link cannot be used"))
        return
    context.token = token
    context.request = request
    context.amount = words.money(request.grand_total, request.currency)
    context.paid = request.status == "Paid"
    title = _("This is paid already") if context.paid else _("Pay {0}").format(context.amount)
    page.open_page(context, title)


def _request(name):
    """The request, while it asks for money; LinkRefused where it was withdrawn."""
    fields = ["reference_name", "party_name", "grand_total", "currency", "status", "company", "docstatus"]
    request = frappe.db.get_value("Payment Request", name, fields, as_dict=True)
    if not request or request.docstatus != 1:
        raise links.LinkRefused(_("This request was withdrawn."))
    return request
