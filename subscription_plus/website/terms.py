"""A plan's terms in sentences: how often, how long, what is included, how it ends."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint

from . import words


def every(recurrence: frappe._dict) -> str:
    """How often a price is paid: per month, every 4 weeks."""
    count = cint(recurrence.interval_count) or 1
    if count == 1:
        return {
            "Day": _("per day"),
            "Week": _("per week"),
            "Month": _("per month"),
            "Quarter": _("per quarter"),
            "Year": _("per year"),
        }[recurrence.unit]
    return _("every {0}").format(length(recurrence.unit, count))


def length(unit: str, count: int) -> str:
    """A length of time: 3 months, 1 year."""
    one, many = {
        "Day": (_("{0} day"), _("{0} days")),
        "Week": (_("{0} week"), _("{0} weeks")),
        "Month": (_("{0} month"), _("{0} months")),
        "Quarter": (_("{0} quarter"), _("{0} quarters")),
        "Year": (_("{0} year"), _("{0} years")),
    }[unit]
    return (one if count == 1 else many).format(words.number(count))


def of_plan(plan: frappe._dict, recurrence: frappe._dict) -> list[tuple[str, str]]:
    """(what, how it is) for a plan: trial, billing, minimum term, how to cancel."""
    found = []
    if cint(plan.trial_days):
        free = _("{0} free. The first payment is due the day after.")
        found.append((_("Trial"), free.format(length("Day", cint(plan.trial_days)))))
    found.append((_("Billing"), billing(recurrence)))
    minimum = cint(plan.minimum_term) * (cint(recurrence.interval_count) or 1)
    if minimum:
        found.append((_("Minimum term"), length(recurrence.unit, minimum)))
    found.append((_("Cancelling"), cancelling(plan, bool(minimum))))
    return found


def billing(recurrence: frappe._dict) -> str:
    """When is billed, and what of the days before the first billing day."""
    when = {
        "End of Period": _("At the end of each period, for the days gone by."),
        "Days Before Start": _("{0} before each period begins.").format(
            length("Day", cint(recurrence.days_before))
        ),
    }.get(recurrence.bill_at, _("At the beginning of each period."))
    if not cint(recurrence.billing_day):
        return when
    day = (
        _("Periods begin on the last day of the month.")
        if cint(recurrence.billing_day) == 31
        else _("Periods begin on day {0} of the month.").format(cint(recurrence.billing_day))
    )
    stub = {
        "Free": _("The days before the first one are free."),
        "Full Price": _("The days before the first one cost a whole period."),
    }.get(recurrence.stub_billing, _("Of the days before the first one you pay for those you use."))
    return f"{when} {day} {stub}"


def cancelling(plan: frappe._dict, committed: bool) -> str:
    """How a customer gets out of it."""
    if committed:
        how = _("To the end of the minimum term; afterwards at any time, to the end of the period.")
    else:
        how = _("At any time. It ends with the period that is running.")
    if cint(plan.customer_notice_days):
        notice = _("Notice: {0} before the end of the period.")
        how += " " + notice.format(length("Day", cint(plan.customer_notice_days)))
    return how + " " + (_("Online, in your account.") if plan.customer_may_cancel else _("Write to us."))


def credits(rule: frappe._dict) -> str:
    """A credit rule in words: 10 Meeting Room Hours each month."""
    if rule.unlimited:
        return _("{0}: as much as you like").format(rule.credit_type)
    counted = f"{words.number(rule.quantity)} {rule.credit_type}"
    return {
        "Once": _("{0}, once"),
        "Daily": _("{0} each day"),
        "Weekly": _("{0} each week"),
        "Monthly": _("{0} each month"),
        "Each Period": _("{0} each period"),
    }[rule.frequency].format(counted)


def included(line: frappe._dict) -> str:
    """A line in words: 4 × Dedicated Desk."""
    name = line.item_name or line.item
    return name if line.qty == 1 else f"{words.number(line.qty)} × {name}"
