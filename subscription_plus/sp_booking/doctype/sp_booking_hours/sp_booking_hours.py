"""Opening hours on a weekday."""

from frappe.model.document import Document


class SPBookingHours(Document):
    """A row of a calendar."""
