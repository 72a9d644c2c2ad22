"""Quotation: an offer to a customer, and the order that is made of it."""

from typing import Any

import frappe
from erpnext.controllers.mapper import copy_rows, new_from
from erpnext.controllers.selling_controller import SellingController
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import flt, getdate


class Quotation(SellingController):
    def get_party(self) -> tuple[str, str | None]:
        return "Customer", self.party_name if self.quotation_to == "Customer" else None

    def validate(self) -> None:
        super().validate()
        self.set_status()
        if self.valid_till and getdate(self.valid_till) < getdate(self.transaction_date):
            frappe.throw(_("Valid till date cannot be before transaction date"))

    def on_cancel(self) -> None:
        self.set_status(update=True)

    def set_status(
        self, update: bool = False, status: str | None = None, update_modified: bool = True
    ) -> None:
        if self.is_new():
            if self.amended_from:
                self.status = "Draft"
            return
        self.status = self._status()
        if update:
            self.db_set("status", self.status, update_modified=update_modified)

    def _status(self) -> str:
        if self.docstatus != 1:
            return "Cancelled" if self.docstatus == 2 else "Draft"
        ordered = _ordered_quantities(self.name)
        if not ordered:
            return "Lost" if self.status == "Lost" else "Open"
        complete = all(row.qty <= ordered.get(row.name, 0) for row in self.items)
        return "Ordered" if complete else "Partially Ordered"


def _ordered_quantities(quotation: str) -> dict[str, float]:
    row = DocType("Sales Order Item")
    query = (
        frappe.qb.from_(row)
        .select(row.quotation_item, Sum(row.qty))
        .where((row.prevdoc_docname == quotation) & (row.docstatus == 1))
        .groupby(row.quotation_item)
    )
    return {name: flt(qty) for name, qty in query.run() if name}


@frappe.whitelist()
def make_sales_order(source_name: str, target_doc: Any = None, args: Any = None) -> Document:
    """An unsaved order of what the quotation offers and is not ordered yet."""
    quotation = frappe.get_doc("Quotation", source_name)
    if quotation.valid_till and getdate(quotation.valid_till) < getdate():
        frappe.throw(_("Validity period of this quotation has ended."))
    if quotation.quotation_to != "Customer":
        frappe.throw(_("Only quotations to customers can be ordered here"))
    ordered = _ordered_quantities(source_name)
    order = new_from(quotation, "Sales Order")
    order.customer = quotation.party_name

    def finish(row: Document, target: Document) -> None:
        target.prevdoc_docname, target.quotation_item = quotation.name, row.name
        target.qty = row.qty - ordered.get(row.name, 0)

    copy_rows(quotation, order, "items", finish, lambda row: row.qty > ordered.get(row.name, 0))
    order.set("taxes", [])
    copy_rows(quotation, order, "taxes")
    copy_rows(quotation, order, "payment_schedule")
    order.run_method("set_missing_values")
    order.run_method("calculate_taxes_and_totals")
    return order
