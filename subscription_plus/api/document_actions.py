"""Which verbs ERPNext's own documents offer a person: subscribe from an invoice, a receipt or a contract."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate

from subscription_plus.sp_billing import invoiced, origins

from .action_parts import field, offer

_API = "subscription_plus.api.desk."


def of_invoice(doc: Document) -> list[dict[str, Any]]:
    """A submitted invoice that belongs to no subscription yet: make one, whose first period it bills."""
    if doc.docstatus != 1 or cint(doc.get("is_return")) or doc.get("sp_subscription"):
        return []
    if not frappe.has_permission("SP Subscription", "create"):
        return []
    recurring = any(origins.is_recurring(row.item_code) for row in doc.items)
    return [
        offer(
            _("Create Subscription"),
            _API + "subscribe_from_invoice",
            {"doctype": doc.doctype, "name": doc.name},
            [
                field("plan", _("Plan"), "Link", "SP Subscription Plan"),
                field(
                    "recurrence_period",
                    _("Recurrence Period"),
                    "Link",
                    "SP Recurrence Period",
                    depends_on="eval:!doc.plan",
                    description=_("Empty: as its recurring items say")
                    if recurring
                    else _("Choose this, or a plan"),
                ),
                field(
                    "start_date",
                    _("First Day of the Period It Bills"),
                    "Date",
                    default=str(doc.posting_date),
                    reqd=1,
                ),
            ],
        )
    ]


def of_contract(doc: Document) -> list[dict[str, Any]]:
    """A contract with a customer: make a subscription whose commitment it is."""
    if doc.party_type != "Customer" or doc.docstatus == 2:
        return []
    if not frappe.has_permission("SP Subscription", "create"):
        return []
    start = getdate(doc.start_date) if doc.start_date else getdate(nowdate())
    return [
        offer(
            _("Create Subscription"),
            _API + "subscribe_from_contract",
            {"contract": doc.name},
            [
                field("plan", _("Plan"), "Link", "SP Subscription Plan", reqd=1),
                field("start_date", _("Starts On"), "Date", default=str(start), reqd=1),
                field("ends_with_contract", _("Ends With the Contract"), "Check", default=0),
            ],
        )
    ]


def link_invoice(doc: Document) -> dict[str, Any]:
    """Tie an invoice that exists already to a period of a subscription."""
    fields = [
        field(
            "sales_invoice",
            _("Sales Invoice"),
            "Link",
            "Sales Invoice",
            depends_on="eval:!doc.pos_invoice",
            filters=_of_customer(doc),
        ),
        field(
            "pos_invoice",
            _("Invoice of the Point of Sale"),
            "Link",
            "POS Invoice",
            depends_on="eval:!doc.sales_invoice",
            filters=_of_customer(doc),
        ),
    ]
    if waiting := invoiced.waiting(doc.name):
        fields.append(
            field("billing_period", _("Period"), "Select", "\n".join(["", *waiting]), default=waiting[0])
        )
    return offer(_("Link Invoice"), _API + "link_invoice", {"subscription": doc.name}, fields)


def _of_customer(doc: Document) -> dict[str, Any]:
    return {
        "customer": doc.customer,
        "company": doc.company,
        "docstatus": 1,
        "is_return": 0,
        "sp_subscription": ("is", "not set"),
    }
