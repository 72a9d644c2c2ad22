"""The account's first page: what runs, what is to be paid, what comes next."""

from frappe import _

from subscription_plus.website import caller, page

no_cache = 1


def get_context(context):
    """All of it is the caller's own."""
    caller.require_login()
    page.open_page(context, _("My account"), "/account")
    context.customers = caller.customers()
