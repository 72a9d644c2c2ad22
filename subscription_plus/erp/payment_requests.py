"""Payment Requests: one live request per document, made by ERPNext, mailed by this app."""

from __future__ import annotations

import frappe
from erpnext.accounts.doctype.payment_request.payment_request import make_payment_request

from . import invoices
from .bills import save_and_submit

OPEN = ("Requested", "Initiated", "Partially Paid", "Payment Ordered")


def request(
    doctype: str,
    name: str,
    *,
    subscription: str | None = None,
    billing_period: str | None = None,
    email: str | None = None,
    mode_of_payment: str | None = None,
) -> str:
    """The open request for what is outstanding on an order or invoice: the existing one, or a new one.

    The document's row is locked first: an order shared by two subscriptions is requested once.
    Drafts a person left are taken over, as ERPNext would hand them back without submitting them.
    """
    frappe.db.get_value(doctype, name, "name", for_update=True)
    if existing := open_for(doctype, name):
        return existing
    pr = make_payment_request(
        dt=doctype,
        dn=name,
        recipient_id=email,
        mode_of_payment=mode_of_payment,
        party_type="Customer",
        mute_email=1,
        return_doc=1,
    )
    pr.flags.mute_email = True
    pr.mode_of_payment = pr.mode_of_payment or mode_of_payment
    pr.sp_subscription, pr.sp_billing_period = subscription, billing_period
    if pr.is_new():
        return save_and_submit(pr).name
    pr.flags.ignore_permissions = True
    pr.submit()
    return pr.name


def open_for(doctype: str, name: str) -> str | None:
    """The submitted request on a document that still waits for money."""
    return frappe.db.get_value(
        "Payment Request",
        {
            "reference_doctype": doctype,
            "reference_name": name,
            "docstatus": 1,
            "status": ("in", OPEN),
            "payment_request_type": "Inward",
        },
    )


def withdraw_own(doctype: str, name: str) -> None:
    """Cancel the open request that was made for a billing period or a cart: with it ERPNext refuses to cancel
    the document. A request that a person made stays, and so does the refusal."""
    request = open_for(doctype, name)
    if request and (
        frappe.db.get_value("Payment Request", request, "sp_billing_period")
        or (doctype == "Sales Order" and frappe.db.get_value("Sales Order", name, "sp_cart"))
    ):
        withdraw(request)


def of_invoice(invoice: str) -> list[str]:
    """The submitted requests on an invoice, and on the orders it bills."""
    orders = frappe.get_all(
        "Sales Invoice Item", filters={"parent": invoice, "sales_order": ("is", "set")}, pluck="sales_order"
    )
    return frappe.get_all(
        "Payment Request",
        filters={"docstatus": 1, "reference_name": ("in", [invoice, *orders])},
        pluck="name",
    )


def invoice_of(request: str) -> str | None:
    """The invoice that a request is on, or that bills the order it is on."""
    doctype, name = frappe.db.get_value("Payment Request", request, ["reference_doctype", "reference_name"])
    return invoices.of_order(name) if doctype == "Sales Order" else name


def is_current(name: str, doctype: str, reference: str) -> bool:
    """Whether nothing new is to be requested for the document. A request on an order that was invoiced
    meanwhile is not current, nor one that stayed Paid when its payment was cancelled; one that a person
    cancelled is: that was a decision."""
    row = frappe.db.get_value(
        "Payment Request", name, ["docstatus", "status", "reference_doctype", "reference_name"], as_dict=True
    )
    return bool(
        row
        and (row.reference_doctype, row.reference_name) == (doctype, reference)
        and (row.docstatus == 2 or (row.docstatus == 1 and row.status in OPEN))
    )


def withdraw(name: str) -> bool:
    """Cancel a request that nothing was paid on. True where it was cancelled.

    A request whose status says Paid is left: ERPNext refuses to cancel it after writing docstatus 2.
    """
    status = frappe.db.get_value("Payment Request", {"name": name, "docstatus": 1}, "status")
    if status not in ("Requested", "Initiated"):
        return False
    pr = frappe.get_doc("Payment Request", name)
    pr.flags.ignore_permissions = True
    pr.cancel()
    return True
