"""The tax rows of a new order or invoice: ERPNext leaves it to its form to fetch them."""

from __future__ import annotations

import datetime as dt

import frappe
from erpnext.accounts.party import set_taxes
from erpnext.controllers.accounts_controller import get_default_taxes_and_charges, get_taxes_and_charges
from frappe.model.document import Document

TEMPLATE = "Sales Taxes and Charges Template"


def apply(doc: Document, on: dt.date) -> None:
    """Add the tax rows: of the template it has, else as ERPNext's tax rules choose for the customer on the
    day, else of the company's default template."""
    template = doc.taxes_and_charges or _by_rules(doc, on)
    if template:
        doc.taxes_and_charges = template
        doc.extend("taxes", get_taxes_and_charges(TEMPLATE, template))
    else:
        default = get_default_taxes_and_charges(TEMPLATE, company=doc.company) or {}
        doc.taxes_and_charges = default.get("taxes_and_charges")
        doc.extend("taxes", default.get("taxes") or [])


def are_included(company: str, template: str | None) -> bool | None:
    """Whether prices contain the taxes: by a template, else the company's default one; None where nothing says so.
    For showing prices to people who are no customers yet: what tax rules will say of them is not known."""
    template = template or frappe.db.get_value(TEMPLATE, {"company": company, "is_default": 1, "disabled": 0})
    if not template:
        return None
    return bool(
        frappe.db.exists("Sales Taxes and Charges", {"parent": template, "included_in_print_rate": 1})
    )


def _by_rules(doc: Document, on: dt.date) -> str | None:
    if not frappe.db.exists("Tax Rule", {"tax_type": "Sales"}):
        return None
    group, category = frappe.get_cached_value("Customer", doc.customer, ["customer_group", "tax_category"])
    return set_taxes(
        doc.customer,
        "Customer",
        on,
        doc.company,
        customer_group=group,
        tax_category=doc.tax_category or category,
    )
