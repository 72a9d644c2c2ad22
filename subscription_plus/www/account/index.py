"""The account's first page: what runs, what is to be paid, credits, what is booked next."""

from frappe import _

from subscription_plus.website import bills, bookings, caller, credits, page, subscriptions

no_cache = 1


def get_context(context):
    """All of it is the caller's own."""
    caller.require_login()
    page.open_page(context, _("My account"), "/account")
    customers = caller.customers()
    context.many = len(customers) > 1
    context.running = subscriptions.of_customers(customers, limit=12)
    context.open = bills.to_pay(customers)
    context.kinds = credits.by_type(customers)
    context.coming = bookings.of_customers(customers, True, limit=3)
