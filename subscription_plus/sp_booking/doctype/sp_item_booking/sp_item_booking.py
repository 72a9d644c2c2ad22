"""A booking: checked and paid for as it is written, by whatever way it comes in."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from subscription_plus.sp_booking import booking

# What the app writes. A form that was open meanwhile, or a REST client, sends other values.
OWN = (
    "status",
    "expires_at",
    "units",
    "series",
    "credits",
    "subscription",
    "quotation",
    "sales_order",
    "cancelled_at",
    "cancellation_reason",
    "given_back",
    "credit_note",
    "request_token",
)


class SPItemBooking(Document):
    """New: takes its place and pays. Changed: another time is another place to take."""

    def before_validate(self):
        before = self.get_doc_before_save()
        for field in OWN:
            if before or not self.flags.ignore_permissions:
                self.set(field, before.get(field) if before else None)

        if not self.ends_on and self.item and self.starts_on:
            self.ends_on = booking.end_by_unit(self.item, get_datetime(self.starts_on), self.uom)

    def validate(self):
        if self.is_new():
            booking.prepare(self)
        if self.is_new() or self._moved():
            booking.hold_place(self)
            booking.measure(self)

    def after_insert(self):
        booking.pay(self)

    def on_update(self):
        if self.get_doc_before_save() and self._moved():
            booking.settle_move(self)

    def on_trash(self):
        if frappe.db.exists("SP Booking Credit Entry", {"booking": self.name}):
            frappe.throw(_("Booking {0} has used credits. Cancel it instead.").format(self.name))

    def _moved(self) -> bool:
        before = self.get_doc_before_save()
        return bool(before) and any(
            str(before.get(field)) != str(self.get(field)) for field in ("starts_on", "ends_on", "places")
        )


def on_doctype_update():
    """What a look for free places reads: an item's bookings that end after a moment."""
    frappe.db.add_index(booking.DOCTYPE, ["item", "ends_on"])
