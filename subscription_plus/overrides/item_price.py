"""Item Price: subscriptions that are billed by it tell their customers before it counts."""

from frappe.model.document import Document

from subscription_plus.sp_billing import price_changes


def changed(doc: Document, method: str | None = None) -> None:
    """Made, changed or deleted."""
    if doc.selling:
        price_changes.heard(doc.item_code)
