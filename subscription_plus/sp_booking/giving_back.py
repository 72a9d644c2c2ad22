"""What a cancelled booking that was ordered gives back: off the order, else a credit note, a refund, or credits.

Cancelling frees the place at once; the documents follow by a job, so that what ERPNext refuses keeps nobody's
place. What stays Pending is tried again every night, and stands in the nightly check.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from subscription_plus.erp import carts as erp_carts
from subscription_plus.erp import invoices, orders
from subscription_plus.sp_billing import settings
from subscription_plus.sp_billing.transactions import billing_session, unit_of_work

from . import availability, costs, granting

DOCTYPE = "SP Item Booking"
PENDING, OFF_THE_ORDER, CREDIT_NOTE = "Pending", "Off the Order", "Credit Note"
REFUND_BEGUN, REFUNDED, CREDITS, KEPT, BY_HAND = "Refund Begun", "Refunded", "Credits", "Kept", "By Hand"


def soon(name: str) -> None:
    """Look at a booking once the caller's transaction is committed."""
    frappe.enqueue(
        "subscription_plus.sp_booking.giving_back.look_at",
        queue="default",
        job_id=f"sp_giving_back::{name}",
        deduplicate=True,
        enqueue_after_commit=True,
        names=[name],
    )


def catch_up() -> None:
    """Look at all that is pending: a job was lost, or was refused."""
    look_at(frappe.get_all(DOCTYPE, filters={"given_back": PENDING}, pluck="name", order_by="cancelled_at"))


def look_at(names: list[str]) -> None:
    """Give back what is pending of cancelled bookings; one that fails stops no other, and stays pending."""
    with billing_session():
        for name in names:
            try:
                if unit_of_work(lambda name=name: _give_back(name)) == CREDIT_NOTE and _refunds():
                    _refund(name)
            except Exception:
                frappe.log_error(
                    title=_("Cancelled booking {0}").format(name),
                    reference_doctype=DOCTYPE,
                    reference_name=name,
                )
                frappe.db.commit()


def _refunds() -> bool:
    return settings.get("cancelled_booking") == "Credit Note and Refund"


def _give_back(name: str) -> str | None:
    """What became of it; None where it was not pending. The order's lock comes first, as when it is submitted."""
    order = frappe.db.get_value(DOCTYPE, name, "sales_order")
    orders.lock(order)
    doc = frappe.get_doc(DOCTYPE, name, for_update=True)
    if doc.given_back != PENDING:
        return None
    how, note = _of_order(doc, order)
    frappe.db.set_value(DOCTYPE, name, {"given_back": how, "credit_note": note})
    return how


def _of_order(doc: Document, order: str) -> tuple[str, str | None]:
    state, row = orders.state(order), erp_carts.ordered_row(order, doc.name)
    if not state or state.docstatus != 1 or not row:
        return OFF_THE_ORDER, None
    if not row.invoice and erp_carts.invoice_when_paid(order):
        row = erp_carts.ordered_row(order, doc.name)
    if row.invoice:
        return _of_invoice(doc, row)
    if state.closed or state.paid or invoices.of_order(order):
        text = _("Booking {0} is cancelled. Something was paid or drafted already: credit it by hand.")
        frappe.get_doc("Sales Order", order).add_comment("Comment", text.format(doc.name))
        return BY_HAND, None
    erp_carts.take_off(order, row.name)
    return OFF_THE_ORDER, None


def _of_invoice(doc: Document, row: erp_carts.OrderedRow) -> tuple[str, str | None]:
    how = settings.get("cancelled_booking") or CREDIT_NOTE
    if how == BY_HAND:
        text = _("Booking {0} is cancelled: credit it by hand.").format(doc.name)
        frappe.get_doc("Sales Invoice", row.invoice).add_comment("Comment", text)
        return BY_HAND, None
    if how == CREDITS and _grant(doc, row):
        return CREDITS, None
    remarks = _("Booking {0} was cancelled").format(doc.name)
    line = invoices.CreditLine(row.invoice_row, row.amount)
    # None: people have credited it before.
    return CREDIT_NOTE, invoices.credit(row.invoice, [line], getdate(nowdate()), remarks)


def _grant(doc: Document, row: erp_carts.OrderedRow) -> bool:
    """Credits that buy the same booking again, in the cheapest type; False where none does, or it is not paid."""
    state = invoices.state(row.invoice)
    if not state or state.outstanding > 0 or doc.item not in availability.places([doc.item]):
        return False
    found = [cost for cost in costs.of_booking(doc) if cost.credits]
    if found:
        granting.grant(
            doc.customer,
            found[0].credit_type,
            found[0].credits,
            name=f"BC-{doc.name}",
            origin="Refund",
            user=doc.user,
            unit_value=float(row.amount) / found[0].credits,
            note=_("Booking {0} was cancelled").format(doc.name),
        )
    return bool(found)


def _refund(name: str) -> None:
    """Let the gateway give back what the credit note gives back (hook `sp_refunders`): begun at most once."""
    note = frappe.db.get_value(DOCTYPE, name, "credit_note")
    refunders = frappe.get_hooks("sp_refunders")
    if not (note and refunders):
        return
    _mark(name, REFUND_BEGUN)
    _mark(name, REFUNDED if frappe.get_attr(refunders[-1])(note) else CREDIT_NOTE)


def _mark(name: str, how: str) -> None:
    frappe.db.set_value(DOCTYPE, name, "given_back", how)
    frappe.db.commit()  # what the gateway does cannot be rolled back: what is begun must be known
