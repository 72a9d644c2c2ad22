"""What a bill comes to with taxes, reckoned by ERPNext itself before any document exists."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.utils import flt

from .bills import Bill


@dataclass(frozen=True)
class Totals:
    """Amounts in the document's currency. `discount`: the additional one; `net`: after it, before taxes (what prices
    hold of them taken out); `taxes`: (name, amount, whether prices hold it); `total`: what is to be paid."""

    discount: Decimal
    net: Decimal
    taxes: tuple[tuple[str, Decimal, bool], ...]
    total: Decimal


def totals(bill: Bill, doctype: str) -> Totals:
    """What the order or invoice of a bill would come to. Writes nothing; inside a billing session, as making
    it would be."""
    doc = frappe.new_doc(doctype)
    bill.write_on(doc)
    if doctype == "Sales Order":
        doc.transaction_date = bill.billing_date
        doc.delivery_date = max(bill.start, bill.billing_date)
    else:
        doc.set_posting_time = 1
        doc.posting_date = bill.billing_date
    doc.flags.ignore_permissions = True
    doc.set_missing_values(for_validate=True)
    doc.calculate_taxes_and_totals()
    return Totals(
        _money(doc.discount_amount),
        _money(doc.net_total),
        tuple(
            (
                row.description,
                _money(row.tax_amount_after_discount_amount),
                bool(row.included_in_print_rate),
            )
            for row in doc.taxes
            if flt(row.tax_amount_after_discount_amount)
        ),
        _money(flt(doc.rounded_total) or flt(doc.grand_total)),
    )


def _money(value: float) -> Decimal:
    return Decimal(str(flt(value)))
