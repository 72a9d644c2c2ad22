"""Invoices and what is open to pay."""

from frappe import _

from subscription_plus.website import bills, caller, page

no_cache = 1


def get_context(context):
    """Of all customers the caller stands for."""
    caller.require_login()
    page.open_page(context, _("Invoices"), "/account/invoices")
    customers = caller.customers()
    context.open = bills.to_pay(customers)
    start, limit = page.paging()
    context.invoices = page.cut(context, bills.invoices(customers, start, limit))
