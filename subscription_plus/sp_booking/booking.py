"""Bookings: a place is taken, paid for, moved, given up; the house's rules and the places there are decide.

All of it happens under the lock of the item's row, looking again before writing: two that want the last
place at once are one booking and one clear refusal. What fails leaves nothing behind: the caller's
transaction is rolled back.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, format_datetime, get_datetime, now_datetime

from subscription_plus import permissions
from subscription_plus.engine import slots
from subscription_plus.engine.slots import Span
from subscription_plus.sp_billing import settings

from . import availability, carts, costs, giving_back, rules, using
from .errors import NotFree, TooLate

DOCTYPE = "SP Item Booking"
IN_CART, TENTATIVE, CONFIRMED, CANCELLED = "In Cart", "Tentative", "Confirmed", "Cancelled"
LONGEST_SERIES = 100


def book(
    item: str, starts_on: dt.datetime, *, uom: str | None = None, units: float = 1, **values: Any
) -> Document:
    """Take a place: `units` of `uom` from a moment on, or until `ends_on`. `values`: further fields of SP Item
    Booking (customer, user, payment, credit_type, places, ends_on, notes, series).

    NotFree, NotEnoughCredits and other ValidationErrors say why not; the caller then rolls back.
    """
    if not values.get("ends_on"):
        values["ends_on"] = end_by_unit(item, starts_on, uom, units)
    doc = frappe.get_doc({"doctype": DOCTYPE, "item": item, "starts_on": starts_on, "uom": uom, **values})
    # The caller's right to book for this customer was checked; website users may create nothing by themselves.
    doc.flags.ignore_permissions = True
    return doc.insert()


def end_by_unit(item: str, starts_on: dt.datetime, uom: str | None, units: float = 1) -> dt.datetime:
    """When so many units from a moment on are over."""
    if not uom:
        frappe.throw(_("Say how long: a unit, or when it ends."))
    minutes = availability.place(item).minutes(uom) * flt(units)
    if minutes <= 0 or minutes != int(minutes):
        frappe.throw(_("{0} {1} is no length of time.").format(units, uom))
    return slots.end_of(starts_on, int(minutes), availability.zone())


def book_series(rule: str, item: str, starts_on: dt.datetime, **values: Any) -> list[Document]:
    """Take the place at every occurrence of an RFC 5545 rule (FREQ=WEEKLY;COUNT=10): all of them, or none."""
    try:
        moments = slots.series(rule, starts_on, LONGEST_SERIES)
    except ValueError as error:
        frappe.throw(_("The series cannot be booked: {0}").format(error))
    zone = availability.zone()
    ends_on = values.pop("ends_on", None)
    minutes = slots.minutes_between(starts_on, get_datetime(ends_on), zone) if ends_on else None
    made: list[Document] = []
    for moment in moments:
        more = {"ends_on": slots.end_of(moment, minutes, zone)} if minutes is not None else {}
        made.append(book(item, moment, **values, **more, series=made[0].name if made else None))
    return made


def prepare(doc: Document) -> None:
    """Fill a new booking, and refuse what this person may not book."""
    doc.places = cint(doc.places) or 1
    if doc.payment != "Free" and not doc.customer:
        frappe.throw(_("Say for which customer. Only the staff book without one, and without payment."))
    if doc.payment == "Free" and not may_book_freely():
        frappe.throw(_("Only the staff book without payment."), frappe.PermissionError)
    doc.status = IN_CART if doc.payment == "Cart" else CONFIRMED
    keep = cint(settings.get("cart_minutes"))
    doc.expires_at = now_datetime() + dt.timedelta(minutes=keep) if doc.payment == "Cart" and keep else None


def may_book_freely() -> bool:
    """The staff, and who has the role that the settings name."""
    role = settings.get("book_without_cart_role")
    return permissions.is_venue_staff() or bool(role and role in frappe.get_roles())


def measure(doc: Document) -> None:
    """Count a booking's units: a length that is no whole number of them is refused. A booking that keeps its
    length keeps its units, whatever became of the unit."""
    if not doc.uom or not _is_other_length(doc):
        return
    place, minutes = availability.place(doc.item), _minutes(doc)
    doc.units = minutes / place.minutes(doc.uom)
    if doc.units != int(doc.units):
        frappe.throw(_("{0} minutes are no whole number of {1}.").format(minutes, doc.uom))


def hold_place(doc: Document) -> None:
    """Refuse a booking that does not fit: under the item's lock, which the transaction keeps."""
    if not frappe.db.get_value("Item", doc.item, "name", for_update=True):
        frappe.throw(_("{0} does not exist.").format(doc.item), frappe.DoesNotExistError)
    place = availability.place(doc.item)
    wanted = Span(get_datetime(doc.starts_on), get_datetime(doc.ends_on), cint(doc.places))
    asked = place.house.occupied(wanted)
    taken = availability.taken(
        {doc.item: place}, asked.start, asked.end, leave_out=doc.name, for_update=True
    )[doc.item]
    why = slots.refusal(
        place.calendar, place.house, taken, wanted, now_datetime(), permissions.is_venue_staff()
    )
    if why:
        _refuse(why, doc, place)


def _refuse(why: slots.Refusal, doc: Document, place: availability.Place) -> None:
    when = format_datetime(doc.starts_on, "short")
    now = now_datetime()
    sentences = {
        slots.ENDS_BEFORE_IT_BEGINS: _("It ends before it begins."),
        slots.CLOCK_CHANGES: _(
            "It begins or ends in the hour in which the clock changes. Take another time."
        ),
        slots.CLOSED: _("{0} is closed at {1}. Look for a free slot.").format(doc.item, when),
        slots.TOO_SOON: _("{0} is too soon: {1} is booked from {2} on.").format(
            when, doc.item, format_datetime(place.house.earliest(now), "short")
        ),
        slots.TOO_FAR: _("{0} is too far ahead: {1} is booked at most {2} days ahead.").format(
            when, doc.item, place.house.horizon
        ),
        slots.FULL: _("{0} is taken at {1}. Choose another time or place.").format(doc.item, when),
    }
    error = NotFree if why == slots.FULL else frappe.ValidationError
    frappe.throw(sentences[why], error, title=_("Not possible"))


def pay(doc: Document) -> None:
    """Take what a booking that was just written costs; a refusal takes the booking away with it."""
    if doc.payment == "Credits":
        _pay_with_credits(doc)
    elif doc.payment == "Subscription":
        _include_in_subscription(doc)
    elif doc.payment == "Cart":
        doc.db_set("quotation", carts.add(doc), update_modified=False)


def _include_in_subscription(doc: Document) -> None:
    first = get_datetime(doc.starts_on).date()
    last = (get_datetime(doc.ends_on) - dt.timedelta(seconds=1)).date()
    subscription = rules.membership(doc.customer, doc.item, first, last)
    if not subscription:
        frappe.throw(
            _("No paid subscription of {0} includes {1}. Pay with credits or by cart.").format(
                doc.customer_name or doc.customer, doc.item
            )
        )
    doc.db_set("subscription", subscription, update_modified=False)


def _pay_with_credits(doc: Document) -> None:
    cost = costs.cheapest_affordable(doc)
    doc.db_set({"credit_type": cost.credit_type, "credits": cost.credits}, update_modified=False)
    if cost.credits:
        using.use(doc.customer, cost.credit_type, cost.credits, user=doc.user, booking=doc.name)


def settle_move(doc: Document) -> None:
    """After another time was taken: what is longer or shorter gives back what it cost and takes what it costs; a
    subscription has to include the other day too."""
    if doc.payment == "Subscription":
        _include_in_subscription(doc)
    if not _is_other_length(doc):
        return
    if doc.payment == "Credits":
        cost = costs.of(doc, doc.credit_type)
        if cost.credits != cint(doc.credits):
            using.give_back(doc.name, _("Moved"))
            doc.db_set("credits", cost.credits, update_modified=False)
            using.use(doc.customer, doc.credit_type, cost.credits, user=doc.user, booking=doc.name)
    elif doc.payment == "Cart":
        frappe.throw(
            _("It was ordered for a certain length of time and number of places. Cancel it and book anew.")
        )


def _is_other_length(doc: Document) -> bool:
    """Whether it is new, or has become longer or shorter, or takes other places."""
    before = doc.get_doc_before_save()
    return not before or (_minutes(doc), cint(doc.places)) != (_minutes(before), cint(before.places))


def _minutes(doc: Document) -> int:
    return slots.minutes_between(get_datetime(doc.starts_on), get_datetime(doc.ends_on), availability.zone())


def move(name: str, starts_on: dt.datetime, ends_on: dt.datetime | None = None) -> Document:
    """Take another time, of the same length unless told; the house's rules count for both times."""
    doc = locked(name)
    if doc.status == CANCELLED:
        frappe.throw(_("Booking {0} is cancelled. Book anew.").format(name))
    _refuse_too_late(doc)
    ends_on = ends_on or slots.end_of(starts_on, _minutes(doc), availability.zone())
    doc.starts_on, doc.ends_on = starts_on, ends_on
    doc.flags.ignore_permissions = True  # as in book
    return doc.save()


def cancel(name: str, reason: str | None = None, give_back: bool = True) -> Document:
    """Give a place up in time: credits go back where they came from, an order or invoice is corrected. Doing it
    again does nothing. The staff may do it later, and may keep what was paid (without `give_back`)."""
    doc = locked(name)
    if doc.status != CANCELLED:
        _refuse_too_late(doc)
        release(doc, reason, give_back or not permissions.is_venue_staff())
    return doc


def cancel_series(name: str, reason: str | None = None, give_back: bool = True) -> list[Document]:
    """Give up a booking and all that come after it in its series: all of them, or none where one is too late."""
    first, starts_on = frappe.db.get_value(DOCTYPE, name, ["series", "starts_on"])
    first = first or name
    later = frappe.get_all(
        DOCTYPE,
        filters={"starts_on": (">=", starts_on), "status": ("!=", CANCELLED)},
        or_filters={"series": first, "name": first},
        order_by="starts_on",
        pluck="name",
    )
    return [cancel(one, reason, give_back) for one in later]


def release(doc: Document, reason: str | None, give_back: bool = True) -> None:
    """Free the place and give back what was paid for it, whatever the hour. The caller holds the item's lock."""
    if doc.status == IN_CART:
        carts.remove(doc)
    costs_something = doc.sales_order or (doc.payment == "Credits" and doc.credits)
    doc.given_back = None
    if costs_something and not give_back:
        doc.given_back = giving_back.KEPT
    elif doc.sales_order:
        doc.given_back = giving_back.PENDING
        giving_back.soon(doc.name)
    elif costs_something:
        using.give_back(doc.name, reason)
        doc.given_back = giving_back.CREDITS
    doc.status, doc.cancelled_at, doc.cancellation_reason = CANCELLED, now_datetime(), reason
    fields = ("status", "cancelled_at", "cancellation_reason", "given_back")
    frappe.db.set_value(DOCTYPE, doc.name, {field: doc.get(field) for field in fields})


def locked(name: str) -> Document:
    """A booking as it is now, kept with its item until the transaction ends."""
    item = frappe.db.get_value(DOCTYPE, name, "item")
    if not item:
        frappe.throw(_("Booking {0} does not exist.").format(name), frappe.DoesNotExistError)
    frappe.db.get_value("Item", item, "name", for_update=True)
    return frappe.get_doc(DOCTYPE, name, for_update=True)


def free_until(doc: Document) -> dt.datetime:
    """Until when a customer may move or cancel a booking, by its calendar."""
    return get_datetime(doc.starts_on) - dt.timedelta(minutes=availability.cancel_minutes(doc.item))


def _refuse_too_late(doc: Document) -> None:
    if permissions.is_venue_staff() or doc.status == IN_CART:
        return
    until = free_until(doc)
    if now_datetime() > until:
        frappe.throw(
            _("It could be changed until {0}. Ask the staff.").format(format_datetime(until, "short")),
            TooLate,
            title=_("Too late"),
        )
