"""Sales Orders: made for a period, and read for what has been paid on them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.utils import cint

from . import amounts
from .bills import Bill, save_and_submit


@dataclass(frozen=True)
class OrderState:
    """A Sales Order as it stands. Money in the order's currency; `paid` is the advance booked on it."""

    name: str
    docstatus: int
    total: Decimal
    paid: Decimal
    closed: bool

    @property
    def live(self) -> bool:
        return self.docstatus == 1 and not self.closed

    @property
    def fully_paid(self) -> bool:
        return self.total > 0 and self.paid >= self.total


def make(bill: Bill) -> str:
    """Make and submit the order of a period; services need no delivery note, so it can become Completed."""
    order = frappe.new_doc("Sales Order")
    bill.write_on(order)
    order.transaction_date = bill.billing_date
    order.delivery_date = max(bill.start, bill.billing_date)
    order.skip_delivery_note = cint(not has_stock_items(line.item for line in bill.lines))
    return save_and_submit(order).name


def has_stock_items(items) -> bool:
    """Whether any of the items is kept in stock, and must be delivered."""
    return any(frappe.get_cached_value("Item", item, "is_stock_item") for item in items)


def state(name: str) -> OrderState | None:
    """The order as it stands in the database, None where it is gone."""
    row = amounts.read("Sales Order", name, "advance_paid", "status")
    return row and OrderState(name, row.docstatus, row.total, row.booked, row.status == "Closed")


def is_live(name: str) -> bool:
    """Whether the order is submitted and not closed."""
    order = state(name)
    return bool(order and order.live)


def lock(name: str) -> None:
    """Keep the order's row until the transaction ends: ERPNext would invoice it twice for two callers."""
    frappe.db.get_value("Sales Order", name, "name", for_update=True)


def replacement_of(name: str) -> str | None:
    """The order that amends a cancelled one."""
    return frappe.db.get_value("Sales Order", {"amended_from": name, "docstatus": 1})


def cancel(name: str) -> None:
    """Cancel an order that nothing was paid or invoiced on."""
    order = frappe.get_doc("Sales Order", name)
    order.flags.ignore_permissions = True
    order.cancel()
