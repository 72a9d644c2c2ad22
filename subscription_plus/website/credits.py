"""Credits as their customers see them: by type, with what ends when, movements, and what can be bought."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from subscription_plus.sp_booking import ledger

MOVEMENT_FIELDS = ["at", "kind", "credits", "credit_type", "booking", "message", "customer"]


def by_type(customers: list[str]) -> list[frappe._dict]:
    """What the caller can use today, by type: {credit_type, available, grants: [{left, valid_until, user}]}; the
    grants that end first come first."""
    if not customers:
        return []
    rows = frappe.get_all(
        ledger.GRANT,
        filters={"customer": ("in", customers), "balance": (">", 0)},
        fields=ledger.FIELDS,
        order_by="credit_type, valid_until",
    )
    today, user = getdate(nowdate()), frappe.session.user
    found: dict[str, frappe._dict] = {}
    for row, grant in zip(rows, ledger.as_engine(rows), strict=True):
        later = grant.valid_from > today and (not grant.user or grant.user == user)
        if not later and not grant.usable(today, user):
            continue
        kind = found.setdefault(
            row.credit_type, frappe._dict(credit_type=row.credit_type, available=0, grants=[])
        )
        kind.available += 0 if later else grant.left
        kind.grants.append(
            frappe._dict(
                left=grant.left, valid_until=grant.valid_until, starts=grant.valid_from if later else None
            )
        )
    for kind in found.values():
        kind.grants.sort(key=lambda each: (each.valid_until is None, each.valid_until or today))
    return list(found.values())


def movements(customers: list[str], start: int, limit: int) -> list[frappe._dict]:
    """The ledger's rows, newest first, in words."""
    if not customers:
        return []
    rows = frappe.get_all(
        ledger.ENTRY,
        filters={"customer": ("in", customers)},
        fields=MOVEMENT_FIELDS,
        order_by="at desc, creation desc",
        limit_start=start,
        limit_page_length=limit,
    )
    told = {
        ledger.GRANTED: _("Received"),
        ledger.USED: _("Booked"),
        ledger.REFUNDED: _("Given back"),
        ledger.EXPIRED: _("Expired"),
        ledger.ADJUSTED: _("Corrected"),
    }
    names = [row.booking for row in rows if row.booking]
    bookings = (
        {
            each.name: each
            for each in frappe.get_all(
                "SP Item Booking", filters={"name": ("in", names)}, fields=["name", "item_name", "starts_on"]
            )
        }
        if names
        else {}
    )
    for row in rows:
        row.text = told[row.kind]
        row.about = bookings.get(row.booking)
    return rows


def for_sale() -> list[dict[str, Any]]:
    """The credit types that can be bought: {name, credits_per_unit, uom, validity_days}."""
    return frappe.get_all(
        "SP Booking Credit Type",
        filters={"disabled": 0, "item": ("is", "set")},
        fields=["name", "item", "uom", "credits_per_unit", "validity_days"],
        order_by="name",
    )
