"""The tax rows of a new order or invoice: ERPNext leaves it to its form to fetch them."""

from __future__ import annotations

import datetime as dt

import frappe
from erpnext.accounts.doctype.tax_rule.tax_rule import get_tax_template
from erpnext.accounts.party import set_taxes
from erpnext.controllers.accounts_controller import get_default_taxes_and_charges, get_taxes_and_charges
from frappe.model.document import Document
from frappe.utils import nowdate

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


def are_included(company: str, template: str | None, group: str | None) -> bool | None:
    """Whether the prices shown to people who are no customers yet contain the taxes: by the template, else as tax
    rules choose for a customer of this group, else by the company's default template. None: nothing says so."""
    template = (
        template
        or _by_rules_for(group, company)
        or frappe.db.get_value(TEMPLATE, {"company": company, "is_default": 1, "disabled": 0})
    )
    if not template:
        return None
    return bool(
        frappe.db.exists("Sales Taxes and Charges", {"parent": template, "included_in_print_rate": 1})
    )


def _by_rules_for(group: str | None, company: str) -> str | None:
    if not frappe.db.exists("Tax Rule", {"tax_type": "Sales"}):
        return None
    group = group or frappe.db.get_single_value("Selling Settings", "customer_group", cache=True)
    asked = {"customer": "", "customer_group": group, "company": company, "tax_type": "Sales"}
    return get_tax_template(nowdate(), asked)


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
