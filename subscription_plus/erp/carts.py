"""Carts: a draft Quotation that bookings are put into, the order made of it, and the order's invoice."""

from __future__ import annotations

from typing import Any

import frappe
from erpnext.selling.doctype.quotation.quotation import make_sales_order
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice
from frappe import _
from frappe.model.document import Document
from frappe.utils import nowdate

from . import customers, invoices, orders
from .bills import save_and_submit


def add(customer: str, company: str, rows: list[dict[str, Any]]) -> str:
    """Put rows (item_code, qty, uom, description, sp_item_booking) into the customer's cart, made where there is
    none. The caller holds the customer's lock: two carts at once would be two."""
    name = frappe.db.get_value(
        "Quotation", {"quotation_to": "Customer", "party_name": customer, "docstatus": 0, "sp_cart": 1}
    )
    cart = frappe.get_doc("Quotation", name) if name else _new(customer, company)
    for row in rows:
        cart.append("items", row)
    # A website user's cart: what may go in is decided by the booking.
    cart.flags.ignore_permissions = True
    cart.set_missing_values()
    cart.calculate_taxes_and_totals()
    for row in cart.items:
        if not _has_price(cart, row):
            frappe.throw(
                _("{0} has no price by {1} in {2}. Add an Item Price.").format(
                    row.item_code, row.uom, cart.selling_price_list
                )
            )
    return cart.save().name


def _has_price(cart: Document, row: Document) -> bool:
    """Whether the list prices this very unit: ERPNext would take the price of another one in its place."""
    wanted = {"item_code": row.item_code, "price_list": cart.selling_price_list, "selling": 1}
    stock_uom = frappe.get_cached_value("Item", row.item_code, "stock_uom")
    units = (row.uom, "") if row.uom == stock_uom else (row.uom,)
    return bool(frappe.db.exists("Item Price", {**wanted, "uom": ("in", units)}))


def _new(customer: str, company: str) -> Document:
    cart = frappe.new_doc("Quotation")
    given = customers.details(customer)
    cart.update(
        {
            "quotation_to": "Customer",
            "party_name": customer,
            "customer_name": given.customer_name,
            "company": company,
            "currency": given.currency or customers.company_currency(company),
            "selling_price_list": customers.default_price_list(customer),
            "transaction_date": nowdate(),
            "contact_person": given.contact,
            "order_type": "Sales",
            "sp_cart": 1,
        }
    )
    return cart


def remove(quotation: str, booking: str) -> None:
    """Take a booking out of a draft cart; an empty cart goes away."""
    if frappe.db.get_value("Quotation", quotation, "docstatus") != 0:
        return
    cart = frappe.get_doc("Quotation", quotation)
    cart.flags.ignore_permissions = True
    cart.items = [row for row in cart.items if row.get("sp_item_booking") != booking]
    if cart.items:
        cart.save()
    else:
        frappe.delete_doc("Quotation", quotation, ignore_permissions=True)


def order(quotation: str) -> str:
    """Submit a cart and the order made of it; the order's name."""
    cart = frappe.get_doc("Quotation", quotation, for_update=True)
    cart.flags.ignore_permissions = True
    if cart.docstatus == 0:
        cart.submit()
    made = make_sales_order(quotation)
    made.delivery_date = nowdate()
    made.skip_delivery_note = int(not orders.has_stock_items(row.item_code for row in made.items))
    made.sp_cart = 1
    return save_and_submit(made).name


def invoice_when_paid(name: str) -> str | None:
    """The invoice of a cart's order, with what was paid on it allocated; None before all of it is paid."""
    orders.lock(name)
    order = orders.state(name)
    if not (
        order and order.live and order.fully_paid and frappe.db.get_value("Sales Order", name, "sp_cart")
    ):
        return None
    if existing := invoices.of_order(name):
        return existing
    invoice = make_sales_invoice(name, ignore_permissions=True)
    invoice.allocate_advances_automatically = 0
    invoice.only_include_allocated_payments = 1
    invoice.set_advances()
    return save_and_submit(invoice).name
