"""Forms about bookings: move and cancel one's own."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import get_datetime

from subscription_plus.sp_billing.transactions import in_own_transaction
from subscription_plus.sp_booking import booking

from . import caller, flash, words
from .forms import form


@frappe.whitelist(methods=["POST"])
@form(back="/account/bookings/{name}/move")
def move(name: str, starts_on: str = "") -> str:
    """Take another time of the same length."""
    doc = caller.own(booking.DOCTYPE, name)
    if not starts_on:
        frappe.throw(_("Choose a time."))
    moved = in_own_transaction(lambda: booking.move(doc.name, get_datetime(starts_on)))
    flash.say(_("It is moved to {0}.").format(words.span(moved.starts_on, moved.ends_on)))
    return "/account/bookings"


@frappe.whitelist(methods=["POST"])
@form(back="/account/bookings")
def cancel(name: str, reason: str | None = None) -> str:
    """Give the place up; credits go back."""
    doc = caller.own(booking.DOCTYPE, name)
    cancelled = in_own_transaction(lambda: booking.cancel(doc.name, reason or None))
    text = _("{0} is cancelled.").format(words.span(cancelled.starts_on, cancelled.ends_on))
    if cancelled.payment == "Credits" and cancelled.credits:
        text += " " + _("Credits given back: {0}.").format(words.number(cancelled.credits))
    flash.say(text)
    return "/account/bookings"
