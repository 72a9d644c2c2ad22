"""Sales Invoice: whatever becomes of an invoice, the period it bills looks at it soon."""

from frappe.model.document import Document

from subscription_plus.erp import payment_requests
from subscription_plus.sp_billing import wake
from subscription_plus.sp_booking import buying


def before_cancel(doc: Document, method: str | None = None) -> None:
    """Withdraw the app's own open request, which would keep the invoice from being cancelled."""
    payment_requests.withdraw_own("Sales Invoice", doc.name)


def changed(doc: Document, method: str | None = None) -> None:
    """Submitted or cancelled, by the app or by a person, from an order or as an amendment."""
    orders = {row.sales_order for row in doc.items if row.get("sales_order")}
    documents = [("Sales Order", order) for order in sorted(orders)] + [("Sales Invoice", doc.name)]
    for earlier in (doc.amended_from, doc.return_against):
        if earlier:
            documents.append(("Sales Invoice", earlier))
    wake.wake(documents)
    buying.invoices_changed([name for doctype, name in documents if doctype == "Sales Invoice"])


def on_trash(doc: Document, method: str | None = None) -> None:
    """A deleted draft ends its period."""
    wake.forget("Sales Invoice", doc.name)
