"""The cart: bookings that wait to be ordered and paid."""

import frappe
from frappe import _

from subscription_plus.sp_booking import carts
from subscription_plus.website import booking, caller, page

no_cache = 1


def get_context(context):
    """The caller's own cart, or what is to be transferred for an order just placed."""
    caller.require_login()
    page.open_page(context, _("Cart"), crumbs=[(_("Book a place"), "/book")])
    own = caller.customers()
    context.ordered = booking.ordered(frappe.form_dict.ordered) if frappe.form_dict.get("ordered") else None
    context.carts = [cart for cart in (booking.cart(name) for name in own) if cart]
    context.methods = booking.methods(carts.seller()) if context.carts else []
    context.metatags = {"robots": "noindex", "title": context.title}
