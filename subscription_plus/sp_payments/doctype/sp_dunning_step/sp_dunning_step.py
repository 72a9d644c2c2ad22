"""A step of a dunning policy."""

from frappe.model.document import Document


class SPDunningStep(Document):
    """Data only."""
