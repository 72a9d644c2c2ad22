"""Contract: signed or taken back, the subscriptions that stand on it look at it soon."""

from frappe.model.document import Document

from subscription_plus.sp_billing import contracts, wake


def changed(doc: Document, method: str | None = None) -> None:
    """Submitted, signed or cancelled."""
    wake.wake_subscriptions(contracts.subscriptions_of(doc.name))
