"""Le Hangar itself: company, years, VAT, bank, price list and the trees ERPNext hangs records in."""

from typing import Any

import frappe
from frappe.model.document import Document

COMPANY = "Le Hangar"
ABBR = "LH"
CURRENCY = "EUR"
PRICE_LIST = "Tarifs Le Hangar"
CUSTOMER_GROUP = "Members"
ITEM_GROUP = "Coworking"
TERRITORY = "France"
TAX_TEMPLATE = f"TVA 20 % - {ABBR}"
BANK = f"Banque - {ABBR}"
TRANSFER, CASH = "Wire Transfer", "Cash"
YEARS = (2023, 2024, 2025, 2026)
UNITS = ("Unit", "Day", "Week", "Month", "Quarter", "Year", "Half-day")


def build() -> None:
    """Make everything a company needs before it can sell."""
    for unit in UNITS:
        ensure("UOM", unit, uom_name=unit)
    for doctype, root, leaf in (
        ("Customer Group", "All Customer Groups", CUSTOMER_GROUP),
        ("Item Group", "All Item Groups", ITEM_GROUP),
        ("Territory", "All Territories", TERRITORY),
    ):
        _tree(doctype, root, leaf)
    for year in YEARS:
        ensure(
            "Fiscal Year",
            str(year),
            year=str(year),
            year_start_date=f"{year}-01-01",
            year_end_date=f"{year}-12-31",
        )
    ensure("Price List", PRICE_LIST, price_list_name=PRICE_LIST, currency=CURRENCY, selling=1, enabled=1)
    _company()
    _vat()
    for mode, kind, account in ((TRANSFER, "Bank", BANK), (CASH, "Cash", f"Cash - {ABBR}")):
        _mode_of_payment(mode, kind, account)
    _defaults()


def ensure(doctype: str, name: str, **values: Any) -> Document:
    """The record of that name, made where the site has none."""
    if frappe.db.exists(doctype, name):
        return frappe.get_doc(doctype, name)
    doc = frappe.get_doc({"doctype": doctype, "name": name, **values})
    # The roots of trees have no parent, though the field is mandatory below them.
    doc.flags.ignore_mandatory = True
    return doc.insert()


def _tree(doctype: str, root: str, leaf: str) -> None:
    field = frappe.scrub(doctype)
    ensure(doctype, root, **{f"{field}_name": root, "is_group": 1})
    ensure(doctype, leaf, **{f"{field}_name": leaf, f"parent_{field}": root})


def _company() -> None:
    ensure(
        "Company",
        COMPANY,
        company_name=COMPANY,
        abbr=ABBR,
        default_currency=CURRENCY,
        country="France",
        create_chart_of_accounts_based_on="Standard Template",
        chart_of_accounts="Standard",
    )
    ensure(
        "Account",
        BANK,
        account_name="Banque",
        parent_account=f"Bank Accounts - {ABBR}",
        company=COMPANY,
        account_type="Bank",
    )
    frappe.db.set_value("Company", COMPANY, "default_bank_account", BANK)


def _vat() -> None:
    account = f"TVA collectée - {ABBR}"
    ensure(
        "Account",
        account,
        account_name="TVA collectée",
        parent_account=f"Duties and Taxes - {ABBR}",
        company=COMPANY,
        account_type="Tax",
        tax_rate=20,
    )
    row = {"charge_type": "On Net Total", "account_head": account, "description": "TVA 20 %", "rate": 20}
    ensure("Sales Taxes and Charges Template", TAX_TEMPLATE, title="TVA 20 %", company=COMPANY, taxes=[row])
    if not frappe.db.exists("Tax Rule", {"company": COMPANY}):
        frappe.get_doc(
            {
                "doctype": "Tax Rule",
                "tax_type": "Sales",
                "company": COMPANY,
                "customer_group": CUSTOMER_GROUP,
                "sales_tax_template": TAX_TEMPLATE,
            }
        ).insert()


def _mode_of_payment(name: str, kind: str, account: str) -> None:
    doc = ensure("Mode of Payment", name, mode_of_payment=name, type=kind)
    if not any(row.company == COMPANY for row in doc.accounts):
        doc.append("accounts", {"company": COMPANY, "default_account": account})
        doc.save()


def _defaults() -> None:
    frappe.db.set_single_value("Global Defaults", "default_company", COMPANY)
    frappe.db.set_single_value("Global Defaults", "default_currency", CURRENCY)
    frappe.db.set_single_value("Selling Settings", "selling_price_list", PRICE_LIST)
    frappe.db.set_single_value("Selling Settings", "customer_group", CUSTOMER_GROUP)
    frappe.db.set_single_value("Selling Settings", "territory", TERRITORY)
    # New documents start with these.
    frappe.db.set_default("company", COMPANY)
    frappe.db.set_default("currency", CURRENCY)
    frappe.db.set_default("selling_price_list", PRICE_LIST)
