"""Settings: name and language, billing address, notices, the calendar's address."""

import frappe
from frappe import _

from subscription_plus.erp import customers as erp_customers
from subscription_plus.sp_billing import notices
from subscription_plus.sp_booking import feeds
from subscription_plus.website import caller, page, people

no_cache = 1


def get_context(context):
    """Of the caller, and of all customers the caller stands for."""
    caller.require_login()
    page.open_page(context, _("Settings"), "/account/settings")
    fields = ["first_name", "last_name", "language", "email"]
    context.person = frappe.db.get_value("User", frappe.session.user, fields, as_dict=True)
    context.languages = [("", _("As the site decides")), *people.languages()]
    customers = caller.customers()
    context.customers = [
        frappe._dict(
            name=name,
            address=erp_customers.billing_address(name) or frappe._dict(),
            wants_notices=notices.wanted(name),
            feed=feeds.link("customer", name),
        )
        for name in customers
    ]
    if customers:
        names = frappe.get_all("Country", pluck="name", order_by="name")
        context.countries = sorted(((name, _(name)) for name in names), key=lambda pair: pair[1])
        context.home = frappe.db.get_single_value("System Settings", "country") or ""
