"""Ends a subscription, takes that back, and begins it again."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate, nowdate

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.lifecycle import last_day
from subscription_plus.engine.planning import whole_period_holding

from . import facts, mails, rights, settings, withdrawal
from .verbs import by_customer, for_staff, refuse, verb

NOW, PERIOD_END, DATE = "Now", "Period End", "Date"


def cancel(
    name: str,
    at: str = PERIOD_END,
    date: dt.date | None = None,
    reason: str | None = None,
    prorate: bool | None = None,
    credit_unused_days: bool = False,
    enforce_commitment: bool = True,
) -> dt.date:
    """Set the last day of a subscription and return it.

    `at`: Now (today is the last day, nothing if it has not begun), Period End, or Date (`date`, inclusive,
    not in the past). `prorate` overrides the recurrence's setting for a last period that is cut.
    `credit_unused_days`: a credit note for days paid in advance, made when the last day has come.
    `enforce_commitment` off: for what the house decides itself, like dunning.
    Customers: Period End, or a later Date; the other choices are the staff's.
    """
    with verb(name, "Cancelled", reason or "", rights.CANCEL) as doc:
        for_staff(doc, at == NOW, prorate is not None, credit_unused_days)
        if doc.cancellation_date:
            refuse(_("It is cancelled already, last day {0}.").format(formatdate(doc.cancellation_date)))
        if doc.status == "Completed":
            refuse(_("It is completed; there is nothing left to cancel."))
        today = getdate(nowdate())
        last = _last_day(doc, at, date, today)
        if by_customer(doc) and last < (earliest := _last_day(doc, PERIOD_END, None, today)):
            refuse(_("It can end on {0} or later.").format(formatdate(earliest)))
        if enforce_commitment:
            _check_commitment(doc, last)
        doc.cancellation_date = last
        doc.cancellation_reason = reason
        doc.credit_unused_days = int(credit_unused_days)
        if prorate is not None:
            doc.prorate_last_invoice = int(prorate)
        withdrawal.withdraw_after(doc, last)
    _confirm(doc, last)
    return last


def _confirm(doc: Document, last: dt.date) -> None:
    if settings.get("send_cancellations"):
        mails.send(
            doc,
            settings.get("cancellation_template"),
            {"last_day": formatdate(last)},
            about=("SP Subscription", doc.name),
        )


def end_with_trial(name: str, reason: str) -> None:
    """End a subscription with the last day of its trial, which may be over already; nothing is billed."""
    with verb(name, "Cancelled", reason) as doc:
        doc.cancellation_date = getdate(doc.trial_until)
        doc.cancellation_reason = reason
    _confirm(doc, doc.cancellation_date)


def earliest(doc: Document) -> dt.date:
    """The first last day that a user of the customer can choose today: after the plan's notice and commitment."""
    doc.flags.rights_of_customer = rights.of(doc.plan)
    end = _last_day(doc, PERIOD_END, None, getdate(nowdate()))
    return max(end, facts.date(doc.commitment_until) or end)


def _last_day(doc: Document, at: str, date: dt.date | None, today: dt.date) -> dt.date:
    start = getdate(doc.start_date)
    plan = facts.facts(doc)
    if at == NOW:
        # Not begun, or begun today without being billed: it ends before its first day, and bills nothing.
        billed = frappe.db.exists("SP Billing Period", {"subscription": doc.name})
        return today if billed or today > start else start - DAY
    if at == PERIOD_END:
        period = whole_period_holding(plan, max(rights.day_of(doc), plan.first_billed_day))
        if doc.trial_until and today <= getdate(doc.trial_until):
            return getdate(doc.trial_until)
        last = period.end if period else today
        return last_day(last, facts.date(doc.end_date)) or last
    if at != DATE or not date:
        refuse(_("Say when it ends: Now, Period End, or Date with a date."))
    if date < max(today, start - DAY):
        refuse(_("The last day cannot lie in the past ({0}).").format(formatdate(date)))
    if doc.end_date and date > getdate(doc.end_date):
        refuse(_("It ends on {0} by contract already.").format(formatdate(doc.end_date)))
    return date


def _check_commitment(doc: Document, last: dt.date) -> None:
    if not doc.commitment_until or last >= getdate(doc.commitment_until):
        return
    role = settings.get("override_commitment_role")
    if role not in frappe.get_roles():
        refuse(
            _(
                "The customer is committed until {0}. Cancel at that date, or ask someone with the role {1}."
            ).format(formatdate(doc.commitment_until), role or "-")
        )


def undo(name: str) -> None:
    """Take a cancellation back before its day has come: the periods stay where they were."""
    with verb(name, "Cancellation Undone", right=rights.CANCEL) as doc:
        if not doc.cancellation_date:
            refuse(_("It is not cancelled."))
        if getdate(doc.cancellation_date) <= getdate(nowdate()):
            refuse(_("Its last day has come. Restart it instead."))
        doc.cancellation_date = doc.cancellation_reason = None
        doc.credit_unused_days = 0


def restart(
    name: str, on: dt.date | None = None, new_anchor: bool = True, end_date: dt.date | None = None
) -> None:
    """Begin an ended subscription again on a day (today by default); what was billed is not billed again.

    `new_anchor`: periods are counted from that day; else they stay where they were. Customers choose none of it.
    """
    with verb(name, "Restarted", right=rights.RESTART) as doc:
        for_staff(doc, on, end_date, not new_anchor)
        last = last_day(facts.date(doc.cancellation_date), facts.date(doc.end_date))
        if doc.status not in ("Cancelled", "Completed") or not last:
            refuse(_("Only a cancelled or completed subscription can be restarted."))
        on = on or max(getdate(nowdate()), last + DAY)
        if on <= last:
            refuse(_("It can begin again after its last day, {0}.").format(formatdate(last)))
        if end_date and end_date < on:
            refuse(
                _("It would end on {0}, before it begins again on {1}.").format(
                    formatdate(end_date), formatdate(on)
                )
            )
        doc.append(
            "breaks",
            {
                "kind": "Ended",
                "from_date": last + DAY,
                "until_date": on - DAY,
                "new_anchor": int(new_anchor),
            },
        )
        doc.cancellation_date = doc.cancellation_reason = None
        doc.credit_unused_days = 0
        doc.end_date = end_date
