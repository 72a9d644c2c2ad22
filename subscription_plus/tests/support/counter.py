"""Builders for what other parts of ERPNext leave behind: receipts of the point of sale, its own subscriptions, contracts."""

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from subscription_plus.tests.support import masters

PROFILE = "SP Test Counter"


def make_pos_invoice(
    customer: Document | str | None = None,
    items: list[dict[str, Any]] | None = None,
    submit: bool = True,
    **values: Any,
) -> Document:
    """An invoice of the point of sale, paid in cash today; without items, one unit of a new item at 100."""
    _open_counter()
    rows = items or [{"item_code": masters.make_item().name, "qty": 1, "rate": 100}]
    invoice = frappe.get_doc(
        {
            "doctype": "POS Invoice",
            "customer": getattr(customer, "name", customer) or masters.make_customer().name,
            "company": masters.COMPANY,
            "currency": masters.CURRENCY,
            "conversion_rate": 1,
            "selling_price_list": masters.PRICE_LIST,
            "price_list_currency": masters.CURRENCY,
            "plc_conversion_rate": 1,
            "is_pos": 1,
            "pos_profile": PROFILE,
            "posting_date": getdate(nowdate()),
            "items": [{"uom": "Unit", **row} for row in rows],
            "payments": [
                {"mode_of_payment": "Cash", "amount": sum(row["qty"] * row["rate"] for row in rows)}
            ],
            **values,
        }
    ).insert()
    if submit:
        invoice.submit()
    return invoice


def make_native_plan(**values: Any) -> Document:
    """ERPNext's own plan: monthly, a fixed rate of 40."""
    defaults = {
        "plan_name": masters.unique("SP Native Plan"),
        "item": values.get("item") or masters.make_item().name,
        "price_determination": "Fixed Rate",
        "cost": 40,
        "currency": masters.CURRENCY,
        "billing_interval": "Month",
        "billing_interval_count": 1,
    }
    return frappe.get_doc({"doctype": "Subscription Plan", **defaults, **values}).insert()


def make_native_subscription(
    plan: Document, current: tuple[str, str], customer: str | None = None, **values: Any
) -> Document:
    """ERPNext's own subscription to one unit of a plan, in the given current period."""
    doc = frappe.get_doc(
        {
            "doctype": "Subscription",
            "party_type": "Customer",
            "party": customer or masters.make_customer().name,
            "company": masters.COMPANY,
            "start_date": current[0],
            "generate_invoice_at": "Beginning of the current subscription period",
            "plans": [{"plan": plan.name, "qty": 1}],
            **values,
        }
    ).insert()
    doc.db_set({"current_invoice_start": current[0], "current_invoice_end": current[1], "status": "Active"})
    return doc


def make_contract(customer: str, signed: bool = False, submit: bool = True, **values: Any) -> Document:
    """A contract with a customer over 2026, submitted; signed where told."""
    contract = frappe.get_doc(
        {
            "doctype": "Contract",
            "party_type": "Customer",
            "party_name": customer,
            "contract_terms": "As agreed.",
            "start_date": "2026-01-01",
            "end_date": "2026-12-31",
            "is_signed": int(signed),
            "signee": "A Customer" if signed else None,
            **values,
        }
    ).insert()
    if submit:
        contract.submit()
    return contract


def _open_counter() -> None:
    """A profile of the point of sale that is open today."""
    if not frappe.db.exists("POS Profile", PROFILE):
        frappe.get_doc(
            {
                "doctype": "POS Profile",
                "name": PROFILE,
                "__newname": PROFILE,
                "company": masters.COMPANY,
                "currency": masters.CURRENCY,
                "selling_price_list": masters.PRICE_LIST,
                "warehouse": _warehouse(),
                "write_off_account": f"Write Off - {masters.ABBR}",
                "write_off_cost_center": masters.COST_CENTER,
                "cost_center": masters.COST_CENTER,
                "payments": [{"mode_of_payment": "Cash", "default": 1}],
            }
        ).insert(ignore_permissions=True)
    if not frappe.db.exists("DocType", "POS Opening Entry"):
        return  # only a full ERPNext closes and opens counters
    if not frappe.db.exists("POS Opening Entry", {"pos_profile": PROFILE, "status": "Open", "docstatus": 1}):
        opening = frappe.get_doc(
            {
                "doctype": "POS Opening Entry",
                "period_start_date": frappe.utils.now_datetime(),
                "posting_date": nowdate(),
                "user": "Administrator",
                "pos_profile": PROFILE,
                "company": masters.COMPANY,
                "balance_details": [{"mode_of_payment": "Cash", "opening_amount": 0}],
            }
        ).insert(ignore_permissions=True)
        opening.submit()


def _warehouse() -> str | None:
    if not frappe.db.exists("DocType", "Warehouse"):
        return None
    return frappe.db.get_value("Warehouse", {"company": masters.COMPANY, "is_group": 0})
