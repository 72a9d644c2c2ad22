"""Hears of changed documents: the subscriptions they belong to are brought up to date soon, not in an hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import frappe

from .pipeline import advance

_FIELDS = {
    "Sales Order": "sales_order",
    "Sales Invoice": "sales_invoice",
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
