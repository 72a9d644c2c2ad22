"""Bookings that are paid by cart: quotation, order, invoice; places in carts are kept for a while only."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_datetime, now_datetime

from subscription_plus.erp import carts as erp_carts
from subscription_plus.erp import customers, orders, payment_requests
from subscription_plus.sp_billing import settings, subscribing
from subscription_plus.sp_billing.transactions import billing_session, unit_of_work

DOCTYPE = "SP Item Booking"


def add(doc: Document) -> str:
    """Put a booking into its customer's cart; the quotation."""
    if not doc.uom:
        frappe.throw(_("Say the unit: it is what has a price."))
    customers.lock(doc.customer)
    row = {
        "item_code": doc.item,
        "qty": doc.units * doc.places,
        "uom": doc.uom,
        "description": _("{0}, {1} to {2}").format(
            doc.item_name, format_datetime(doc.starts_on, "short"), format_datetime(doc.ends_on, "short")
        ),
        "sp_item_booking": doc.name,
    }
    return erp_carts.add(doc.customer, seller(), [row], subscribing.website_price_list(doc.customer))


def buy(customer: str, item: str, qty: float, uom: str | None = None) -> str:
    """Order tickets: a submitted order that grants its credits as the settings say."""
    customers.lock(customer)
    row, price_list = {"item_code": item, "qty": qty, "uom": uom}, subscribing.website_price_list(customer)
    quotation = erp_carts.add(customer, seller(), [row], price_list)
    return checkout(quotation)


def seller() -> str:
    """The company in whose name carts are made."""
    company = (
        settings.get("website_company")
        or frappe.defaults.get_user_default("Company")
        or frappe.db.get_single_value("Global Defaults", "default_company")
    )
    if not company:
        frappe.throw(_("Set a default company in the Global Defaults: carts are made in its name."))
    return company


def remove(doc: Document) -> None:
    """Take a booking out of its cart; an empty cart goes away, so nothing may point at it any more."""
    if doc.quotation:
        quotation, doc.quotation = doc.quotation, None
        frappe.db.set_value(DOCTYPE, doc.name, "quotation", None)
        erp_carts.remove(quotation, doc.name)


def checkout(quotation: str) -> str:
    """Order what is in a cart; its bookings are tentative until paid, or confirmed at once by the settings."""
    return erp_carts.order(quotation)


def request_payment(order: str, email: str | None) -> str | None:
    """The open request to pay an order; None where nothing is to be paid."""
    state = orders.state(order)
    return payment_requests.request("Sales Order", order, email=email) if state and state.total > 0 else None


def ordered(order: Document) -> None:
    """After an order was submitted: its bookings are no carts any more."""
    names = _bookings(order)
    if names:
        status = "Tentative" if settings.get("confirm_after_payment") else "Confirmed"
        values = {"status": status, "sales_order": order.name, "expires_at": None}
        frappe.db.set_value(DOCTYPE, {"name": ("in", names), "status": "In Cart"}, values)


def order_cancelled(order: Document) -> None:
    """After an order was cancelled: its places are free again."""
    names = _bookings(order)
    if names:
        values = {
            "status": "Cancelled",
            "cancelled_at": now_datetime(),
            "cancellation_reason": _("Order {0} was cancelled").format(order.name),
        }
        frappe.db.set_value(DOCTYPE, {"name": ("in", names), "sales_order": order.name}, values)


def _bookings(order: Document) -> list[str]:
    return [row.sp_item_booking for row in order.items if row.get("sp_item_booking")]


def look_at(names: list[str]) -> None:
    """The job after money came for orders: invoice carts that are paid, confirm their bookings."""
    with billing_session():
        for name in names:
            unit_of_work(lambda name=name: _finish(name))


def _finish(order: str) -> None:
    if erp_carts.invoice_when_paid(order):
        frappe.db.set_value(DOCTYPE, {"sales_order": order, "status": "Tentative"}, "status", "Confirmed")
