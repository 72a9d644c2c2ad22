"""The webhook inbox: verified and stored at once, worked off by the queue, in any order and any number of times.

An event is a hint where to look. What happened is asked from the gateway, so old, repeated and reordered
events come to the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from subscription_plus.sp_billing.transactions import billing_session, unit_of_work

from . import attempts, gateways, settling
from .gateways.base import GatewayError, GatewayUnavailable, Notice

DOCTYPE = "SP Webhook Event"
MOST_TRIES = 12


def receive(account: str, body: bytes, headers: Mapping[str, str]) -> str:
    """Verify and store a webhook, and hand it to the queue; its id. WebhookRefused fails closed.

    An event that is there already is done: the answer is the same.
    """
    if not frappe.db.exists("SP Stripe Account", {"name": account, "enabled": 1}):
        raise gateways.base.WebhookRefused("No such account.")
    notice = gateways.of(account).notice(body, headers)
    if frappe.db.exists(DOCTYPE, notice.event_id):
        return notice.event_id
    event = frappe.get_doc(
        {
            "doctype": DOCTYPE,
            "name": notice.event_id,
            "event_id": notice.event_id,
            "account": account,
            "event_type": notice.kind,
            "status": "Received",
            "received_at": now_datetime(),
            "next_try_at": now_datetime(),
            "attempt": _attempt_of(notice, account),
            "payload": frappe.as_json(notice.payload),
        }
    )
    try:
        event.db_insert()
    except frappe.DuplicateEntryError:
        frappe.db.rollback()  # the same event came in twice at the same moment
        return notice.event_id
    frappe.enqueue(
        "subscription_plus.sp_payments.webhooks.work_off",
        queue="short",
        job_id=f"sp_webhook::{notice.event_id}",
        deduplicate=True,
        enqueue_after_commit=True,
        webhook=notice.event_id,
    )
    return notice.event_id


def _attempt_of(notice: Notice, account: str) -> str | None:
    """The attempt an event is about, of this account only."""
    for filters in (
        {"name": notice.attempt},
        {"payment_id": notice.payment_id},
        {"session_id": notice.session_id},
    ):
        if all(filters.values()):
            found = frappe.db.get_value(attempts.DOCTYPE, {**filters, "account": account})
            if found:
                return found
    return None


def work_off(webhook: str) -> None:
    """Ask the gateway what an event hints at and take it over; tried again later where it gives no answer.

    Not called `event`, as everywhere else: that is an argument of the queue's own, and would not come through.
    """
    event = webhook
    row = frappe.db.get_value(DOCTYPE, event, ["status", "attempt", "tries"], as_dict=True)
    if not row or row.status in ("Done", "Ignored"):
        return
    if not row.attempt:
        _note(event, "Ignored", _("It is about no payment of this site."))
        return
    try:
        known = settling.ask(row.attempt)
    except attempts.PaymentMismatch as error:
        _note(event, "Ignored", str(error))
    except (GatewayError, GatewayUnavailable) as error:
        _later(event, cint(row.tries), str(error))
    except Exception as error:
        # What cannot be booked now (closed books, a lost race) must not stand in the way of other events.
        frappe.db.rollback()
        frappe.log_error(title=f"Webhook {event}", message=frappe.get_traceback())
        _later(event, cint(row.tries), str(error))
    else:
        if known is None:
            _later(event, cint(row.tries), _("The gateway gave no answer."))
        else:
            _note(event, "Done", "")


def _note(event: str, status: str, reason: str) -> None:
    with billing_session():
        unit_of_work(
            lambda: frappe.db.set_value(
                DOCTYPE, event, {"status": status, "reason": reason, "next_try_at": None}
            )
        )


def _later(event: str, tries: int, reason: str) -> None:
    status = "Failed" if tries + 1 >= MOST_TRIES else "Received"
    wait = dt.timedelta(minutes=1) * (1 << min(tries, 10))
    next_try = None if status == "Failed" else now_datetime() + wait
    with billing_session():
        unit_of_work(
            lambda: frappe.db.set_value(
                DOCTYPE,
                event,
                {"status": status, "reason": reason, "tries": tries + 1, "next_try_at": next_try},
            )
        )


def work_off_waiting() -> None:
    """Work off events that wait for another try, or whose job was lost."""
    for event in frappe.get_all(
        DOCTYPE,
        filters=[
            ["status", "=", "Received"],
            ["next_try_at", "is", "set"],
            ["next_try_at", "<=", now_datetime()],
        ],
        order_by="creation",
        limit=500,
        pluck="name",
    ):
        work_off(event)


def replay(event: str) -> None:
    """Work an event off once more, at a person's wish."""
    frappe.db.set_value(DOCTYPE, event, {"status": "Received", "tries": 0, "next_try_at": now_datetime()})
    frappe.db.commit()
    work_off(event)
