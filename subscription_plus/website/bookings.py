"""Bookings as their customers see them: what comes, what was, how long they can be changed, and to when."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate, now_datetime

from subscription_plus.engine.slots import Slot
from subscription_plus.sp_booking import availability, booking

from . import status

FIELDS = [
    "name",
    "item",
    "item_name",
    "customer",
    "starts_on",
    "ends_on",
    "uom",
    "units",
    "places",
    "status",
    "payment",
    "credits",
    "credit_type",
]
DAYS_SHOWN = 7


def of_customers(customers: list[str], coming: bool, start: int = 0, limit: int = 50) -> list[frappe._dict]:
    """Bookings to come (cancelled ones left out), or past ones newest first; with `state` and `until`: how long
    they can be changed, None where not any more."""
    if not customers:
        return []
    now = now_datetime()
    when = [["ends_on", ">=" if coming else "<", now]]
    rows = frappe.get_all(
        booking.DOCTYPE,
        filters=[
            ["customer", "in", customers],
            *when,
            *([["status", "!=", "Cancelled"]] if coming else []),
        ],
        fields=FIELDS,
        order_by="starts_on" if coming else "starts_on desc",
        limit_start=start,
        limit_page_length=limit,
    )
    minutes = availability.cancel_minutes_of({row.item for row in rows}) if coming else {}
    for row in rows:
        row.state = status.booking(row)
        row.until = changeable_until(row, minutes[row.item]) if coming else None
    return rows


def changeable_until(row: frappe._dict | Document, minutes: int) -> dt.datetime | None:
    """Until when a booking can be moved or cancelled by its customer, so many minutes before it begins; None where
    it cannot any more."""
    if row.status == "Cancelled":
        return None
    until = get_datetime(row.starts_on) - dt.timedelta(minutes=minutes)
    return until if until >= now_datetime() else None


def slots(doc: Document, first: dt.date) -> dict[dt.date, list[Slot]]:
    """The free times a booking could take in the week from a day on: by day, of its own length."""
    today = getdate(now_datetime())
    first = max(first, today)
    found = availability.free_instead(doc.name, first, first + dt.timedelta(days=DAYS_SHOWN - 1))
    by_day: dict[dt.date, list[Slot]] = {}
    for slot in found:
        by_day.setdefault(slot.start.date(), []).append(slot)
    return by_day
