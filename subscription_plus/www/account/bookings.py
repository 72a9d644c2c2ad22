"""Bookings: those to come by day, below those that were; move, cancel, and the calendar feed."""

from frappe import _

from subscription_plus.sp_booking import feeds
from subscription_plus.website import bookings, caller, page

no_cache = 1


def get_context(context):
    """Of all customers the caller stands for."""
    caller.require_login()
    page.open_page(context, _("Bookings"), "/account/bookings")
    customers = caller.customers()
    context.coming = bookings.of_customers(customers, True, limit=100)
    start, limit = page.paging()
    context.past = page.cut(context, bookings.of_customers(customers, False, start, limit))
    context.feeds = [(name, feeds.link("customer", name)) for name in customers]
