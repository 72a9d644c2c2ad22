"""Days without billing, or a change of recurrence; written by verbs."""

from frappe.model.document import Document


class SPSubscriptionBreak(Document):
    """Data only."""
