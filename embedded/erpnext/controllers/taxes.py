"""One row of a selling document and one tax of it: the rate, the share, what a tax row may say."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

PREVIOUS_ROW = ("On Previous Row Amount", "On Previous Row Total")


def set_rate(row: Document) -> None:
    """A row's rate out of price list rate and discount; a rate that is given stays, a rate of zero does not."""
    if row.discount_percentage == 100:
        row.rate = 0.0
    elif row.price_list_rate:
        if not row.rate or (row.pricing_rules and row.discount_percentage > 0):
            discount = row.price_list_rate * row.discount_percentage / 100.0
            row.rate = flt(
                row.price_list_rate * (1.0 - row.discount_percentage / 100.0), row.precision("rate")
            )
            row.discount_amount = discount
        elif row.discount_amount and row.pricing_rules:
            row.rate = row.price_list_rate - row.discount_amount
    if row.price_list_rate > 0:
        row.discount_amount = row.price_list_rate - row.rate


def item_tax_map(template: str | None, company: str) -> dict[str, float]:
    """account -> rate, as the item's own tax template says."""
    if not template:
        return {}
    rows = frappe.get_cached_doc("Item Tax Template", template).taxes
    return {
        row.tax_type: row.tax_rate
        for row in rows
        if frappe.get_cached_value("Account", row.tax_type, "company") == company
    }


def rate_of(tax: Document, item_rates: dict[str, float]) -> float:
    return flt(item_rates.get(tax.account_head, tax.rate), tax.precision("rate"))


def inclusive_share(
    tax: Document, rate: float, fractions: list[float], totals: list[float]
) -> tuple[float, float]:
    """(share of the net amount, amount per unit) of a tax that the price contains."""
    if not cint(tax.included_in_print_rate):
        return 0.0, 0.0
    if tax.charge_type == "On Item Quantity":
        return 0.0, flt(rate)
    above = cint(tax.row_id) - 1
    if tax.charge_type == "On Previous Row Amount":
        return rate / 100.0 * fractions[above], 0.0
    if tax.charge_type == "On Previous Row Total":
        return rate / 100.0 * totals[above], 0.0
    return (rate / 100.0 if tax.charge_type == "On Net Total" else 0.0), 0.0


def tax_of_row(
    tax: Document, rate: float, row: Document, net_total: float, amounts: list[float], totals: list[float]
) -> float:
    above = cint(tax.row_id) - 1
    if tax.charge_type == "Actual":
        return row.net_amount * flt(tax.tax_amount) / net_total if net_total else 0.0
    if tax.charge_type == "On Net Total":
        return rate / 100.0 * row.net_amount
    if tax.charge_type == "On Previous Row Amount":
        return rate / 100.0 * amounts[above]
    if tax.charge_type == "On Previous Row Total":
        return rate / 100.0 * totals[above]
    return rate * row.qty


def validate_tax_row(tax: Document, taxes: list[Document]) -> None:
    refers = tax.charge_type in PREVIOUS_ROW
    if refers and tax.idx == 1:
        frappe.throw(_("The first tax cannot be charged on a previous row"))
    if refers and not (tax.row_id and 0 < cint(tax.row_id) < tax.idx):
        frappe.throw(_("Row {0}: please name the row this tax is charged on").format(tax.idx))
    if not refers:
        tax.row_id = None
    if tax.charge_type == "Actual":
        tax.rate = None
    if not cint(tax.included_in_print_rate):
        return
    if tax.charge_type == "Actual":
        frappe.throw(_("Row {0}: an actual charge cannot be part of the price").format(tax.idx))
    if refers and not taxes[cint(tax.row_id) - 1].included_in_print_rate:
        frappe.throw(_("Row {0}: the row it is charged on must be part of the price too").format(tax.idx))
