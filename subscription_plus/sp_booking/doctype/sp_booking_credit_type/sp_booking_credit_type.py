"""A kind of credits: which ticket sells them, and what they buy."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint


class SPBookingCreditType(Document):
    """One conversion for each item and unit: half a day for 1 beside a day for 2 of the same room."""

    def validate(self):
        if cint(self.credits_per_unit) < 1:
            frappe.throw(_("A ticket brings 1 credit or more."))
        seen = set()
        for row in self.conversions:
            if (row.item, row.uom) in seen:
                frappe.throw(_("Row {0}: {1} by {2} is there twice.").format(row.idx, row.item, row.uom))
            seen.add((row.item, row.uom))
            if not frappe.db.exists(
                "SP Booking Unit", {"parent": row.item, "parenttype": "Item", "uom": row.uom}
            ):
                frappe.throw(
                    _(
                        "Row {0}: {1} is not booked by {2}. Add the unit to the item's booking units first."
                    ).format(row.idx, row.item, row.uom)
                )
