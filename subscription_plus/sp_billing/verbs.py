"""What every verb on a subscription has in common: permission, lock, one event, the state afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from subscription_plus import permissions

from . import events, facts, rights, state
from .transactions import lock_subscription

# What people change by verbs; an event says what it was before and after.
WATCHED = (
    "plan",
    "recurrence_period",
    "end_date",
    "cancellation_date",
    "cancellation_reason",
    "prorate_last_invoice",
    "credit_unused_days",
    "mode_of_payment",
    "payment_method",
    "charge_automatically",
)


@contextmanager
def verb(name: str, event: str, message: str = "", right: str | None = None) -> Iterator[Document]:
    """Change a subscription under its lock, after the caller's right was checked.

    Staff need the right to write it. The users of its customer need `right` by its plan; what they do is then
    saved without a right of their own, and the verb itself sees to what they may say (`by_customer`).
    Saved, recorded and refreshed at the end; the caller's transaction commits it. What is to be billed is
    billed by the next run, or by Update Now.
    """
    permissions.get_own("SP Subscription", name, "write")
    lock_subscription(name)
    doc = frappe.get_doc("SP Subscription", name)
    if not permissions.is_staff(doc.doctype):
        doc.flags.rights_of_customer = rights.check(doc, right)
        doc.flags.ignore_permissions = True
    # A verb judges by what is so today, not by what the last run has found.
    state.refresh(doc, facts.periods_of(name), now_datetime(), worked=False)
    before = _picture(doc)
    yield doc
    doc.flags.by_verb = True
    doc.save()
    after = _picture(doc)
    changed = [key for key in after if before[key] != after[key]]
    events.record(
        name,
        event,
        message,
        before={key: before[key] for key in changed},
        after={key: after[key] for key in changed},
    )
    state.refresh(doc, facts.periods_of(name), now_datetime(), worked=False)


def _picture(doc: Document) -> dict[str, Any]:
    picture = {field: doc.get(field) for field in WATCHED}
    picture["breaks"] = [
        {key: row.get(key) for key in ("kind", "from_date", "until_date", "new_anchor")} for row in doc.breaks
    ]
    picture["lines"] = [
        {key: row.get(key) for key in ("item", "qty", "fixed_rate", "from_date", "to_date")}
        for row in doc.lines
    ]
    return json.loads(frappe.as_json(picture))


def by_customer(doc: Document) -> bool:
    """Whether a user of the customer does it, whom the plan gives less choice than the staff have."""
    return bool(doc.flags.rights_of_customer)


def for_staff(doc: Document, *asked: object) -> None:
    """Refuse a customer what is for the staff to choose; `asked`: the choices, none of them made."""
    if by_customer(doc) and any(asked):
        frappe.throw(_("That is for the staff to decide. Please write to us."), frappe.PermissionError)


def refuse(message: str) -> None:
    """Refuse a verb: a clear sentence that says what to do instead."""
    frappe.throw(message, title=_("Not possible"))
