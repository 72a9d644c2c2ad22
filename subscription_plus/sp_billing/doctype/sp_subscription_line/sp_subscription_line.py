"""A line of a subscription or a plan."""

from frappe.model.document import Document


class SPSubscriptionLine(Document):
    """Data only."""
