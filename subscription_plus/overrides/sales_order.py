"""Sales Order: a submitted order with recurring items creates subscriptions; a cancelled one ends them."""

from frappe.model.document import Document

from subscription_plus.erp import payment_requests
from subscription_plus.sp_billing import origins, wake
from subscription_plus.sp_booking import carts


def on_submit(doc: Document, method: str | None = None) -> None:
    """Create subscriptions, or tell the period whose order this amends."""
    origins.create_from_order(doc)
    carts.ordered(doc)
    if doc.amended_from:
        wake.wake([("Sales Order", doc.amended_from), ("Sales Order", doc.name)])


def before_cancel(doc: Document, method: str | None = None) -> None:
    """Withdraw the app's own open request, which would keep the order from being cancelled."""
    payment_requests.withdraw_own("Sales Order", doc.name)


def on_cancel(doc: Document, method: str | None = None) -> None:
    """End what the order has created, or let its period look at what is left."""
    origins.cancel_with_order(doc)
    carts.order_cancelled(doc)
    wake.wake([("Sales Order", doc.name)])


def on_trash(doc: Document, method: str | None = None) -> None:
    """A cancelled order is deleted: its name may come again."""
    wake.forget("Sales Order", doc.name)
