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

from . import events, facts, state
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
)


@contextmanager
def verb(name: str, event: str, message: str = "") -> Iterator[Document]:
    """Change a subscription under its lock, after the caller's right to write it was checked.

    Saved, recorded and refreshed at the end; the caller's transaction commits it. What is to be billed is
    billed by the next run, or by Update Now.
    """
    lock_subscription(name)
    doc = frappe.get_doc("SP Subscription", name)
    doc.check_permission("write")
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
        {key: row.get(key) for key in ("item", "qty", "from_date", "to_date")} for row in doc.lines
    ]
    return json.loads(frappe.as_json(picture))


def refuse(message: str) -> None:
    """Refuse a verb: a clear sentence that says what to do instead."""
    frappe.throw(message, title=_("Not possible"))
