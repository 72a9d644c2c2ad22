"""What one unit of an item costs in credits."""

from frappe.model.document import Document


class SPBookingCreditConversion(Document):
    """A row of a credit type."""
