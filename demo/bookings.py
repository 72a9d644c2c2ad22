"""Rooms, desks and tickets: what can be booked, what it costs in credits, and how members use it."""

import datetime as dt
from collections import Counter

import frappe
from frappe.utils import flt, fmt_money

from subscription_plus.api import bookings as api
from subscription_plus.sp_booking import availability, checks, reporting
from subscription_plus.sp_booking.errors import NotEnoughCredits, NotFree

from .company import CURRENCY, ITEM_GROUP, ensure

ROOM, DESK = "Meeting Room", "Coworking Desk"
ROOM_HOURS, TICKETS = "Meeting Room Hours", "Half-day Tickets"
UNITS = {"Hour": 60, "Half-day": 240, "Day": 480}
TUESDAY, FRIDAY = 1, 4


def build() -> None:
    """Make the room and the desks bookable, the credit types, and the membership's ten hours a month."""
    hours = [
        {"weekday": day, "opens": "09:00:00", "closes": "17:00:00"}
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    ]
    calendar = ensure("SP Booking Calendar", "Weekdays", title="Weekdays", hours=hours, cancel_minutes=1440)
    ensure("UOM", "Hour", uom_name="Hour")
    ensure(
        "Item",
        DESK,
        item_code=DESK,
        item_name=DESK,
        item_group=ITEM_GROUP,
        stock_uom="Unit",
        is_stock_item=0,
        include_item_in_manufacturing=0,
    )
    _bookable(ROOM, 1, calendar.name)
    _bookable(DESK, 8, calendar.name)
    _bookable("Dedicated Desk", 40, calendar.name)
    _credit_type(ROOM_HOURS, None, [(ROOM, "Hour", 1), (ROOM, "Half-day", 4), (ROOM, "Day", 7)], 15)
    _credit_type(TICKETS, "Coworking Ticket", [(DESK, "Half-day", 1), (DESK, "Day", 2)], 12)
    plan = frappe.get_doc("SP Subscription Plan", "Nomad")
    plan.append("credit_rules", {"credit_type": ROOM_HOURS, "quantity": 10, "frequency": "Monthly"})
    plan.save()
    for name in ("Resident", "Team"):
        plan = frappe.get_doc("SP Subscription Plan", name)
        for line in plan.lines:
            if line.item == "Dedicated Desk":
                line.booked_item = line.item
        plan.save()


def _bookable(item: str, places: int, calendar: str) -> None:
    doc = frappe.get_doc("Item", item)
    doc.update({"sp_bookable": 1, "sp_capacity": places, "sp_booking_calendar": calendar})
    doc.set("sp_booking_units", [{"uom": uom, "minutes": minutes} for uom, minutes in UNITS.items()])
    doc.save()


def _credit_type(
    title: str, ticket: str | None, conversions: list[tuple[str, str, int]], value: float
) -> None:
    rows = [{"item": item, "uom": uom, "credits": credits} for item, uom, credits in conversions]
    ensure(
        "SP Booking Credit Type",
        title,
        title=title,
        item=ticket,
        validity_days=180 if ticket else 0,
        credit_value=value,
        conversions=rows,
    )


def happen(today: dt.date) -> None:
    """On Tuesdays members book the week after; on Fridays some give their place up."""
    if today.weekday() == TUESDAY:
        _book(ROOM, "Hour", ROOM_HOURS, 2, today + dt.timedelta(days=7))
        _book(DESK, "Day", TICKETS, 1, today + dt.timedelta(days=8))
    if today.weekday() == FRIDAY:
        coming = frappe.get_all(
            "SP Item Booking",
            filters={"status": "Confirmed", "starts_on": (">", today + dt.timedelta(days=2))},
            order_by="name",
            pluck="name",
        )
        for name in coming[::4]:
            api.cancel_booking(name, reason="Other plans")


def _book(item: str, uom: str, credit_type: str, units: int, day: dt.date) -> None:
    """Everybody who has such credits takes the first free time of a day; who comes too late gets none."""
    owners = frappe.get_all(
        "SP Booking Credit", filters={"credit_type": credit_type, "balance": (">", 0)}, pluck="customer"
    )
    for customer in sorted(set(owners)):
        free = availability.free([item], uom, day, day)[item]
        if free:
            try:
                api.book(item, str(free[0].start), uom, units=units, customer=customer)
            except (NotEnoughCredits, NotFree):
                frappe.clear_messages()  # another week, then


def lines() -> list[tuple[str, str]]:
    """(what, how much) for the end of the story."""
    entries = frappe.get_all("SP Booking Credit Entry", fields=["kind", "credits"])
    moved: Counter[str] = Counter()
    for row in entries:
        moved[row.kind] += row.credits
    owed = sum(flt(row.amount) for row in reporting.liability(frappe._dict()))
    statuses = Counter(frappe.get_all("SP Item Booking", pluck="status"))
    desk = availability.place("Dedicated Desk")
    now = frappe.utils.now_datetime()
    held = availability.taken({desk.item: desk}, now, now + dt.timedelta(minutes=1))[desk.item]
    return [
        ("Bookings", str(sum(statuses.values()))),
        *((f"  {status}", str(count)) for status, count in sorted(statuses.items())),
        ("Booking credits granted", str(moved["Grant"])),
        ("  Used", str(-moved["Use"])),
        ("  Given back", str(moved["Refund"])),
        ("  Expired", str(-moved["Expiry"])),
        ("  Outstanding", f"{sum(moved.values())}, {fmt_money(owed, currency=CURRENCY)}"),
        ("Desks held by subscriptions", f"{sum(span.places for span in held)} of {desk.house.places}"),
        ("Found by the nightly check", str(len(checks.findings()))),
    ]
