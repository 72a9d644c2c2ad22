"""Subscriptions as their customers see them: in words, with the next payment, lines, documents and history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, getdate, nowdate

from subscription_plus.erp import reckoning
from subscription_plus.sp_billing import preview
from subscription_plus.sp_billing.transactions import as_billing_user

from . import status

FIELDS = [
    "name",
    "customer",
    "customer_name",
    "plan",
    "status",
    "billing_status",
    "start_date",
    "trial_until",
    "end_date",
    "cancellation_date",
    "next_billing_date",
    "total",
    "currency",
    "recurrence_period",
    "charge_automatically",
    "payment_method",
]
ALIVE = ("Scheduled", "Trial", "Active", "Paused")
HISTORY_ROWS = 25
LONGEST_PERIOD_DAYS = 400


def of_customers(
    customers: list[str], alive: bool = True, start: int = 0, limit: int = 50
) -> list[frappe._dict]:
    """Subscriptions that run, or that have ended, with `title`, `state`, `billing`, `every`."""
    if not customers:
        return []
    rows = frappe.get_all(
        "SP Subscription",
        filters={"customer": ("in", customers), "status": ("in" if alive else "not in", ALIVE)},
        fields=FIELDS,
        order_by="creation desc",
        limit_start=start,
        limit_page_length=limit,
    )
    titles, pauses = _titles(rows), _pauses([row.name for row in rows if row.status == "Paused"])
    today = getdate(nowdate())
    for row in rows:
        row.title = titles[row.name]
        row.state = status.subscription(row, today, pauses.get(row.name))
        row.billing = status.billing(row)
        row.every = every(row.recurrence_period)
    if alive:
        _add_amounts(rows)
    return rows


def _add_amounts(rows: list[frappe._dict]) -> None:
    """What a period costs: `amount`, as the newest whole period came to with taxes, where it was billed with the lines
    of today; else the lines' sum, and `before_tax`. The page of a subscription has the planner's exact amounts."""
    names = [row.name for row in rows]
    if not names:
        return
    newest: dict[str, frappe._dict] = {}
    for period in frappe.get_all(
        "SP Billing Period",
        filters={
            "subscription": ("in", names),
            "start_date": (">=", add_days(nowdate(), -LONGEST_PERIOD_DAYS)),
        },
        fields=[
            "name",
            "subscription",
            "start_date",
            "end_date",
            "whole_start",
            "whole_end",
            "total",
            "coupon",
        ],
        order_by="start_date",
    ):
        newest[period.subscription] = period
    differ = set()
    for line in frappe.get_all(
        "SP Subscription Line",
        filters={"parent": ("in", names), "parenttype": "SP Subscription"},
        fields=["parent", "from_date", "to_date", "once"],
        parent_doctype="SP Subscription",
    ):
        if line.from_date or line.to_date or line.once:
            differ.add(line.parent)
    for row in rows:
        period = newest.get(row.name)
        known = period and row.name not in differ and not period.coupon
        known = known and (period.start_date, period.end_date) == (period.whole_start, period.whole_end)
        row.amount = period.total if known else row.total
        row.before_tax = not known


def _titles(rows: list[frappe._dict]) -> dict[str, str]:
    """A subscription is called what its plan is called, else what its first line is."""
    plans = [row.plan for row in rows if row.plan]
    named = _pairs("SP Subscription Plan", {"name": ("in", plans)}, "name", "plan_name") if plans else {}
    bare = [row.name for row in rows if not row.plan]
    lines = {}
    if bare:
        filters = {"parent": ("in", bare), "parenttype": "SP Subscription"}
        lines = _pairs("SP Subscription Line", filters, "parent", "item_name", "idx desc")
    return {row.name: named.get(row.plan) or lines.get(row.name) or row.name for row in rows}


def _pairs(
    doctype: str, filters: dict[str, Any], key: str, value: str, order: str = "name"
) -> dict[str, Any]:
    rows = frappe.get_all(
        doctype, filters=filters, fields=[key, value], order_by=order, parent_doctype="SP Subscription"
    )
    return {row[key]: row[value] for row in rows}


def _pauses(names: list[str]) -> dict[str, dt.date]:
    if not names:
        return {}
    filters = {"parent": ("in", names), "kind": "Pause", "until_date": (">=", nowdate())}
    return _pairs("SP Subscription Break", filters, "parent", "until_date")


def describe(doc: Document) -> frappe._dict:
    """One subscription like a row of `of_customers`."""
    row = frappe._dict({field: doc.get(field) for field in FIELDS})
    today = getdate(nowdate())
    paused = [
        getdate(each.until_date)
        for each in doc.breaks
        if each.kind == "Pause" and each.until_date and getdate(each.until_date) >= today
    ]
    row.title = _titles([row])[row.name]
    row.state = status.subscription(row, today, max(paused, default=None))
    row.billing = status.billing(row)
    row.every = every(row.recurrence_period)
    return row


def every(recurrence: str) -> str:
    """How often it is billed: per month, every 3 months."""
    period = frappe.get_cached_doc("SP Recurrence Period", recurrence)
    count = period.interval_count or 1
    one, many = {
        "Day": (_("per day"), _("every {0} days")),
        "Week": (_("per week"), _("every {0} weeks")),
        "Month": (_("per month"), _("every {0} months")),
        "Quarter": (_("per quarter"), _("every {0} quarters")),
        "Year": (_("per year"), _("every {0} years")),
    }[period.unit]
    return one if count == 1 else many.format(count)


def coming(doc: Document, count: int = 3) -> list[dict[str, Any]]:
    """The next payments by the planner, with `to_pay` as ERPNext will reckon it, taxes included; none where a price is
    missing (the house is told by the billing run)."""
    if doc.status not in ALIVE:
        return []
    found, reckoned = [], {}
    try:
        with as_billing_user():
            for piece, bill, flow in preview.coming_bills(doc, count):
                if not bill.lines:
                    continue
                # Most periods are alike: ERPNext is asked once for each kind of them.
                kind = (tuple((line.item, line.billed) for line in bill.lines), bill.discount_amount)
                if kind not in reckoned:
                    of = "Sales Order" if flow.make_order else "Sales Invoice"
                    reckoned[kind] = float(reckoning.totals(bill, of).total)
                found.append(preview.describe(doc, piece, bill, flow) | {"to_pay": reckoned[kind]})
    except frappe.ValidationError:
        frappe.clear_messages()
        return []
    return found


def lines_today(doc: Document) -> list[Document]:
    """The lines that count now or later; set-up fees that were billed are over."""
    today = getdate(nowdate())
    return [
        row
        for row in doc.lines
        if not (row.to_date and getdate(row.to_date) < today) and not (row.once and row.billed_once_in)
    ]


def history(name: str) -> list[frappe._dict]:
    """What happened, newest first, in the customer's words: {at, text, message}."""
    told = _told()
    rows = frappe.get_all(
        "SP Subscription Event",
        filters={"subscription": name, "event_type": ("in", list(told))},
        fields=["event_type", "at", "message", "document_name"],
        order_by="at desc, creation desc",
        limit_page_length=HISTORY_ROWS,
    )
    return [
        frappe._dict(
            at=row.at,
            text=told[row.event_type],
            message=row.message if row.event_type == "Cancelled" else "",
            document=row.document_name
            if row.event_type in ("Sales Invoice Made", "Credit Note Made")
            else "",
        )
        for row in rows
    ]


def _told() -> dict[str, str]:
    return {
        "Created": _("Subscribed"),
        "Cancelled": _("Cancelled"),
        "Cancellation Undone": _("Cancellation taken back"),
        "Restarted": _("Begun again"),
        "Paused": _("Paused"),
        "Resumed": _("Resumed"),
        "Period Skipped": _("A period skipped"),
        "Quantity Changed": _("Quantity changed"),
        "Line Added": _("Something added"),
        "Plan Changed": _("Plan changed"),
        "Payment Method Added": _("Payment method added"),
        "Payment Method Removed": _("Payment method removed"),
        "Sales Invoice Made": _("Invoice"),
        "Credit Note Made": _("Credit note"),
        "Payment Succeeded": _("Paid"),
        "Payment Failed": _("Payment failed"),
        "Payment Needs Action": _("The bank asks for your confirmation"),
        "Payment Reversed": _("Payment taken back by the bank"),
        "Refunded": _("Refunded"),
        "Price Notice Sent": _("Told about a new price"),
    }
