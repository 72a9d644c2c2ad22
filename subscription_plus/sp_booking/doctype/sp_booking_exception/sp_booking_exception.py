"""Days with hours of their own, or closed."""

from frappe.model.document import Document


class SPBookingException(Document):
    """A row of a calendar."""
