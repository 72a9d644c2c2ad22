"""Plans over REST: what is offered, what a choice will be billed, and subscribing to it."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint, getdate, nowdate

from subscription_plus import permissions
from subscription_plus.sp_billing import idempotency, publishing, subscribing
from subscription_plus.sp_billing.idempotency import once
from subscription_plus.sp_payments import links

from .answers import PlanOffered, ReviewedPeriod, Subscribed
from .reading import Day, day

MOST_PERIODS = 24


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=600, seconds=3600)
def offered() -> list[PlanOffered]:
    """The published plans that the caller sees on the website, in its order."""
    fields = [
        "plan_name",
        "description",
        "route",
        "currency",
        "recurrence_period",
        "trial_days",
        "minimum_term",
        "max_quantity",
    ]
    return [
        {
            "plan": row.name,
            "title": row.plan_name,
            "description": row.description,
            "url": publishing.address(row, publishing.PLAN),
            "currency": row.currency,
            "recurrence_period": row.recurrence_period,
            "trial_days": cint(row.trial_days),
            "minimum_term": cint(row.minimum_term),
            "max_quantity": max(cint(row.max_quantity), 1),
        }
        for row in publishing.visible(publishing.PLAN, fields)
    ]


@frappe.whitelist(methods=["GET", "POST"])
def preview(
    plan: str,
    quantity: int = 1,
    start_date: Day | None = None,
    coupon: str | None = None,
    customer: str | None = None,
    count: int = 4,
) -> list[ReviewedPeriod]:
    """What subscribing would be billed: the coming periods with their taxes, as ERPNext reckons them. Writes nothing."""
    choice = _choice(plan, quantity, start_date, coupon, customer)
    periods = subscribing.review(choice, min(max(cint(count), 1), MOST_PERIODS))
    return [
        {**period, "taxes": [{"name": name, "amount": amount} for name, amount in period["taxes"]]}
        for period in periods
    ]


@frappe.whitelist(methods=["POST"])
@once
def subscribe(
    plan: str,
    quantity: int = 1,
    start_date: Day | None = None,
    coupon: str | None = None,
    online: int = 1,
    payment_method: str | None = None,
    customer: str | None = None,
) -> Subscribed:
    """Subscribe to a plan and bill at once what is due today: the documents, and the link that pays.

    `online`: charged by a saved method or on the gateway's page; 0: by transfer. `start_date`: today, or a day of the
    coming year. `quantity`: so often the plan.
    """
    choice = _choice(plan, quantity, start_date, coupon, customer, bool(cint(online)), payment_method)
    made = subscribing.subscribe(choice, idempotency.key())
    error = made.error
    if error and not permissions.is_staff(subscribing.DOCTYPE):
        error = _("It could not be billed yet. We look into it.")
    return {
        "subscription": made.subscription,
        "sales_order": made.sales_order,
        "payment_request": made.payment_request,
        "sales_invoice": made.sales_invoice,
        "payment_link": (links.for_request(made.payment_request) or None) if made.open else None,
        "error": error,
    }


def _choice(
    plan: str,
    quantity: int,
    start_date: str | None,
    coupon: str | None,
    customer: str | None,
    online: bool = True,
    payment_method: str | None = None,
) -> subscribing.Choice:
    customer = permissions.customer_of_caller(customer, subscribing.DOCTYPE)
    start = day(start_date) or getdate(nowdate())
    return subscribing.Choice(plan, customer, start, quantity, coupon or None, online, payment_method or None)
