"""The booking page: what is free by day, week or month, what it costs the visitor, and the forms that book."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, get_fullname, getdate, nowdate

from subscription_plus.engine import credits as engine_credits
from subscription_plus.engine.slots import Slot
from subscription_plus.erp import customers
from subscription_plus.sp_billing import publishing, settings
from subscription_plus.sp_billing.transactions import billing_session, in_own_transaction, unit_of_work
from subscription_plus.sp_booking import availability, booking, carts, costs, ledger, rules
from subscription_plus.sp_payments import accounts, pages
from subscription_plus.sp_payments.gateways.base import GatewayError, GatewayUnavailable

from . import caller, flash, words
from .forms import form

DAY, WEEK, MONTH = "day", "week", "month"
ONE_DAY = dt.timedelta(days=1)
NEXT_FREE, LOOK_AHEAD = 5, dt.timedelta(days=21)
CREDITS, CART, MEMBERSHIP = "Credits", "Cart", "Subscription"
REPEATS = {"weekly": "FREQ=WEEKLY", "fortnightly": "FREQ=WEEKLY;INTERVAL=2", "daily": "FREQ=DAILY"}
BACK = "/book/{item_route}?unit={unit}&units={units}&places={places}&date={starts_on}&slot={starts_on}"


@dataclass(frozen=True)
class Asked:
    """What the address asks for: so many `units` of `unit` for `places`, around a day, maybe one slot."""

    route: str
    unit: str
    units: int
    places: int
    view: str
    day: dt.date
    slot: dt.datetime | None

    def address(self, **changes: Any) -> str:
        """The page's address with some of it changed."""
        given = {
            "unit": self.unit,
            "units": self.units,
            "places": self.places,
            "view": self.view,
            "date": self.day,
        }
        return f"/book/{self.route}?{urlencode({**given, **changes})}"

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """First and last day of the view; weeks begin on Monday."""
        if self.view == DAY:
            return self.day, self.day
        if self.view == MONTH:
            first = self.day.replace(day=1)
            return first, (first + dt.timedelta(days=31)).replace(day=1) - ONE_DAY
        first = self.day - dt.timedelta(days=self.day.weekday())
        return first, first + dt.timedelta(days=6)


def read(route: str, place: availability.Place, given: dict[str, Any]) -> Asked:
    """The address's arguments; what makes no sense is read as the usual."""
    unit = given.get("unit") if given.get("unit") in place.units else next(iter(place.units), "")
    slot = _moment(given.get("slot"))
    day = _moment(given.get("date")) or slot
    view = given.get("view") if given.get("view") in (DAY, WEEK, MONTH) else WEEK
    return Asked(
        route,
        unit,
        min(max(cint(given.get("units")), 1), 60),
        min(max(cint(given.get("places")), 1), max(place.house.places, 1)),
        view,
        day.date() if day else getdate(nowdate()),
        slot,
    )


def _moment(text: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def free(item: str, asked: Asked, first: dt.date, last: dt.date) -> list[Slot]:
    """The free slots of an item between two days."""
    if not asked.unit:
        return []
    found = availability.free([item], asked.unit, first, last, asked.places, asked.units)
    return found.get(item, [])


def by_day(asked: Asked, slots: list[Slot], cost: str) -> list[frappe._dict]:
    """A view's days with their slots: {date, label, short, today, past, slots: [{label, time, free, address}]}."""
    first, last = asked.days
    today, found = getdate(nowdate()), []
    for number in range((last - first).days + 1):
        day = first + number * ONE_DAY
        own = [slot for slot in slots if slot.start.date() == day]
        found.append(
            frappe._dict(
                date=day,
                number=day.day,
                label=words.day(day, "full"),
                short=words.day(day, "MMMEd"),
                today=day == today,
                past=day < today,
                address=asked.address(view=DAY, date=day),
                slots=[_shown(asked, slot, cost) for slot in own],
            )
        )
    return found


def _shown(asked: Asked, slot: Slot, cost: str) -> frappe._dict:
    time = f"{words.time(slot.start)}–{words.time(slot.end)}"
    if slot.end.date() != slot.start.date() and slot.end.time() != dt.time():
        time = f"{words.time(slot.start)} – {words.moment(slot.end)}"
    left = _("1 place free") if slot.free == 1 else _("{0} places free").format(slot.free)
    label = ", ".join(filter(None, (words.day(slot.start, "full"), time, left, cost)))
    address = asked.address(date=slot.start.date(), slot=slot.start.isoformat(timespec="minutes")) + "#book"
    return frappe._dict(
        time=time, left=left, label=label, address=address, day=words.day(slot.start, "MMMEd")
    )


def next_free(item: str, asked: Asked) -> list[frappe._dict]:
    """The free slots next to the one asked for, nearest first."""
    assert asked.slot
    begin = max(asked.slot.date(), getdate(nowdate()))
    slots = free(item, asked, begin, begin + LOOK_AHEAD)
    slots.sort(key=lambda slot: abs(slot.start - asked.slot))
    return [_shown(asked, slot, "") for slot in sorted(slots[:NEXT_FREE], key=lambda slot: slot.start)]


def ways(
    item: str,
    asked: Asked,
    slot: Slot,
    place: availability.Place,
    unit: Any,
    currency: str,
    tax: str,
    customer: str | None,
) -> list[frappe._dict]:
    """How a booking can be paid: [{value, label, help, enough, missing, credit_type, for_sale}]. `unit`: the item's
    offer of it; `tax`: what its price says about taxes."""
    found = []
    if customer and rules.membership(customer, item, slot.start.date(), _last_day(slot)):
        found.append(frappe._dict(value=MEMBERSHIP, label=_("With my membership"), help="", enough=True))
    minutes = place.minutes(asked.unit) * asked.units
    for cost in costs.options(place, minutes, asked.unit, asked.units, asked.places):
        left = balance(customer, cost.credit_type) if customer else 0
        found.append(
            frappe._dict(
                value=f"{CREDITS}:{cost.credit_type}",
                label=f"{words.number(cost.credits)} {cost.credit_type}",
                help=_("You have {0}.").format(words.number(left)),
                enough=left >= cost.credits,
                missing=max(cost.credits - left, 0),
                credit_type=cost.credit_type,
                for_sale=bool(frappe.get_cached_value("SP Booking Credit Type", cost.credit_type, "item")),
            )
        )
    if unit and unit.rate is not None:
        price = words.money(unit.rate * asked.units * asked.places, currency)
        help_text = _("It goes into your cart; the place is kept while you pay.")
        label = _("Pay {0}, {1}").format(price, tax) if tax else _("Pay {0}").format(price)
        found.append(frappe._dict(value=CART, label=label, help=help_text, enough=True))
    return found


def _last_day(slot: Slot) -> dt.date:
    """The last day a slot touches: one that ends at midnight does not touch the day after."""
    return (slot.end - dt.timedelta(microseconds=1)).date()


def balances(offered: Any, customer: str) -> list[str]:
    """What the caller has of the credits that an item takes."""
    types = dict.fromkeys(cost.credit_type for unit in offered.units for cost in unit.credits)
    return [f"{words.number(balance(customer, name))} {name}" for name in types]


def balance(customer: str, credit_type: str) -> int:
    """What the caller can use of a credit type today."""
    rows = ledger.as_engine(ledger.grants_of(customer, credit_type))
    return engine_credits.available(rows, getdate(nowdate()), frappe.session.user)


def cost_in_short(asked: Asked, unit: Any, currency: str) -> str:
    """What a slot costs, for its label: the credits, else the price."""
    if unit and unit.credits:
        cost = unit.credits[0]
        return f"{words.number(cost.credits * asked.units * asked.places)} {cost.credit_type}"
    if unit and unit.rate is not None:
        return words.money(unit.rate * asked.units * asked.places, currency)
    return ""


def new_token() -> str:
    """A text that makes a form's booking happen once."""
    return secrets.token_urlsafe(18)


@frappe.whitelist(methods=["POST"])
@form(BACK)
def book(
    item_route: str,
    unit: str,
    starts_on: str,
    token: str,
    units: str = "1",
    places: str = "1",
    way: str = "",
    customer: str = "",
    repeat: str = "",
    times: str = "1",
    notes: str = "",
) -> str:
    """Book a slot, or a series of them; on to the bookings, or to the cart. Sent twice it books once."""
    item = publishing.find(publishing.ITEM, item_route)
    if frappe.session.user == "Guest":
        frappe.throw(_("Please log in."), frappe.PermissionError)
    payment, _colon, credit_type = way.partition(":")
    if payment not in (CREDITS, CART, MEMBERSHIP):
        frappe.throw(_("Choose how you would like to pay."))
    who = _customer(customer)
    key = hashlib.sha256(f"{who}|{token}".encode()).hexdigest()[:40]
    start = _moment(starts_on)
    if start is None:
        frappe.throw(_("Choose a time."))
    wanted = {
        "uom": unit,
        "units": max(cint(units), 1),
        "places": max(cint(places), 1),
        "payment": payment,
        "credit_type": credit_type or None,
        "customer": who,
        "user": frappe.session.user,
        "notes": notes.strip() or None,
    }
    made = in_own_transaction(lambda: book_once(item.name, start, key, wanted, repeat, cint(times)))
    if payment == CART:
        return "/book/cart"
    flash.say(_said(item, made))
    return "/account/bookings"


def book_once(
    item: str, start: dt.datetime, key: str, wanted: dict[str, Any], repeat: str = "", times: int = 1
) -> list[Document]:
    """Book, or answer what was booked with this key. Inside a transaction of its own."""
    if known := frappe.db.get_value(booking.DOCTYPE, {"request_token": key}):
        return [frappe.get_doc(booking.DOCTYPE, known)]
    try:
        if repeat in REPEATS and times > 1:
            made = booking.book_series(f"{REPEATS[repeat]};COUNT={times}", item, start, **wanted)
        else:
            made = [booking.book(item, start, **wanted)]
        made[0].db_set("request_token", key, update_modified=False)
        return made
    except Exception:
        # The same form, sent twice at once: the other one has booked, and left no place for this one.
        frappe.db.rollback()
        known = frappe.db.get_value(booking.DOCTYPE, {"request_token": key})
        if not known:
            raise
        frappe.clear_messages()
        return [frappe.get_doc(booking.DOCTYPE, known)]


def _said(item: Document, made: list[Document]) -> str:
    first = words.span(made[0].starts_on, made[0].ends_on)
    if len(made) > 1:
        return _("Booked: {0}, {1} times from {2} on.").format(item.item_name, len(made), first)
    said = _("Booked: {0}, {1}.").format(item.item_name, first)
    if cint(made[0].credits):
        used = f"{words.number(made[0].credits)} {made[0].credit_type}"
        said += " " + _("It cost {0}.").format(used)
    return said


def _customer(wanted: str) -> str:
    """For whom the caller books: the only customer, the named one, or a new one for who has none."""
    own = caller.customers()
    if not own:
        user = frappe.session.user
        group, price_list = settings.get("website_customer_group"), settings.get("website_price_list")
        return customers.create_for_user(user, get_fullname(user), group, price_list)
    if wanted and wanted not in own:
        frappe.throw(_("You are not a user of this customer."), frappe.PermissionError)
    return wanted or own[0]


def cart(customer: str | None) -> frappe._dict | None:
    """What is in a customer's cart, None where it is empty: {name, total, taxes, currency, rows, until}."""
    name = customer and frappe.db.get_value(
        "Quotation", {"quotation_to": "Customer", "party_name": customer, "docstatus": 0, "sp_cart": 1}
    )
    if not name:
        return None
    doc = frappe.get_doc("Quotation", name)
    held = {
        row.name: row
        for row in frappe.get_all(
            booking.DOCTYPE,
            filters={"quotation": name, "status": booking.IN_CART},
            fields=["name", "item_name", "starts_on", "ends_on", "places", "expires_at"],
        )
    }
    rows = [
        frappe._dict(
            held.get(row.sp_item_booking) or {"item_name": row.item_name},
            amount=words.money(row.amount, doc.currency),
            qty=row.qty,
            when=words.span(*(held[row.sp_item_booking][field] for field in ("starts_on", "ends_on")))
            if row.sp_item_booking in held
            else "",
        )
        for row in doc.items
    ]
    until = min((row.expires_at for row in held.values() if row.expires_at), default=None)
    return frappe._dict(
        name=name,
        rows=rows,
        until=words.time(until) if until else "",
        taxes=[(row.description, words.money(row.tax_amount, doc.currency)) for row in doc.taxes],
        total=words.money(flt(doc.rounded_total) or doc.grand_total, doc.currency),
    )


@frappe.whitelist(methods=["POST"])
@form("/book/cart")
def remove(name: str) -> str:
    """Take a booking out of the cart."""
    doc = caller.own(booking.DOCTYPE, name)
    if doc.status == booking.IN_CART:
        in_own_transaction(lambda: booking.cancel(name))
        flash.say(_("Taken out of the cart."), "info")
    return "/book/cart"


@frappe.whitelist(methods=["POST"])
@form("/book/cart")
def order(quotation: str, method: str = "online") -> str:
    """Order what is in the cart; on to the gateway, or to what is to be transferred."""
    doc = caller.own("Quotation", quotation, "party_name")
    if not doc.sp_cart:
        raise frappe.PageDoesNotExistError(_("This is not here, or not yours."))
    if doc.docstatus != 0:
        return "/account/bookings"

    email = frappe.session.user if "@" in frappe.session.user else None

    def work() -> tuple[str, str | None]:
        made = carts.checkout(quotation)
        return made, carts.request_payment(made, email)

    with billing_session():
        placed, request = unit_of_work(work)
    if request and method != "transfer" and accounts.of_company(doc.company):
        try:
            return pages.open_for_request(request, True)
        except (GatewayError, GatewayUnavailable):
            flash.say(
                _("Our payment provider cannot be reached. You can pay later, in your account."), "warning"
            )
    return f"/book/cart?{urlencode({'ordered': placed})}"


def ordered(name: str) -> frappe._dict:
    """What is to be transferred for an order of the caller's."""
    doc = caller.own("Sales Order", name)
    return frappe._dict(
        reference=doc.name,
        amount=words.money(flt(doc.rounded_total) or doc.grand_total, doc.currency),
        instructions=settings.get("transfer_instructions") or "",
    )


def methods(company: str) -> list[tuple[str, str, str]]:
    """How a cart can be paid: (value, label, help)."""
    found = []
    if accounts.of_company(company):
        found.append(("online", _("Card or direct debit"), _("You enter it on our payment provider's page.")))
    if settings.get("accept_transfers") or not found:
        found.append(("transfer", _("Bank transfer"), _("Your booking is confirmed when the money is here.")))
    return found
