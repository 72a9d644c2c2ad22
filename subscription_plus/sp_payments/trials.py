"""A trial that ended without a way to pay: the plan says whether to ask for the money, to pause or to cancel."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate, nowdate

from subscription_plus.engine.calendar import DAY
from subscription_plus.sp_billing import breaks, cancellation, mails, settings

from . import accounts, links


def ended(doc: Document) -> None:
    """The hook at a trial's end, before the first period is billed (`sp_trial_ends`), inside its unit of work.

    Where the customer pays by hand, or has a method, nothing follows: the first period is billed.
    """
    choice = doc.plan and frappe.get_cached_value("SP Subscription Plan", doc.plan, "trial_without_method")
    if choice not in ("Pause", "Cancel") or not doc.charge_automatically or accounts.method_for(doc):
        return
    if choice == "Cancel":
        cancellation.end_with_trial(doc.name, _("The trial ended without a payment method."))
    else:
        # Periods are counted from the day the customer brings a method.
        breaks.pause(doc.name, _first_billed_day(doc), new_anchor=True)
        context = {"trial_until": formatdate(doc.trial_until), "method_url": registration_link(doc)}
        mails.send(doc, settings.get("trial_paused_template"), context, about=("SP Subscription", doc.name))


def registration_link(doc: Document) -> str:
    """The hook `sp_method_links`: where a way to pay can be registered, empty where one is there or none is needed."""
    return "" if accounts.method_for(doc) else links.registration_link(doc)


def go_on(doc: Document) -> bool:
    """A method came for a subscription that waits for one since its trial: it goes on today. False: it does not wait."""
    waits = (
        doc.trial_until
        and doc.status == "Paused"
        and any(
            row.kind == "Pause" and not row.until_date and getdate(row.from_date) == _first_billed_day(doc)
            for row in doc.breaks
        )
        and accounts.method_for(doc)
        and not frappe.db.exists("SP Billing Period", {"subscription": doc.name})
    )
    if waits:
        breaks.resume(doc.name, getdate(nowdate()), new_anchor=True)
    return bool(waits)


def _first_billed_day(doc: Document) -> dt.date:
    return getdate(doc.trial_until) + DAY
