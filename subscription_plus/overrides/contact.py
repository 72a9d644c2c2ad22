"""Contact: who made it decides whether it ties a user to a customer, so that nobody writes another maker into it."""

from frappe.model.document import Document


def before_validate(doc: Document, method: str | None = None) -> None:
    """Keep the owner: Frappe takes a new one from any request that may write the contact."""
    before = doc.get_doc_before_save()
    if before:
        doc.owner = before.owner
