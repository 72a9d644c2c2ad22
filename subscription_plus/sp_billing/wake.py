"""Hears of changed documents: the subscriptions they belong to are brought up to date soon, not in an hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import frappe

from subscription_plus.engine.steps import PeriodStatus

from .pipeline import advance

_FIELDS = {
    "Sales Order": "sales_order",
    "Sales Invoice": "sales_invoice",
    "POS Invoice": "pos_invoice",
    "Payment Request": "payment_request",
}


def periods_of(documents: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """{subscription: [periods]} that hang on any of the (DocType, name) documents."""
    found: dict[str, list[str]] = defaultdict(list)
    for doctype, name in documents:
        rows = frappe.get_all(
            "SP Billing Period", filters={_FIELDS[doctype]: name}, fields=["name", "subscription"]
        )
        for row in rows:
            found[row.subscription].append(row.name)
    return found


def wake(documents: Iterable[tuple[str, str]]) -> None:
    """Look at the periods of these documents once the caller's transaction is committed.

    Nothing is written now: a person's transaction must not wait for a subscription's lock. Every change wakes:
    a job of the same name that runs already may have looked before this change was committed.
    """
    if frappe.flags.sp_billing:
        return
    for subscription, touched in periods_of(documents).items():
        _enqueue(subscription, touched)


def wake_subscriptions(names: Iterable[str]) -> None:
    """Look at these subscriptions once the caller's transaction is committed."""
    if not frappe.flags.sp_billing:
        for subscription in names:
            _enqueue(subscription, [])


def forget(doctype: str, name: str) -> None:
    """Take a deleted document off its periods, whose billing ends with an order or an invoice: people decided so.

    At once, as ERPNext may give the name to the next document, which is somebody else's.
    """
    values = {_FIELDS[doctype]: None}
    if doctype != "Payment Request":
        values |= {"status": PeriodStatus.VOID.value, "outstanding": 0}
    for subscription, held in periods_of([(doctype, name)]).items():
        for period in held:
            frappe.db.set_value("SP Billing Period", period, values)
        _enqueue(subscription, [])


def _enqueue(subscription: str, touched: list[str]) -> None:
    frappe.enqueue(
        "subscription_plus.sp_billing.wake.advance_woken",
        queue="default",
        enqueue_after_commit=True,
        subscription=subscription,
        touched=touched,
    )


def advance_woken(subscription: str, touched: list[str]) -> None:
    """The job: look at a subscription, and at periods that were closed before."""
    advance(subscription, touched=tuple(touched))
