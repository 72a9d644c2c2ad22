"""Carts: a draft Quotation that bookings are put into, the order made of it, and the order's invoice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from erpnext.controllers.accounts_controller import update_child_qty_rate
from erpnext.selling.doctype.quotation.quotation import make_sales_order
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice
from frappe import _
from frappe.model.document import Document
from frappe.utils import nowdate

from . import customers, invoices, orders, payment_requests
from .bills import save_and_submit


def add(customer: str, company: str, rows: list[dict[str, Any]], price_list: str | None = None) -> str:
    """Put rows (item_code, qty, uom, description, sp_item_booking) into the customer's cart, made where there is
    none. `price_list`: of a new cart. The caller holds the customer's lock: two carts at once would be two."""
    name = frappe.db.get_value(
        "Quotation", {"quotation_to": "Customer", "party_name": customer, "docstatus": 0, "sp_cart": 1}
    )
    cart = frappe.get_doc("Quotation", name) if name else _new(customer, company, price_list)
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


def _new(customer: str, company: str, price_list: str | None) -> Document:
    cart = frappe.new_doc("Quotation")
    given = customers.details(customer)
    cart.update(
        {
            "quotation_to": "Customer",
            "party_name": customer,
            "customer_name": given.customer_name,
            "company": company,
            "currency": given.currency or customers.company_currency(company),
            "selling_price_list": price_list or customers.default_price_list(customer),
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


@dataclass(frozen=True)
class OrderedRow:
    """A booking's row of an order, and the row of a submitted invoice that bills it: None where none does.
    Money before tax, in the order's currency."""

    name: str
    invoice: str | None = None
    invoice_row: str | None = None
    amount: Decimal = Decimal(0)


def ordered_row(order: str, booking: str) -> OrderedRow | None:
    """A booking's row of an order, None where somebody took it off."""
    name = frappe.db.get_value("Sales Order Item", {"parent": order, "sp_item_booking": booking})
    if not name:
        return None
    row, invoice = frappe.qb.DocType("Sales Invoice Item"), frappe.qb.DocType("Sales Invoice")
    found = (
        frappe.qb.from_(row)
        .inner_join(invoice)
        .on(invoice.name == row.parent)
        .select(invoice.name, row.name, row.amount)
        .where((row.so_detail == name) & (invoice.docstatus == 1) & (invoice.is_return == 0))
        .run()
    )
    return (
        OrderedRow(name, found[0][0], found[0][1], Decimal(str(found[0][2]))) if found else OrderedRow(name)
    )


def take_off(order: str, row: str) -> None:
    """Take a row off an order that neither bills nor delivers it; an order of nothing else is cancelled. What was
    requested for the whole is withdrawn, and the rest requested anew. The caller holds the order's lock."""
    request = payment_requests.open_for("Sales Order", order)
    email = request and frappe.db.get_value("Payment Request", request, "email_to")
    if request:
        payment_requests.withdraw(request)
    rest = [one for one in frappe.get_doc("Sales Order", order).items if one.name != row]
    if not rest:
        orders.cancel(order)
        return
    fields = ("item_code", "qty", "rate", "uom", "conversion_factor", "delivery_date")
    kept = [{"docname": one.name, **{field: one.get(field) for field in fields}} for one in rest]
    update_child_qty_rate("Sales Order", json.dumps(kept, default=str), order)
    state = orders.state(order)
    if request and state and state.total > 0:
        payment_requests.request("Sales Order", order, email=email)
