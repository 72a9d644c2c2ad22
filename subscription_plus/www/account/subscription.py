"""One subscription: how it stands, what comes next, what is in it, its documents and its history."""

import frappe
from frappe import _
from frappe.utils import nowdate

from subscription_plus.sp_payments import accounts
from subscription_plus.website import bills, caller, changing, methods, page, subscriptions

no_cache = 1


def get_context(context):
    """The caller's own alone."""
    caller.require_login()
    doc = caller.own("SP Subscription", frappe.form_dict.get("name"))
    told = subscriptions.describe(doc)
    page.open_page(
        context, told.title, "/account/subscriptions", [(_("Subscriptions"), "/account/subscriptions")]
    )
    context.update(doc=doc, told=told, lines=subscriptions.lines_today(doc), today=nowdate())
    context.changes = changing.offered(doc)
    context.coming = subscriptions.coming(doc)
    context.open = [row for row in bills.to_pay([doc.customer]) if row.subscription == doc.name]
    context.invoices = bills.invoices([doc.customer], limit=12, subscription=doc.name)
    context.history = subscriptions.history(doc.name)
    context.method = methods.paying_for(doc)
    context.takes_cards = bool(accounts.of_company(doc.company))
