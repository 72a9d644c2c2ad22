"""A unit that an item can be booked in."""

from frappe.model.document import Document


class SPBookingUnit(Document):
    """A row of an item: the unit and its minutes."""
