"""Credits: by type with what ends when, movements, and buying more."""

from frappe import _

from subscription_plus.website import caller, credits, page

no_cache = 1


def get_context(context):
    """Of all customers the caller stands for; of credits for one person, the caller's alone."""
    caller.require_login()
    page.open_page(context, _("Credits"), "/account/credits")
    customers = caller.customers()
    context.customers = customers
    context.pairs = [(name, name) for name in customers]
    context.kinds = credits.by_type(customers)
    context.for_sale = credits.for_sale() if customers else []
    start, limit = page.paging()
    context.movements = page.cut(context, credits.movements(customers, start, limit))
