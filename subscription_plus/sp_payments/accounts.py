"""Which gateway account takes a company's payments, and which saved method pays for a customer."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document


def of_company(company: str) -> str | None:
    """The enabled account of a company, None where it takes no payments online."""
    return frappe.db.get_value("SP Stripe Account", {"company": company, "enabled": 1}, order_by="creation")


def method_for(doc: Document) -> Document | None:
    """The saved method that pays for a subscription: its own, else the customer's default; usable ones only.

    Where its own is dead or expired, the default takes its place: the customer has brought another card.
    """
    if not doc.charge_automatically:
        return None
    own = doc.payment_method and _usable(doc, {"name": doc.payment_method})
    return own or _usable(doc, {"customer": doc.customer, "is_default": 1})


def _usable(doc: Document, filters: dict[str, Any]) -> Document | None:
    name = frappe.db.get_value("SP Payment Method", {**filters, "status": "Active"})
    method = frappe.get_doc("SP Payment Method", name) if name else None
    enabled = method and frappe.db.get_value("SP Stripe Account", method.account, ["enabled", "company"])
    return method if enabled and enabled[0] and enabled[1] == doc.company else None
