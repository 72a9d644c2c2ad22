"""Builders for stories about credits and bookings: rooms, credit types, customers with users, their ledgers."""

from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate, nowdate

from subscription_plus.sp_booking import availability, booking, ledger
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import BillingCase

HALF_DAY, DAY, HOUR = "SP Half-day", "Day", "Hour"
MINUTES = {HALF_DAY: 240, DAY: 480, HOUR: 60}


def ensure_units() -> None:
    """The half-day, which ERPNext does not bring."""
    if not frappe.db.exists("UOM", HALF_DAY):
        frappe.get_doc({"doctype": "UOM", "uom_name": HALF_DAY}).insert()


def make_calendar(**values: Any) -> str:
    """Open from 9 to 17 on every day, may be cancelled until an hour before, unless told."""
    hours = [
        {"weekday": day, "opens": "09:00:00", "closes": "17:00:00"}
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    ]
    defaults = {"title": masters.unique("SP Calendar"), "hours": hours, "cancel_minutes": 60}
    return frappe.get_doc({"doctype": "SP Booking Calendar", **defaults, **values}).insert().name


def make_room(places: int = 1, units: tuple[str, ...] = (HALF_DAY, DAY, HOUR), **values: Any) -> str:
    """An item that is booked by half days, days and hours."""
    ensure_units()
    calendar = values.pop("calendar", None) or make_calendar()
    return masters.make_item(
        masters.unique("SP Room"),
        sp_bookable=1,
        sp_capacity=places,
        sp_booking_calendar=calendar,
        sp_booking_units=[{"uom": unit, "minutes": MINUTES[unit]} for unit in units],
        **{"sp_published": 1, **values},
    ).name


def make_credit_type(conversions: list[tuple[str, str, int]], **values: Any) -> str:
    """A credit type: [(item, unit, credits)], sold as a ticket of its own."""
    ticket = values.pop("item", None) or masters.make_item(masters.unique("SP Ticket")).name
    rows = [{"item": item, "uom": uom, "credits": credits} for item, uom, credits in conversions]
    return (
        frappe.get_doc(
            {
                "doctype": "SP Booking Credit Type",
                "title": masters.unique("SP Credits"),
                "item": ticket,
                "conversions": rows,
                **values,
            }
        )
        .insert()
        .name
    )


def make_tickets(room: str) -> str:
    """The documented example: half a day costs one ticket, a day two."""
    return make_credit_type([(room, HALF_DAY, 1), (room, DAY, 2)])


def make_user(customer: str) -> str:
    """A website user of a customer."""
    email = f"{frappe.generate_hash(length=12)}@example.com"
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": email,
            "first_name": "Ada",
            "send_welcome_email": 0,
            "user_type": "Website User",
        }
    )
    user.append_roles("Customer")
    user.insert(ignore_permissions=True)
    doc = frappe.get_doc("Customer", customer)
    doc.append("portal_users", {"user": email})
    doc.save()
    return email


def give(customer: str, credit_type: str, quantity: int, **values: Any) -> str:
    """Granted credits, as a person gives them."""
    doc = frappe.get_doc(
        {
            "doctype": ledger.GRANT,
            "customer": customer,
            "credit_type": credit_type,
            "quantity": quantity,
            "valid_from": getdate(nowdate()),
            **values,
        }
    )
    return doc.insert().name


def book(room: str, start: str, uom: str = HALF_DAY, **values: Any) -> Document:
    """A booking as the API makes it, in the caller's transaction."""
    return booking.book(room, get_datetime(start), uom=uom, **values)


def movements(customer: str, credit_type: str | None = None) -> list[tuple[str, int]]:
    """(kind, credits) in the ledger, oldest first."""
    filters = {"customer": customer, **({"credit_type": credit_type} if credit_type else {})}
    rows = frappe.get_all(
        ledger.ENTRY, filters=filters, fields=["kind", "credits"], order_by="at, creation, name"
    )
    return [(row.kind, row.credits) for row in rows]


def balance(customer: str, credit_type: str) -> int:
    """The ledger's sum, which the grants' balances must be."""
    total = sum(credits for _kind, credits in movements(customer, credit_type))
    grants = frappe.get_all(
        ledger.GRANT, filters={"customer": customer, "credit_type": credit_type}, pluck="balance"
    )
    assert sum(grants) == total, (grants, total)
    assert all(left >= 0 for left in grants), grants
    return total


class BookingCase(BillingCase):
    """Stories about bookings, in a time zone whose clock changes."""

    def setUp(self) -> None:
        super().setUp()
        patch = mock.patch.object(availability, "zone", return_value=ZoneInfo("Europe/Paris"))
        patch.start()
        self.addCleanup(patch.stop)
        ensure_units()
        self.customer = masters.make_customer().name

    def as_user(self, user: str) -> None:
        """Go on as this user until the test ends."""
        frappe.set_user(user)
        self.addCleanup(frappe.set_user, "Administrator")
