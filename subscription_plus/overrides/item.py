"""Item: one that can be booked says how many places and which units it has, and has a page of its own."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from subscription_plus.sp_billing import publishing


def before_validate(doc: Document, method: str | None = None) -> None:
    """Refuse a bookable item that nobody could book; let ERPNext sell it by the units it is booked in."""
    publishing.prepare(doc)
    if not doc.get("sp_bookable"):
        return
    if cint(doc.sp_capacity) < 1:
        frappe.throw(_("A bookable item has 1 place or more."))
    units = [row.uom for row in doc.sp_booking_units]
    for row in doc.sp_booking_units:
        if cint(row.minutes) < 1:
            frappe.throw(_("Booking unit {0}: say how many minutes it is.").format(row.uom))
        if units.count(row.uom) > 1:
            frappe.throw(_("Booking unit {0} is there twice.").format(row.uom))
    known = {row.uom for row in doc.uoms} | {doc.stock_uom}
    for uom in units:
        if uom not in known:
            # Without it ERPNext takes no price and no order by this unit. A place is not stocked: nothing to convert.
            doc.append("uoms", {"uom": uom, "conversion_factor": 1})
