"""Subscribing: what a customer's choice of a plan will be billed, and the subscription made of it.

One verb for the website and for programs. Everything that decides a price is read here, on the server.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_years, cint, flt, getdate, nowdate

from subscription_plus import permissions
from subscription_plus.erp import customers, reckoning

from . import coupons, facts, periods, pipeline, plans, preview, publishing, settings
from .transactions import billing_session, in_own_transaction

DOCTYPE = "SP Subscription"


@dataclass(frozen=True)
class Choice:
    """What somebody wants to subscribe to. `quantity`: so often the plan; `online`: charged by a saved payment
    method or on the gateway's page, else paid by transfer."""

    plan: str
    customer: str
    start: dt.date
    quantity: int = 1
    coupon: str | None = None
    online: bool = True
    payment_method: str | None = None


@dataclass(frozen=True)
class Subscribed:
    """What came of it. Documents of the first period, where it is billed today already; `open`: whether the
    request still waits for money."""

    subscription: str
    sales_order: str | None = None
    payment_request: str | None = None
    sales_invoice: str | None = None
    open: bool = False
    error: str | None = None


def subscribe(choice: Choice, token: str | None = None) -> Subscribed:
    """Subscribe a customer to a plan and bill at once what is due today: order, request, charge of a saved method.

    The caller stands for the customer and sees the plan on the website, or may create subscriptions. `token`: a
    text of the caller's for this wish; the same one again answers what was made, and makes nothing.
    Errors: PermissionError; ValidationErrors say what to choose differently. Commits.
    """
    key = _key(choice, token)
    _check_caller(choice)

    def work() -> str:
        if known := _made_by(key):
            return known
        doc = draft(choice)
        doc.request_token = key
        # The customer has seen what will be billed: nobody needs an hour to correct it.
        doc.flags.by_verb = True
        # The caller's right to subscribe this customer was checked; website users create nothing by themselves.
        doc.flags.ignore_permissions = True
        try:
            return doc.insert().name
        except frappe.UniqueValidationError:
            if not key:
                raise
            frappe.db.rollback()
            frappe.clear_messages()
            return _made_by(key) or frappe.throw(_("Please try again."))

    name = in_own_transaction(work)
    outcome = pipeline.advance(name)
    return _outcome(name, outcome.error)


def made_before(choice: Choice, token: str) -> Subscribed | None:
    """What `subscribe` has made with this token, None where nothing."""
    _check_caller(choice)
    name = _made_by(_key(choice, token))
    return _outcome(name, None) if name else None


def _key(choice: Choice, token: str | None) -> str | None:
    """Nobody learns by a token of another customer's."""
    return hashlib.sha256(f"{choice.customer}|{token}".encode()).hexdigest()[:40] if token else None


def draft(choice: Choice) -> Document:
    """The subscription of a choice, complete and not stored: for looking at, and for storing.

    Errors (ValidationError): a start or a quantity that the plan does not allow, a plan that is not for sale.
    """
    plan = frappe.get_cached_doc("SP Subscription Plan", choice.plan)
    check_choice(plan, choice)
    doc = frappe.new_doc(DOCTYPE)
    # Frappe fills it with the site's default: the plan or the customer says it, else the company.
    doc.currency = doc.flags.given_currency = None
    doc.update(
        {
            "customer": choice.customer,
            "company": company_of(plan),
            "plan": plan.name,
            "start_date": choice.start,
            "coupon": choice.coupon or None,
            "charge_automatically": cint(choice.online),
            "payment_method": choice.payment_method if choice.online else None,
        }
    )
    price_list = website_price_list(choice.customer)
    if not plan.price_list and price_list != customers.default_price_list(choice.customer):
        doc.price_list = price_list  # else the customer's list is followed, also when it changes
    if not choice.online:
        doc.mode_of_payment = settings.get("transfer_mode_of_payment")
    if choice.quantity != 1:
        _multiply(doc, plan, choice.quantity)
    doc.run_method("before_validate")
    return doc


def _multiply(doc: Document, plan: Document, quantity: int) -> None:
    """Several of a plan in one subscription: each line and its credits so often, what counts once stays once."""
    for row in plans.lines_of(plan):
        doc.append("lines", row if row.get("once") else {**row, "qty": flt(row["qty"]) * quantity})
    for row in plans.credit_rules_of(plan):
        doc.append("credit_rules", {**row, "quantity": cint(row["quantity"]) * quantity})


def check_choice(plan: Document, choice: Choice) -> None:
    """Refuse what cannot be chosen."""
    plans.check_usable(plan, None, None)
    today = getdate(nowdate())
    if not today <= choice.start <= getdate(add_years(today, 1)):
        frappe.throw(_("It can start today or on a day of the coming year."))
    most = max(cint(plan.max_quantity), 1)
    if not 1 <= choice.quantity <= most:
        frappe.throw(_("{0} can be taken 1 to {1} times.").format(plan.plan_name, most))
    if choice.payment_method:
        owner = frappe.db.get_value("SP Payment Method", choice.payment_method, "customer")
        if owner != choice.customer:
            frappe.throw(_("Choose one of your own payment methods."))


def website_price_list(customer: str | None) -> str | None:
    """The list whose prices are shown and billed on the website: a customer's own, else the website's."""
    return (
        (customer and customers.own_price_list(customer))
        or settings.get("website_price_list")
        or customers.selling_price_list()
    )


def company_of(plan: Document) -> str:
    """Who sells a plan: its company, else the one of the settings, else the default one."""
    company = plan.company or default_company()
    if not company:
        frappe.throw(_("Plan {0} says no company. Set one on it or in the settings.").format(plan.name))
    return company


def default_company() -> str | None:
    """Who sells on the website what no plan says a company for."""
    return settings.get("website_company") or frappe.db.get_single_value("Global Defaults", "default_company")


def review(choice: Choice, count: int = 4) -> list[dict[str, Any]]:
    """What a choice will be billed: the planner's coming periods, with taxes, as ERPNext will reckon them.

    [{start, end, billing_date, days, whole_days, currency, total (before tax and discounts), discount, net, taxes:
    [(name, amount, whether prices hold it)], to_pay, lines, documents}], money in currency units.
    """
    _check_caller(choice)
    doc = draft(choice)
    if doc.coupon:
        coupons.check(doc)
    shown = []
    with billing_session():
        for piece, bill, flow in preview.coming_bills(doc, count):
            row = preview.describe(doc, piece, bill, flow)
            if bill.lines:
                found = reckoning.totals(bill, "Sales Order" if flow.make_order else "Sales Invoice")
                row |= {
                    "discount": float(found.discount),
                    "net": float(found.net),
                    "taxes": [(name, float(amount), held) for name, amount, held in found.taxes],
                    "to_pay": float(found.total),
                }
            else:
                row |= {"discount": 0.0, "net": 0.0, "taxes": [], "to_pay": 0.0}
            shown.append(row)
    return shown


def _check_caller(choice: Choice) -> None:
    """Staff subscribe whom they like; others the customers they stand for, to what they see on the website."""
    if permissions.is_staff(DOCTYPE) and frappe.has_permission(DOCTYPE, "create"):
        return
    if choice.customer not in customers.of_user(frappe.session.user):
        frappe.throw(_("You are not a user of this customer."), frappe.PermissionError)
    publishing.check_visible(frappe.get_doc("SP Subscription Plan", choice.plan))


def _made_by(key: str | None) -> str | None:
    return frappe.db.get_value(DOCTYPE, {"request_token": key}) if key else None


def _outcome(name: str, error: str | None) -> Subscribed:
    rows = facts.periods_of(name)
    if not rows:
        return Subscribed(name, error=error)
    first = rows[0]
    return Subscribed(
        name,
        first.sales_order,
        first.payment_request,
        first.sales_invoice,
        bool(first.payment_request) and periods.is_open(first) and flt(first.outstanding) > 0,
        error,
    )
