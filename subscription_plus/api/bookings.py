"""Bookings over REST: free slots, booking, series, moving, cancelling, carts, calendar feeds."""

import datetime as dt
from typing import Any, Literal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.rate_limiter import rate_limit
from frappe.utils import cint

from subscription_plus import permissions
from subscription_plus.sp_billing import publishing
from subscription_plus.sp_billing.idempotency import once
from subscription_plus.sp_billing.transactions import billing_session, in_own_transaction, unit_of_work
from subscription_plus.sp_booking import availability, booking, carts, costs, desk_calendar, feeds

from .answers import BookingRow, CalendarEntry, Cost, Ordered, Slot
from .reading import Day, Moment, Switch, day, json_of, moment, names, number

MOST_DAYS, MOST_ITEMS = 62, 100
Payment = Literal["Credits", "Cart", "Subscription", "Free"]


@frappe.whitelist(methods=["GET"])
def slots(
    items: str | list[str], uom: str, first: Day, last: Day | None = None, places: int = 1
) -> dict[str, list[Slot]]:
    """Free slots of one unit, by item: {start, end, free}. `items`: one, or a list; at most 100 of them and 62
    days at once."""
    wanted = names(items)
    begin = day(first) or frappe.throw(_("Say the first day."))
    end = day(last) or begin
    if len(wanted) > MOST_ITEMS or (end - begin).days >= MOST_DAYS:
        frappe.throw(_("Ask for {0} items and {1} days at most.").format(MOST_ITEMS, MOST_DAYS))
    _check_visible(wanted)
    found = availability.free(wanted, uom, begin, end, max(cint(places), 1))
    return {
        item: [{"start": slot.start, "end": slot.end, "free": slot.free} for slot in free]
        for item, free in found.items()
    }


@frappe.whitelist(methods=["GET"])
def price(item: str, uom: str, units: float = 1, places: int = 1) -> list[Cost]:
    """What a booking costs in each credit type, the cheapest first: {credit_type, credits}."""
    _check_visible([item])
    place = availability.place(item)
    minutes = int(place.minutes(uom) * number(units))
    found = costs.options(place, minutes, uom, units, max(cint(places), 1))
    return [{"credit_type": cost.credit_type, "credits": cost.credits} for cost in found]


@frappe.whitelist(methods=["POST"])
@once
def book(
    item: str,
    starts_on: Moment,
    uom: str | None = None,
    units: float = 1,
    ends_on: Moment | None = None,
    places: int = 1,
    payment: Payment = "Credits",
    credit_type: str | None = None,
    customer: str | None = None,
    user: str | None = None,
    notes: str | None = None,
) -> BookingRow:
    """Book a slot: paid by Credits, Cart, Subscription, or Free (staff). 409 where the place is taken, 417 where
    credits are missing or the house's rules forbid it; nothing is left behind then."""
    more = _request(item, uom, units, ends_on, places, payment, credit_type, customer, user, notes)
    return _shown(in_own_transaction(lambda: booking.book(item, _begin(starts_on), **more)))


@frappe.whitelist(methods=["POST"])
@once
def book_series(
    item: str,
    starts_on: Moment,
    rule: str,
    uom: str | None = None,
    units: float = 1,
    ends_on: Moment | None = None,
    places: int = 1,
    payment: Payment = "Credits",
    credit_type: str | None = None,
    customer: str | None = None,
    user: str | None = None,
    notes: str | None = None,
) -> list[BookingRow]:
    """Book every occurrence of an RFC 5545 rule that ends (FREQ=WEEKLY;COUNT=10): all of them, or none."""
    more = _request(item, uom, units, ends_on, places, payment, credit_type, customer, user, notes)
    made = in_own_transaction(lambda: booking.book_series(rule, item, _begin(starts_on), **more))
    return [_shown(one) for one in made]


def _request(
    item: str,
    uom: str | None,
    units: float,
    ends_on: Moment | None,
    places: int,
    payment: str,
    credit_type: str | None,
    customer: str | None,
    user: str | None,
    notes: str | None,
) -> dict[str, Any]:
    """What is booked, for whom: a customer's user books for the own customer, as oneself."""
    _check_visible([item])
    if not (payment == "Free" and not customer and permissions.is_venue_staff()):
        customer = permissions.customer_of_caller(customer)
    if not permissions.is_venue_staff():
        user = frappe.session.user
        if not uom:
            frappe.throw(_("Say the unit."))
    return {
        "uom": uom,
        "units": number(units, 0),
        "ends_on": moment(ends_on),
        "places": max(cint(places), 1),
        "payment": payment,
        "credit_type": credit_type,
        "customer": customer,
        "user": user,
        "notes": notes,
    }


@frappe.whitelist(methods=["POST"])
@once
def move_booking(name: str, starts_on: Moment, ends_on: Moment | None = None) -> BookingRow:
    """Take another time, as long as the house's rules allow it."""
    _check_own(name)
    return _shown(in_own_transaction(lambda: booking.move(name, _begin(starts_on), moment(ends_on))))


@frappe.whitelist(methods=["POST"])
@once
def cancel_booking(name: str, reason: str | None = None, give_back: Switch = 1) -> BookingRow:
    """Give the place up; in time, credits go back where they came from, and what was ordered is taken off the
    order or credited. `give_back`: 0 keeps what was paid, for the staff."""
    _check_own(name)
    return _shown(in_own_transaction(lambda: booking.cancel(name, reason, bool(cint(give_back)))))


@frappe.whitelist(methods=["POST"])
def cancel_series(name: str, reason: str | None = None, give_back: Switch = 1) -> list[BookingRow]:
    """Give up a booking and the later ones of its series: all of them, or none where one is too late."""
    _check_own(name)
    made = in_own_transaction(lambda: booking.cancel_series(name, reason, bool(cint(give_back))))
    return [_shown(one) for one in made]


@frappe.whitelist(methods=["POST"])
@once
def checkout(quotation: str) -> Ordered:
    """Order what is in a cart: the order, and the request to pay it."""
    customer = frappe.db.get_value("Quotation", {"name": quotation, "sp_cart": 1}, "party_name")
    permissions.customer_of_caller(customer or "")
    email = frappe.session.user if "@" in frappe.session.user else None

    def work() -> dict[str, Any]:
        order = carts.checkout(quotation)
        return {"sales_order": order, "payment_request": carts.request_payment(order, email)}

    with billing_session():
        return unit_of_work(work)


@frappe.whitelist(methods=["GET"])
def calendar(start: Day, end: Day, filters: str | list | dict | None = None) -> list[CalendarEntry]:
    """Bookings between two days for the desk's calendar, of which the caller may see; for the staff also the places
    that subscriptions hold, as whole days."""
    wanted = json_of(filters) or []
    if isinstance(wanted, dict):
        wanted = [[booking.DOCTYPE, field, "=", value] for field, value in wanted.items()]
    if not (isinstance(wanted, list) and all(isinstance(one, list) and len(one) == 4 for one in wanted)):
        frappe.throw(_("Give filters as an object, or as a list of [DocType, field, operator, value]."))
    first = day(start) or frappe.throw(_("Say the first day."))
    return desk_calendar.entries(first, day(end) or first, wanted)


@frappe.whitelist(methods=["GET", "POST"])
def feed_link(item: str | None = None, customer: str | None = None) -> str:
    """The address of an iCalendar feed, for a calendar program: of a customer's bookings, or (staff) of an item's.
    Who has the address can read the feed."""
    if item:
        frappe.has_permission(booking.DOCTYPE, "write", throw=True)
        return feeds.link("item", item)
    return feeds.link("customer", permissions.customer_of_caller(customer))


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(key="name", limit=60, seconds=3600)
def feed(kind: str, name: str, signature: str) -> None:
    """An iCalendar feed, by its signed address."""
    feeds.answer(kind, name, signature)


def _check_own(name: str) -> None:
    """The booking is the caller's, or the caller is staff; a booking that does not exist is nobody's."""
    customer = frappe.db.get_value(booking.DOCTYPE, name, "customer")
    if permissions.is_venue_staff():
        if not frappe.db.exists(booking.DOCTYPE, name):
            frappe.throw(_("Booking {0} does not exist.").format(name), frappe.DoesNotExistError)
        return
    permissions.customer_of_caller(customer or "")


def _check_visible(items: list[str]) -> None:
    """Customers see and book what stands on the website for them; PermissionError for anything else."""
    if permissions.is_venue_staff():
        return
    seen = {row.name for row in publishing.visible(publishing.ITEM, ["item_code"])}
    if unseen := [item for item in items if item not in seen]:
        frappe.throw(
            _("{0} cannot be booked here.").format(frappe.utils.escape_html(unseen[0])),
            frappe.PermissionError,
        )


def _begin(starts_on: str) -> dt.datetime:
    return moment(starts_on) or frappe.throw(_("Say when it begins."))


def _shown(doc: Document) -> dict[str, Any]:
    return {field: doc.get(field) for field in BookingRow.__annotations__}
