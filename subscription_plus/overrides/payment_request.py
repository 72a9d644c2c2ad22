"""Payment Request: a deleted one is asked for anew, under a name of its own."""

from frappe.model.document import Document

from subscription_plus.sp_billing import wake


def on_trash(doc: Document, method: str | None = None) -> None:
    """A cancelled request is deleted: its name may come again."""
    wake.forget("Payment Request", doc.name)
