"""Shows what a verb would do by doing it and taking it back: a review cannot differ from what will happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import frappe

T = TypeVar("T")


def rehearsed(work: Callable[[], T]) -> T:
    """Do a verb, look at what comes of it, and take it back.

    For pages that write nothing: what was written before in this transaction is taken back too. A transaction that
    is committed on the way would keep the change: sessions that commit refuse to begin (transactions.py).
    """
    frappe.db.rollback()
    frappe.flags.sp_rehearsing = True
    try:
        return work()
    finally:
        frappe.flags.sp_rehearsing = False
        frappe.db.rollback()
        frappe.clear_messages()
