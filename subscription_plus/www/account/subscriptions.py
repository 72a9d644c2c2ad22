"""The caller's subscriptions: those that run, and below those that have ended."""

from frappe import _

from subscription_plus.website import caller, page, subscriptions

no_cache = 1


def get_context(context):
    """Running ones whole, ended ones by pages."""
    caller.require_login()
    page.open_page(context, _("Subscriptions"), "/account/subscriptions")
    customers = caller.customers()
    context.many = len(customers) > 1
    context.running = subscriptions.of_customers(customers)
    start, limit = page.paging()
    context.ended = page.cut(context, subscriptions.of_customers(customers, False, start, limit))
