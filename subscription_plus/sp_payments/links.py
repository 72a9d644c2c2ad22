"""The links under which a customer pays without login."""

from __future__ import annotations

import frappe
from frappe.utils import cint, get_url

from subscription_plus.sp_billing import settings
from subscription_plus.sp_billing.signing import DEFAULT_DAYS, LinkRefused, read, sign

from . import accounts

__all__ = ["LinkRefused", "for_request", "payment_link", "read", "sign"]


def for_request(request: str) -> str:
    """The payment link of a request whose company takes payments online, else empty."""
    company = frappe.db.get_value("Payment Request", request, "company")
    return payment_link(request) if company and accounts.of_company(company) else ""


def payment_link(request: str) -> str:
    """The address under which a customer pays a request without login, and may save the method."""
    days = cint(settings.get("link_days")) or DEFAULT_DAYS
    return get_url(f"/account/pay?token={sign('pay', request, days)}")
