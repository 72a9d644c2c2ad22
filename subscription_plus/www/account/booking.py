"""Moving or cancelling one booking: the rules in words, and a form."""

import datetime as dt

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from subscription_plus.sp_booking import availability, booking
from subscription_plus.website import bookings, caller, page, words

no_cache = 1


def get_context(context):
    """The caller's own booking that can still be changed; else back to the list."""
    caller.require_login()
    doc = caller.own(booking.DOCTYPE, frappe.form_dict.get("name"))
    action = frappe.form_dict.get("action")
    if action not in ("move", "cancel"):
        raise frappe.PageDoesNotExistError
    until = bookings.changeable_until(doc, availability.cancel_minutes(doc.item))
    if until is None:
        caller.go_to("/account/bookings")
    title = _("Move the booking") if action == "move" else _("Cancel the booking")
    page.open_page(context, title, "/account/bookings", [(_("Bookings"), "/account/bookings")])
    context.update(doc=doc, action=action, until=until)
    context.gives_back = doc.payment == "Credits" and doc.credits
    if action == "move":
        _offer_times(context, doc)


def _offer_times(context, doc):
    asked = frappe.form_dict.get("day")
    try:
        first = getdate(asked) if asked else max(getdate(doc.starts_on), getdate(nowdate()))
    except Exception:
        # What is no day shows the booking's own week.
        first = getdate(doc.starts_on)
    context.first = max(first or getdate(nowdate()), getdate(nowdate()))
    context.days = bookings.slots(doc, context.first)
    context.earlier = max(context.first - dt.timedelta(days=bookings.DAYS_SHOWN), getdate(nowdate()))
    context.later = context.first + dt.timedelta(days=bookings.DAYS_SHOWN)
    context.shown = _("{0} to {1}").format(
        words.day(context.first, "medium"), words.day(context.later - dt.timedelta(days=1), "medium")
    )
