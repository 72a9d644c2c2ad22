"""Payment methods as their customers see them, and which subscription is paid by which."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from subscription_plus.sp_billing import settings
from subscription_plus.sp_payments import accounts

from . import status

FIELDS = ["name", "customer", "status", "is_default", "kind", "brand", "last4", "expires_on"]


def of_customers(customers: list[str]) -> list[frappe._dict]:
    """The methods that are not removed, the default one first, with `label` and `state`."""
    if not customers:
        return []
    rows = frappe.get_all(
        "SP Payment Method",
        filters={"customer": ("in", customers), "status": ("!=", "Removed")},
        fields=FIELDS,
        order_by="is_default desc, creation desc",
    )
    for row in rows:
        row.label = label(row)
        row.state = status.method(row)
    return rows


def label(row: frappe._dict | Document) -> str:
    """Visa •••• 4242; the kind where there is no brand."""
    kinds = {"card": _("Card"), "sepa_debit": _("SEPA debit")}
    name = (row.brand or "").replace("_", " ").title() or kinds.get(row.kind or "", (row.kind or "").title())
    return f"{name} •••• {row.last4}" if row.last4 else name


def paying_for(doc: Document) -> str:
    """The method a subscription is charged with, in words; empty where it is paid by hand."""
    method = accounts.method_for(doc)
    return label(method) if method else ""


def accounts_of(customers: list[str]) -> list[frappe._dict]:
    """Where the customers can add a method: {customer, customer_name, company}; companies that take payments online,
    of their running subscriptions, else the one that sells on the website."""
    rows = frappe.get_all(
        "SP Subscription",
        filters={"customer": ("in", customers or [""]), "status": ("not in", ("Cancelled", "Completed"))},
        fields=["customer", "customer_name", "company"],
        distinct=True,
        order_by="customer, company",
    )
    without = sorted(set(customers) - {row.customer for row in rows})
    seller = settings.get("website_company") or frappe.db.get_single_value(
        "Global Defaults", "default_company"
    )
    if without and seller:
        rows += [frappe._dict(customer=name, customer_name=name, company=seller) for name in without]
    known = {company: bool(accounts.of_company(company)) for company in {row.company for row in rows}}
    return [row for row in rows if known[row.company]]
