"""The links under which a customer pays, or registers a way to pay, without login."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_url

from subscription_plus.sp_billing import settings
from subscription_plus.sp_billing.signing import DEFAULT_DAYS, LinkRefused, read, sign

from . import accounts

__all__ = ["LinkRefused", "for_request", "payment_link", "read", "registration_link", "sign"]


def for_request(request: str) -> str:
    """The payment link of a request whose company takes payments online, else empty."""
    company = frappe.db.get_value("Payment Request", request, "company")
    return payment_link(request) if company and accounts.of_company(company) else ""


def payment_link(request: str) -> str:
    """The address under which a customer pays a request without login, and may save the method."""
    return get_url(f"/account/pay?token={sign('pay', request, _days())}")


def registration_link(doc: Document) -> str:
    """The address under which a customer registers a way to pay for a subscription without login; empty where it is
    not charged automatically, or its company takes no payments online."""
    if not (doc.charge_automatically and accounts.of_company(doc.company)):
        return ""
    return get_url(f"/account/register?token={sign('register', doc.name, _days())}")


def registering(token: str) -> Document:
    """The subscription that a registration link names; LinkRefused where it is not valid or the subscription is over."""
    name = read("register", token)
    if frappe.db.get_value("SP Subscription", name, "status") in (None, "Cancelled", "Completed"):
        raise LinkRefused(_("This subscription has ended."))
    return frappe.get_doc("SP Subscription", name)


def _days() -> int:
    return cint(settings.get("link_days")) or DEFAULT_DAYS
