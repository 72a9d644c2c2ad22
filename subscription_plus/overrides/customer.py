"""What happens to a Customer: one that ERPNext makes at a website user's first login is called like the user."""

import frappe
from frappe.model.document import Document


def before_insert(doc: Document, method: str | None = None) -> None:
    """ERPNext (15.99) makes a customer without a name for a user with the portal's default role Customer, and then
    cannot name the record: nobody could log in."""
    user = frappe.session.user
    if not doc.customer_name and frappe.db.get_value("User", user, "user_type") == "Website User":
        doc.customer_name = frappe.utils.get_fullname(user)
