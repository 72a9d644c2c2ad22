"""Charges saved methods for what subscriptions ask for, and goes on with billing where money came.

Called after a subscription was brought up to date, outside of any transaction (hook `sp_collectors`).
"""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from subscription_plus.engine.attempts import AttemptStatus
from subscription_plus.sp_billing import facts
from subscription_plus.sp_billing.pipeline import advance
from subscription_plus.sp_billing.transactions import billing_session, unit_of_work

from . import accounts, attempts, dunning, gateways, pages, trials
from .gateways.base import GatewayError, GatewayUnavailable, Result

WAITING = ("Awaiting Payment", "Payment Processing")


def collect(subscription: str) -> tuple[str, ...]:
    """Charge what is due, work off the dunning steps and end what is paid; the periods in which something changed."""
    rows = [row for row in facts.periods_of(subscription) if row.status in WAITING or row.dunning_since]
    if not rows:
        return ()
    if not (frappe.db.exists("SP Stripe Account", {"enabled": 1}) or frappe.db.exists("SP Dunning Policy")):
        return ()
    doc = frappe.get_doc("SP Subscription", subscription)
    moved = []
    for row in rows:
        if row.status not in WAITING:
            dunning.end(doc, row)
            continue
        dunning.begin_where_forgotten(row)
        retry = dunning.work_off(doc, row)
        if _charge(doc, row, retry):
            moved.append(row.name)
    return tuple(moved)


def method_came(subscription: str) -> None:
    """The job after a customer brought another way to pay, or chose another default."""
    doc = frappe.get_doc("SP Subscription", subscription)
    if doc.status == "Paused":
        with billing_session():
            unit_of_work(lambda: trials.go_on(doc))
    advance(subscription)


def _charge(doc: Document, row: frappe._dict, retry: bool) -> bool:
    """Charge a period's request, once for each method, and again when the policy says so."""
    method = accounts.method_for(doc) if row.payment_request and doc.charge_automatically else None
    if not method or _came_back(row.name, method):
        return False
    tried = _tried(row.name, method.name)
    if tried and not retry:
        return False
    # A charge that waits for the customer's confirmation is given up for another method only.
    pages.close_open(row.payment_request, give_up=not tried)
    attempt = attempts.create(
        row.payment_request,
        "Charge",
        method.account,
        payment_method=method.name,
        gateway_customer=method.gateway_customer,
    )
    if not attempt:
        # Paid on a page a moment ago, or on its way: the period may move on.
        return True
    status = send(attempt.name)
    if status in (AttemptStatus.FAILED, AttemptStatus.NEEDS_ACTION):
        dunning.begin(attempt.name)
    return status is not None


def _tried(period: str, method: str) -> bool:
    """Whether this method was tried for the period: a failure is retried by the policy, not by each run. What
    the gateway never heard of was no try."""
    return any(
        row.payment_id or row.status != AttemptStatus.CANCELLED.value
        for row in frappe.get_all(
            attempts.DOCTYPE,
            filters={"billing_period": period, "payment_method": method, "kind": "Charge"},
            fields=["status", "payment_id"],
        )
    )


def _came_back(period: str, method: Document) -> bool:
    """Whether money of the period went back by a dispute or a refund: what the customer, or a person here, took
    back is not taken again by itself. A method that the customer brings afterwards is."""
    return any(
        row.payment_method == method.name or row.creation > method.creation
        for row in frappe.get_all(
            attempts.DOCTYPE,
            filters={"billing_period": period, "status": AttemptStatus.REVERSED.value},
            fields=["payment_method", "creation"],
        )
    )


def send(name: str) -> AttemptStatus | None:
    """Charge an attempt, or find out what became of it: with its key, the gateway charges once. None: unknown."""
    attempts.mark_sent(name)
    attempt, asked = frappe.get_doc(attempts.DOCTYPE, name), now_datetime()
    try:
        result = gateways.of(attempt.account).charge(attempts.order_of(attempt))
    except GatewayUnavailable as error:
        attempts.mark_unknown(name, str(error))
        return None
    except GatewayError as error:
        result = Result(AttemptStatus.FAILED, message=str(error))
    return attempts.apply(name, result, asked)
