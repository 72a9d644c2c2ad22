"""Notices about payment methods: cards that are about to expire."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe.utils import cint, formatdate, getdate, nowdate

from subscription_plus.sp_billing import events, notices, settings

from . import links, methods


def send_due() -> None:
    """Mark expired methods, and tell customers once, on a subscription that is charged, that one will expire."""
    today = getdate(nowdate())
    methods.expire(today)
    ahead = cint(settings.get("card_notice_days"))
    if not ahead:
        return
    for row in frappe.get_all(
        methods.DOCTYPE,
        filters={
            "status": "Active",
            "expiry_notice_sent": 0,
            "expires_on": ("between", (today, today + dt.timedelta(days=ahead))),
        },
        fields=["name", "customer", "brand", "last4", "expires_on"],
    ):
        _tell(row)
        frappe.db.commit()


def _tell(row: frappe._dict) -> None:
    name = frappe.db.get_value(
        "SP Subscription",
        {"customer": row.customer, "charge_automatically": 1, "status": ("in", ("Active", "Trial"))},
    )
    if not name:
        return
    frappe.db.set_value(methods.DOCTYPE, row.name, "expiry_notice_sent", 1)
    doc = frappe.get_doc("SP Subscription", name)
    context = {
        "brand": row.brand,
        "last4": row.last4,
        "expires_on": formatdate(row.expires_on),
        "method_url": links.registration_link(doc),
    }
    if notices.send(doc, "card_expiring_template", context, (methods.DOCTYPE, row.name)):
        events.record(name, "Card Expiry Notice Sent", document=(methods.DOCTYPE, row.name))
