"""Hears of invoices and payments: what they bring is granted soon after the person's transaction."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from . import granting


def invoices_changed(names: Iterable[str]) -> None:
    """Look at invoices that sell credits, once the caller's transaction is committed."""
    found = sorted(name for name in set(names) if granting.sells_credits(name))
    if found:
        _enqueue("subscription_plus.sp_booking.granting.look_at", found)


def paid(documents: Iterable[tuple[str, str]]) -> None:
    """Money came or went for orders and invoices: (DocType, name)."""
    documents = list(documents)
    invoices_changed(name for doctype, name in documents if doctype == "Sales Invoice")
    orders = sorted({name for doctype, name in documents if doctype == "Sales Order"})
    carts = [name for name in orders if frappe.db.get_value("Sales Order", name, "sp_cart")]
    if carts:
        _enqueue("subscription_plus.sp_booking.carts.look_at", carts)


def _enqueue(method: str, names: list[str]) -> None:
    frappe.enqueue(
        method,
        queue="default",
        job_id=f"sp_buying::{method[-30:]}::{'+'.join(names)[-60:]}",
        deduplicate=True,
        enqueue_after_commit=True,
        names=names,
    )
