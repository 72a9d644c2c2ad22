"""What can be booked: items' calendars and rules, what takes their places, and the slots that are left.

However many items, days and bookings: a handful of queries, see tests.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, get_time, getdate, now_datetime
from frappe.utils.data import get_system_timezone

from subscription_plus.engine import slots
from subscription_plus.engine.slots import Calendar, Exceptional, Hours, House, Slot, Span

from . import holds

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Place:
    """A bookable item: when it is open, by which rules, in which units ({unit: minutes})."""

    item: str
    calendar: Calendar
    house: House
    units: dict[str, int]

    def minutes(self, uom: str) -> int:
        """Minutes of one unit; a unit it is not booked in is refused with those it is."""
        if uom not in self.units:
            frappe.throw(
                _("{0} is booked by {1}, not by {2}.").format(self.item, ", ".join(self.units) or "-", uom)
            )
        return self.units[uom]


def zone() -> ZoneInfo:
    """The time zone that stored times are in."""
    return ZoneInfo(get_system_timezone())


def place(item: str) -> Place:
    """One bookable item; DoesNotExistError where it is none."""
    found = places([item]).get(item)
    if not found:
        frappe.throw(_("{0} cannot be booked.").format(item), frappe.DoesNotExistError)
    return found


def places(items: Iterable[str]) -> dict[str, Place]:
    """The bookable ones among items."""
    rows = frappe.get_all(
        "Item",
        filters={"name": ("in", list(items)), "sp_bookable": 1, "disabled": 0},
        fields=["name", "sp_capacity", "sp_booking_calendar"],
    )
    units = _children("SP Booking Unit", [row.name for row in rows], ["uom", "minutes"], "Item")
    calendars = _calendars({row.sp_booking_calendar for row in rows if row.sp_booking_calendar})
    always = (Calendar(zone()), House())
    found = {}
    for row in rows:
        calendar, house = calendars.get(row.sp_booking_calendar, always)
        house = House(
            cint(row.sp_capacity), house.before, house.after, house.notice, house.horizon, house.step
        )
        by_uom = {unit.uom: cint(unit.minutes) for unit in units[row.name]}
        found[row.name] = Place(row.name, calendar, house, by_uom)
    return found


def cancel_minutes(item: str) -> int:
    """How long before a booking of the item begins it can be cancelled or moved by its customer, in minutes."""
    return cancel_minutes_of([item])[item]


def cancel_minutes_of(items: Iterable[str]) -> dict[str, int]:
    """The same of several items, whether they can still be booked or not."""
    names = list(items)
    used = dict(_pairs("Item", names, "sp_booking_calendar"))
    minutes = dict(_pairs("SP Booking Calendar", [one for one in used.values() if one], "cancel_minutes"))
    return {name: cint(minutes.get(used.get(name))) for name in names}


def _pairs(doctype: str, names: list[str], field: str) -> list[tuple]:
    if not names:
        return []
    return frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["name", field], as_list=True)


def _calendars(names: set[str]) -> dict[str, tuple[Calendar, House]]:
    rows = frappe.get_all(
        "SP Booking Calendar",
        filters={"name": ("in", list(names))},
        fields=[
            "name",
            "holiday_list",
            "notice_minutes",
            "horizon_days",
            "buffer_before",
            "buffer_after",
            "step_minutes",
        ],
    )
    hours = _children("SP Booking Hours", names, ["weekday", "opens", "closes"])
    exceptions = _children(
        "SP Booking Exception", names, ["first_day", "last_day", "is_open", "opens", "closes"]
    )
    lists = {row.holiday_list for row in rows if row.holiday_list}
    holidays = _children("Holiday", lists, ["holiday_date"])
    return {
        row.name: (
            Calendar(
                zone(),
                tuple(
                    Hours(WEEKDAYS.index(one.weekday), _time(one.opens), _time(one.closes))
                    for one in hours[row.name]
                ),
                tuple(
                    Exceptional(
                        getdate(one.first_day),
                        getdate(one.last_day),
                        _time(one.opens) if one.is_open else None,
                        _time(one.closes) if one.is_open else None,
                    )
                    for one in exceptions[row.name]
                ),
                frozenset(getdate(one.holiday_date) for one in holidays[row.holiday_list]),
            ),
            House(
                1,
                cint(row.buffer_before),
                cint(row.buffer_after),
                cint(row.notice_minutes),
                cint(row.horizon_days),
                cint(row.step_minutes),
            ),
        )
        for row in rows
    }


def _children(
    doctype: str, parents: Iterable[str], fields: list[str], parenttype: str | None = None
) -> dict[str, list[frappe._dict]]:
    filters = {"parent": ("in", list(parents))} | ({"parenttype": parenttype} if parenttype else {})
    found = defaultdict(list)
    if filters["parent"][1]:
        for row in frappe.get_all(doctype, filters=filters, fields=["parent", *fields], order_by="idx"):
            found[row.parent].append(row)
    return found


def _time(value) -> dt.time:
    return get_time(value) if value else dt.time()


def taken(
    found: dict[str, Place],
    start: dt.datetime,
    end: dt.datetime,
    *,
    leave_out: str | None = None,
    but: str | None = None,
    for_update: bool = False,
) -> dict[str, list[Span]]:
    """What takes places of items between two moments: bookings with the minutes around them, and places that
    subscriptions hold; without the booking `leave_out` and the subscription `but`. `for_update`: as it is
    now, for who holds the items' locks."""
    around = max((one.house.before + one.house.after for one in found.values()), default=0)
    margin = dt.timedelta(minutes=around)
    booking = frappe.qb.DocType("SP Item Booking")
    query = (
        frappe.qb.from_(booking)
        .select(booking.name, booking.item, booking.starts_on, booking.ends_on, booking.places)
        .where(booking.item.isin(list(found)))
        .where(booking.ends_on > start - margin)
        .where(booking.starts_on < end + margin)
        .where(booking.status != "Cancelled")
        .where(
            (booking.status != "In Cart")
            | booking.expires_at.isnull()
            | (booking.expires_at > now_datetime())
        )
    )
    spans: dict[str, list[Span]] = defaultdict(list)
    margins = {name: one.house.margins for name, one in found.items()}
    for name, item, starts_on, ends_on, count in (query.for_update() if for_update else query).run():
        if name != leave_out:
            before, after = margins[item]
            spans[item].append(Span(get_datetime(starts_on) - before, get_datetime(ends_on) + after, count))
    for hold in holds.holds(list(found), start, end, leave_out=but, for_update=for_update):
        spans[hold.item].append(Span(hold.start, hold.end, math.ceil(hold.places)))
    return spans


def free(
    items: Iterable[str], uom: str, first: dt.date, last: dt.date, count: int = 1, units: int = 1
) -> dict[str, list[Slot]]:
    """The free slots of so many units that begin on these days, for each of the items that is booked in them: for
    `count` places, from where a slot of one unit may begin."""
    found = {name: one for name, one in places(items).items() if uom in one.units}
    if not found:
        return {}
    longest = max(one.units[uom] for one in found.values()) * units
    start = dt.datetime.combine(first, dt.time())
    end = dt.datetime.combine(last, dt.time()) + dt.timedelta(days=1, minutes=longest)
    spans, now = taken(found, start, end), now_datetime()
    return {
        name: list(
            slots.free_slots(
                one.calendar,
                replace(one.house, step=one.house.step or one.units[uom]),
                spans[name],
                one.units[uom] * units,
                first,
                last,
                now,
                count,
            )
        )
        for name, one in found.items()
    }


def free_instead(booking: str, first: dt.date, last: dt.date) -> list[Slot]:
    """The free slots that a booking could move to on these days: of its own length, its own time counted as free."""
    fields = ["item", "starts_on", "ends_on", "places"]
    row = frappe.db.get_value("SP Item Booking", booking, fields, as_dict=True)
    one = place(row.item)
    minutes = slots.minutes_between(get_datetime(row.starts_on), get_datetime(row.ends_on), one.calendar.zone)
    start = dt.datetime.combine(first, dt.time())
    end = dt.datetime.combine(last, dt.time()) + dt.timedelta(days=1, minutes=minutes)
    spans = taken({row.item: one}, start, end, leave_out=booking)[row.item]
    now, places_wanted = now_datetime(), cint(row.places) or 1
    return list(slots.free_slots(one.calendar, one.house, spans, minutes, first, last, now, places_wanted))
