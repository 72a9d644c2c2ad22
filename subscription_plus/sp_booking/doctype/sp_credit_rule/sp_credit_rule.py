"""Credits that come with a plan or a subscription."""

from frappe.model.document import Document


class SPCreditRule(Document):
    """A row; what it grants when is in sp_booking/rules.py."""
