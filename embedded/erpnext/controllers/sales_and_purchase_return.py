"""Returns: the credit note of an invoice, and what it may contain."""

from typing import Any

import frappe
from erpnext.controllers.mapper import copy_rows, new_from
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Abs, Sum
from frappe.utils import flt, getdate


class StockOverReturnError(frappe.ValidationError):
    pass


def make_return_doc(doctype: str, source_name: str, target_doc: Any = None) -> Document:
    """An unsaved return of what is left of a submitted invoice."""
    invoice = frappe.get_doc(doctype, source_name)
    note = new_from(invoice, doctype)
    note.update(
        {
            "is_return": 1,
            "return_against": invoice.name,
            "ignore_pricing_rule": 1,
            "party_account_currency": invoice.party_account_currency,
            "set_warehouse": "",
        }
    )
    returned = _returned_quantities(invoice.name)

    def finish(row: Document, target: Document) -> None:
        target.qty = -1 * flt(row.qty - returned.get(row.name, 0.0))
        target.pricing_rules = None
        target.sales_order, target.so_detail = row.sales_order, row.so_detail
        target.sales_invoice_item = row.name

    copy_rows(invoice, note, "items", finish, lambda row: bool(row.qty))
    copy_rows(invoice, note, "taxes")
    copy_rows(invoice, note, "advances")  # without their payments: whoever keeps them cannot save the return
    for tax in note.taxes:
        if tax.charge_type == "Actual":
            tax.tax_amount = -1 * tax.tax_amount
    if invoice.discount_amount:
        note.discount_amount = -1 * invoice.discount_amount
    note.run_method("calculate_taxes_and_totals")
    return note


def _returned_quantities(invoice: str, but_for: str | None = None) -> dict[str, float]:
    """row of the invoice -> quantity that submitted returns took back (a positive number)."""
    head, row = DocType("Sales Invoice"), DocType("Sales Invoice Item")
    query = (
        frappe.qb.from_(row)
        .join(head)
        .on(head.name == row.parent)
        .select(row.sales_invoice_item, Abs(Sum(row.qty)))
        .where((head.is_return == 1) & (head.return_against == invoice) & (head.docstatus == 1))
        .groupby(row.sales_invoice_item)
    )
    if but_for:
        query = query.where(head.name != but_for)
    return {name: flt(qty) for name, qty in query.run() if name}


def validate_return(note: Document) -> None:
    """A return gives back no more than its invoice billed, to the same customer, at the same rate of exchange."""
    if not note.get("is_return") or not note.return_against:
        return
    invoice = frappe.get_doc(note.doctype, note.return_against)
    if invoice.customer != note.customer:
        frappe.throw(
            _("The customer does not match with the one in {0}").format(invoice.name),
            title=_("Party Mismatch"),
        )
    if getdate(note.posting_date) < getdate(invoice.posting_date):
        frappe.throw(_("Posting timestamp must be after {0}").format(invoice.posting_date))
    if note.conversion_rate != invoice.conversion_rate:
        frappe.throw(_("Exchange Rate must be same as {0}").format(invoice.name))
    billed = {row.name: row.qty for row in invoice.items}
    returned = _returned_quantities(invoice.name, but_for=note.name)
    for row in note.items:
        source = row.sales_invoice_item
        if not source:
            continue
        if source not in billed:
            frappe.throw(_("Row # {0}: Returned Item does not exist in {1}").format(row.idx, invoice.name))
        left = billed[source] - returned.get(source, 0.0)
        if left <= 0:
            frappe.throw(_("Item {0} has already been returned").format(row.item_code), StockOverReturnError)
        if abs(row.qty) > left:
            frappe.throw(
                _("Row # {0}: Cannot return more than {1} for Item {2}").format(row.idx, left, row.item_code),
                StockOverReturnError,
            )
