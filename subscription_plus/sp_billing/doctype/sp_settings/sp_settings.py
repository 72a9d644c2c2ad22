"""The site's settings."""

from frappe.model.document import Document


class SPSettings(Document):
    """Data only."""
