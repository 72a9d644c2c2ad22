"""What the desk's calendar shows: bookings, and the places that subscriptions hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from frappe import _

from subscription_plus import permissions

from . import holds

DOCTYPE = "SP Item Booking"
MOST = 2000
COLOURS = {"In Cart": "#d0d0d0", "Tentative": "#f5c26b", "Confirmed": "#7cc38c"}
HELD = "#a9c7ee"


def entries(first: dt.date, last: dt.date, filters: list[Any]) -> list[dict[str, Any]]:
    """Bookings of these days that the caller may see, and for the staff what subscriptions hold of the items."""
    start = dt.datetime.combine(first, dt.time())
    end = dt.datetime.combine(last, dt.time()) + dt.timedelta(days=1)
    found = _bookings(start, end, filters)
    return found + _held(start, end, filters) if permissions.is_staff(DOCTYPE) else found


def _bookings(start: dt.datetime, end: dt.datetime, filters: list[Any]) -> list[dict[str, Any]]:
    rows = frappe.get_list(
        DOCTYPE,
        filters=[
            *filters,
            [DOCTYPE, "status", "!=", "Cancelled"],
            [DOCTYPE, "starts_on", "<", end],
            [DOCTYPE, "ends_on", ">", start],
        ],
        fields=["name", "item_name", "customer_name", "starts_on", "ends_on", "status"],
        order_by="starts_on",
        limit_page_length=MOST,
    )
    return [
        row
        | {
            "title": " · ".join(filter(None, (row.item_name, row.customer_name))),
            "color": COLOURS[row.status],
            "allDay": 0,
        }
        for row in rows
    ]


def _held(start: dt.datetime, end: dt.datetime, filters: list[Any]) -> list[dict[str, Any]]:
    """Whole days, the last one included; a click opens the subscription. Any filter but for an item hides them."""
    named = [one[3] for one in filters if one[1] == "item" and one[2] == "="]
    if len(named) < len(filters):
        return []
    wanted = {"sp_bookable": 1, **({"name": ("in", named)} if named else {})}
    items = dict(frappe.get_all("Item", filters=wanted, fields=["name", "item_name"], as_list=True))
    held = holds.holds(list(items), start, end) if items else []
    subscriptions = {hold.subscription for hold in held}
    may_read = bool(subscriptions) and frappe.has_permission("SP Subscription")
    customers = (
        dict(
            frappe.get_all(
                "SP Subscription",
                filters={"name": ("in", sorted(subscriptions))},
                fields=["name", "customer_name"],
                as_list=True,
            )
        )
        if may_read
        else {}
    )
    return [
        {
            "doctype": "SP Subscription",
            "docstatus": 1,  # the calendar lets nobody drag it
            "name": hold.subscription,
            "item_name": items[hold.item],
            "customer_name": customers.get(hold.subscription),
            "starts_on": max(hold.start, start),
            "ends_on": min(hold.end, end) - dt.timedelta(days=1),
            "status": _("Held"),
            "title": " · ".join(
                filter(None, (f"{hold.places:g} × {items[hold.item]}", customers.get(hold.subscription)))
            ),
            "color": HELD,
            "allDay": 1,
        }
        for hold in held
    ]
