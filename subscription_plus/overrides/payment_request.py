"""Payment Request: paid through a gateway of the payments app; or deleted, and asked for anew."""

from frappe.model.document import Document

from subscription_plus.sp_billing import wake
from subscription_plus.sp_payments.bridge import on_payment_authorized

__all__ = ["on_payment_authorized", "on_trash"]


def on_trash(doc: Document, method: str | None = None) -> None:
    """A cancelled request is deleted: its name may come again."""
    wake.forget("Payment Request", doc.name)
