"""Dunning: what a policy does after a payment failed or stayed away; each step once, ended by the payment."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate

from subscription_plus.engine import dunning as rules
from subscription_plus.engine.dunning import Action, DunningStep
from subscription_plus.sp_billing import breaks, cancellation, events, mails, settings
from subscription_plus.sp_billing.periods import DOCTYPE as PERIOD
from subscription_plus.sp_billing.transactions import billing_session, lock_subscription, unit_of_work

from . import attempts, links


def policy_of(doc: Document) -> str | None:
    """The subscription's policy, else its plan's, else the settings'."""
    plan = doc.plan and frappe.get_cached_value("SP Subscription Plan", doc.plan, "dunning_policy")
    return doc.dunning_policy or plan or settings.get("dunning_policy")


def steps_of(policy: str | None) -> list[DunningStep]:
    """A policy's steps by day; none where there is no policy."""
    if not policy:
        return []
    rows = frappe.get_cached_doc("SP Dunning Policy", policy).steps
    steps = [
        DunningStep(cint(row.days), bool(row.retry), row.email_template or None, Action(row.action or ""))
        for row in rows
    ]
    return sorted(steps, key=lambda step: step.days)


def begin(attempt: str) -> None:
    """A charge failed, or waits for the customer: tell the customer, and count days from today."""
    row = frappe.get_doc(attempts.DOCTYPE, attempt)
    if not row.subscription or not row.billing_period:
        return
    doc = frappe.get_doc("SP Subscription", row.subscription)

    def write() -> None:
        lock_subscription(doc.name)
        if not attempts.still_owed(row.name):
            return  # a credit note, or another payment, has settled it
        if not frappe.db.get_value(PERIOD, row.billing_period, "dunning_since"):
            _start(doc, row.billing_period, getdate(nowdate()))
        needs_action = row.status == "Needs Action"
        template = settings.get("confirm_template" if needs_action else "payment_failed_template")
        _mail(
            doc,
            template,
            frappe._dict(name=row.billing_period, payment_request=row.payment_request),
            row.message,
        )

    with billing_session():
        unit_of_work(write)


def begin_where_forgotten(row: frappe._dict) -> None:
    """A charge failed and the process ended before dunning began."""
    failed = not row.dunning_since and frappe.db.get_value(
        attempts.DOCTYPE,
        {"billing_period": row.name, "kind": "Charge", "status": ("in", ("Failed", "Needs Action"))},
        order_by="creation desc",
    )
    if failed:
        begin(failed)
        row.dunning_since = frappe.db.get_value(PERIOD, row.name, "dunning_since")


def _start(doc: Document, period: str, since: dt.date) -> None:
    frappe.db.set_value(PERIOD, period, {"dunning_since": since, "dunning_steps_done": 0})
    events.record(doc.name, "Dunning Started", period=period)


def work_off(doc: Document, row: frappe._dict) -> bool:
    """Do the steps of a period's dunning whose day has come; whether one of them wants another charge."""
    policy = policy_of(doc)
    if not policy:
        return False
    today = getdate(nowdate())
    if not row.dunning_since:
        if not _is_late(row, policy, today):
            return False
        row.dunning_since = today
        with billing_session():
            unit_of_work(lambda: _start(doc, row.name, today))
    retry = False
    for number, step in rules.due_steps(
        steps_of(policy), getdate(row.dunning_since), cint(row.dunning_steps_done), today
    ):
        with billing_session():
            unit_of_work(lambda number=number, step=step: _take(doc, row, number, step))
        retry |= step.retry
        if step.action is Action.CANCEL:
            break
    return retry


def _is_late(row: frappe._dict, policy: str, today: dt.date) -> bool:
    """Nothing was charged and nothing came: overdue by more than the policy's grace."""
    grace = cint(frappe.get_cached_value("SP Dunning Policy", policy, "grace_days"))
    return bool(row.due_date and row.outstanding and getdate(row.due_date) + dt.timedelta(days=grace) < today)


def _take(doc: Document, row: frappe._dict, number: int, step: DunningStep) -> None:
    """One step: marked done and carried out in one transaction, so that it is never taken twice."""
    lock_subscription(doc.name)
    done = cint(frappe.db.get_value(PERIOD, row.name, "dunning_steps_done", for_update=True))
    if done > number:
        return
    frappe.db.set_value(PERIOD, row.name, "dunning_steps_done", number + 1)
    events.record(
        doc.name,
        "Dunning Step",
        _("Day {0}: {1}").format(step.days, _(step.action.value) if step.action.value else "-"),
        period=row.name,
    )
    if step.mail:
        _mail(doc, step.mail, row, "")
    if step.action is Action.RESTRICT:
        frappe.db.set_value("SP Subscription", doc.name, "restricted", 1, update_modified=False)
    elif step.action is Action.UNPAID:
        frappe.db.set_value("SP Subscription", doc.name, "unpaid", 1, update_modified=False)
    elif step.action is Action.PAUSE and doc.status == "Active":
        breaks.pause(doc.name)
    elif step.action is Action.CANCEL and doc.status not in ("Cancelled", "Completed"):
        cancellation.cancel(doc.name, cancellation.NOW, reason=_("Not paid"), enforce_commitment=False)


def end(doc: Document, row: frappe._dict) -> None:
    """A period is paid: dunning is over, and what it restricted is open again once nothing else is owed."""

    def write() -> None:
        lock_subscription(doc.name)
        frappe.db.set_value(PERIOD, row.name, {"dunning_since": None, "dunning_steps_done": 0})
        events.record(doc.name, "Dunning Ended", period=row.name)
        others = frappe.db.exists(
            PERIOD, {"subscription": doc.name, "dunning_since": ("is", "set"), "name": ("!=", row.name)}
        )
        if not others:
            frappe.db.set_value(
                "SP Subscription", doc.name, {"restricted": 0, "unpaid": 0}, update_modified=False
            )

    with billing_session():
        unit_of_work(write)


def _mail(doc: Document, template: str | None, row: frappe._dict, reason: str) -> None:
    if not template or not row.payment_request:
        return
    request = frappe.get_doc("Payment Request", row.payment_request)
    context = {
        "period": frappe.get_doc(PERIOD, row.name),
        "payment_request": request,
        "amount": frappe.utils.fmt_money(request.grand_total, currency=request.currency),
        "payment_url": links.payment_link(request.name),
        "reason": reason or "",
    }
    mails.send(doc, template, context, about=("Payment Request", request.name))
