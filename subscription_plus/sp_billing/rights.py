"""What a customer may do with the own subscription: what its plan allows, as late as the plan's notice allows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate

RIGHTS = ("cancel", "restart", "pause", "skip", "change_quantity", "change_plan")
CANCEL, RESTART, PAUSE, SKIP, QUANTITY, PLAN = RIGHTS


@dataclass(frozen=True)
class Rights:
    """What the plan lets its customers do. `notice`: how long before a period ends they have to say so;
    `longest_pause`: days, 0 without a limit."""

    may: frozenset[str]
    notice: dt.timedelta = dt.timedelta()
    longest_pause: int = 0

    def day(self) -> dt.date:
        """The day that counts for what is said today: later than the notice, it is said for the next period."""
        return getdate(nowdate()) + self.notice


def of(plan: str | None) -> Rights:
    """The rights by a plan; without one those that a new plan gives: to cancel at the end of a period."""
    if not plan:
        return Rights(frozenset({CANCEL}))
    doc = frappe.get_cached_doc("SP Subscription Plan", plan)
    may = {right for right in RIGHTS if cint(doc.get(f"customer_may_{right}"))}
    notice = dt.timedelta(days=cint(doc.customer_notice_days))
    return Rights(frozenset(may), notice, cint(doc.longest_pause_days))


def check(doc: Document, right: str | None) -> Rights:
    """The customer's rights on a subscription; PermissionError where its plan does not give this one."""
    found = of(doc.plan)
    if right not in found.may:
        frappe.throw(
            _("This plan does not let you do that online. Please write to us."), frappe.PermissionError
        )
    return found


def day_of(doc: Document) -> dt.date:
    """The day that counts for a change of a subscription in a verb: today, by a customer the notice later."""
    rights: Rights | None = doc.flags.rights_of_customer
    return rights.day() if rights else getdate(nowdate())
