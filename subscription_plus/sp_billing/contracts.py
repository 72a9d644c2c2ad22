"""Contracts: their dates are a subscription's commitment; an unsigned one holds billing back where the plan says so."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate

from . import events, facts


def waits_for_signature(doc: Document) -> bool:
    """Whether nothing is billed yet: the plan wants a signed contract, and there is none."""
    if not doc.plan or not cint(
        frappe.get_cached_value("SP Subscription Plan", doc.plan, "needs_signed_contract")
    ):
        return False
    if not doc.contract:
        return True
    signed = frappe.db.get_value("Contract", doc.contract, ["docstatus", "is_signed"])
    return not (signed and signed[0] == 1 and signed[1])


def take_terms(doc: Document) -> None:
    """Check a subscription's contract and let its last day be the commitment, unless a person set one."""
    if not doc.contract:
        return
    contract = frappe.db.get_value(
        "Contract", doc.contract, ["party_type", "party_name", "docstatus", "end_date"], as_dict=True
    )
    if not contract or contract.docstatus == 2:
        frappe.throw(_("Contract {0} is cancelled or gone. Choose another one.").format(doc.contract))
    if (contract.party_type, contract.party_name) != ("Customer", doc.customer):
        frappe.throw(_("Contract {0} is not one with {1}.").format(doc.contract, doc.customer))
    before = doc.get_doc_before_save()
    if contract.end_date and not doc.commitment_until and (not before or before.contract != doc.contract):
        doc.commitment_until = contract.end_date


def subscribe(
    contract: str,
    plan: str,
    company: str | None = None,
    start_date: dt.date | None = None,
    ends_with_contract: bool = False,
) -> str:
    """Make a subscription from a contract with a customer; its name. The caller's rights count.

    It starts on `start_date`, else with the contract, else today.
    """
    source = frappe.get_doc("Contract", contract)
    source.check_permission("read")
    if source.party_type != "Customer":
        frappe.throw(_("Contract {0} is not one with a customer.").format(contract))
    subscription = frappe.get_doc(
        {
            "doctype": "SP Subscription",
            "customer": source.party_name,
            "company": company,
            "plan": plan,
            "contract": contract,
            "start_date": start_date or facts.date(source.start_date) or getdate(nowdate()),
            "end_date": source.end_date if ends_with_contract else None,
        }
    )
    subscription.insert()
    events.record(subscription.name, "Ordered", document=("Contract", contract))
    return subscription.name


def subscriptions_of(contract: str) -> list[str]:
    """The subscriptions that stand on a contract and are not over."""
    return frappe.get_all(
        "SP Subscription",
        filters={"contract": contract, "status": ("not in", ("Cancelled", "Completed"))},
        pluck="name",
    )
