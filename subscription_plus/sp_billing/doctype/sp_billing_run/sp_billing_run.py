"""The log of one hourly run."""

from frappe.model.document import Document


class SPBillingRun(Document):
    """Data only."""
