"""How far an order has been billed: by the invoices that name its rows."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import flt


class OverAllowanceError(frappe.ValidationError):
    pass


def billed(so_detail: str, field: str = "amount") -> float:
    """What submitted invoices bill of an order's row."""
    row = DocType("Sales Invoice Item")
    query = (
        frappe.qb.from_(row)
        .select(Sum(row[field]))
        .where((row.so_detail == so_detail) & (row.docstatus == 1))
    )
    return flt(query.run()[0][0])


def update_billing_of_orders(invoice_rows: Iterable) -> None:
    """Writes the billed amount of each order's row that the rows name, and the orders' progress and status."""
    orders = set()
    for row in invoice_rows:
        if row.so_detail:
            _update_row(row.so_detail, row.item_code)
        if row.sales_order:
            orders.add(row.sales_order)
    for name in sorted(orders):
        update_order(name)


def _update_row(so_detail: str, item_code: str) -> None:
    amount = billed(so_detail)
    frappe.db.set_value("Sales Order Item", so_detail, "billed_amt", amount, update_modified=False)
    ordered = flt(frappe.db.get_value("Sales Order Item", so_detail, "amount"))
    if not ordered or amount <= ordered:
        return
    allowance = flt(frappe.get_cached_value("Item", item_code, "over_billing_allowance")) or flt(
        frappe.db.get_single_value("Accounts Settings", "over_billing_allowance")
    )
    role = frappe.db.get_single_value("Accounts Settings", "role_allowed_to_over_bill")
    if (amount - ordered) / ordered * 100 - allowance > 0.01 and role not in frappe.get_roles():
        frappe.throw(
            _(
                "Item {0} would be billed by {1} more than ordered. Are you making another invoice of the same order?"
            ).format(frappe.bold(item_code), frappe.bold(flt(amount - ordered * (100 + allowance) / 100, 2))),
            OverAllowanceError,
            title=_("Limit Crossed"),
        )


def update_order(name: str) -> None:
    """Writes how far an order is billed, and the status that follows."""
    rows = frappe.get_all(
        "Sales Order Item", filters={"parent": name}, fields=["name", "amount", "billed_amt", "qty"]
    )
    total = sum(abs(row.amount) for row in rows)
    if total:
        done = sum(min(abs(row.billed_amt), abs(row.amount)) for row in rows) / total
    else:  # nothing to bill by amount: count what was invoiced
        quantity = sum(row.qty for row in rows)
        done = min(quantity, sum(billed(row.name, "qty") for row in rows)) / quantity if quantity else 0
    percent = flt(done * 100, 6)
    if percent < 0.001:
        billing_status = "Not Billed"
    else:
        billing_status = "Fully Billed" if percent >= 99.999999 else "Partly Billed"
    frappe.db.set_value("Sales Order", name, {"per_billed": percent, "billing_status": billing_status})
    order = frappe.get_doc("Sales Order", name)
    order.set_status(update=True)
    order.notify_update()
