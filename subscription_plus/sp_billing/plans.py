"""What a plan gives a subscription: its lines, recurrence, trial, terms."""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from subscription_plus.engine.calendar import DAY

from . import facts

TAKEN_OVER = (
    "recurrence_period",
    "currency",
    "price_list",
    "taxes_and_charges",
    "payment_terms_template",
    "tc_name",
)


def lines_of(plan: Document) -> list[dict[str, Any]]:
    """The plan's lines, as new rows of a subscription."""
    skipped = ("billed_once_in", "sales_order_item")
    return [
        {
            field.fieldname: row.get(field.fieldname)
            for field in row.meta.fields
            if field.fieldname not in skipped and row.get(field.fieldname) is not None
        }
        for row in plan.lines
    ]


def credit_rules_of(plan: Document) -> list[dict[str, Any]]:
    """The plan's credit rules, as new rows of a subscription."""
    return [
        {field.fieldname: row.get(field.fieldname) for field in row.meta.fields} for row in plan.credit_rules
    ]


def check_usable(plan: Document, company: str | None, currency: str | None) -> None:
    """Refuse a plan that is disabled, of another company, or in another currency."""
    if plan.disabled:
        frappe.throw(_("Plan {0} is disabled.").format(plan.name))
    if plan.company and company and plan.company != company:
        frappe.throw(_("Plan {0} is for {1}.").format(plan.name, plan.company))
    if plan.currency and currency and plan.currency != currency:
        frappe.throw(
            _("Plan {0} is in {1}, the subscription in {2}.").format(plan.name, plan.currency, currency)
        )


def fill(doc: Document) -> None:
    """Fill a new subscription from its plan; what the person has entered stays."""
    plan = frappe.get_cached_doc("SP Subscription Plan", doc.plan)
    check_usable(plan, doc.company, doc.currency)
    for field in TAKEN_OVER:
        if plan.get(field) and not doc.get(field):
            doc.set(field, plan.get(field))
    if not doc.lines:
        for row in lines_of(plan):
            doc.append("lines", row)
        if not doc.credit_rules:
            doc.extend("credit_rules", credit_rules_of(plan))
    if cint(plan.trial_days) and not doc.trial_until:
        doc.trial_until = getdate(doc.start_date) + dt.timedelta(days=cint(plan.trial_days) - 1)
    if cint(plan.minimum_term) and not doc.commitment_until:
        plan_facts = facts.facts(doc)
        first = plan_facts.first_billed_day
        calendar = plan_facts.recurrence.calendar(first)
        doc.commitment_until = calendar.start(cint(plan.minimum_term)) - DAY
