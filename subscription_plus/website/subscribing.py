"""Subscribing on the website: the steps, their forms, and the order. What counts is decided in sp_billing.

The steps' answers travel in the address until the order is placed, so that going back, reloading and coming back
from the login lose nothing, and nothing is stored for who only looks.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, get_fullname, getdate

from subscription_plus.erp import customers
from subscription_plus.sp_billing import publishing, settings, subscribing
from subscription_plus.sp_billing.subscribing import Choice, Subscribed
from subscription_plus.sp_payments import accounts, pages
from subscription_plus.sp_payments.gateways.base import GatewayError, GatewayUnavailable

from . import caller, flash, offers_seen
from .forms import form

OPTIONS, ACCOUNT, DETAILS, PAYMENT, REVIEW = "options", "account", "details", "payment", "review"
ANSWERS = ("quantity", "start", "method", "coupon")
ADDRESS = ("address_line1", "address_line2", "pincode", "city", "country")
ONLINE, TRANSFER, SAVED = "online", "transfer", "saved:"
BACK = "/plans/{plan_route}/subscribe?step="


def titles() -> list[tuple[str, str]]:
    """The steps in order."""
    return [
        (OPTIONS, _("Your choice")),
        (ACCOUNT, _("Account")),
        (DETAILS, _("Address")),
        (PAYMENT, _("Payment")),
        (REVIEW, _("Review")),
    ]


def address_of(route: str, step: str, answers: dict[str, Any]) -> str:
    """A step's address, with what was answered so far."""
    given = {key: answers[key] for key in ANSWERS if answers.get(key) not in (None, "")}
    return f"/plans/{route}/subscribe?{urlencode({'step': step, **given})}"


def step_for(wanted: str, answers: dict[str, Any]) -> str:
    """The step to show: the wanted one, or the first before it that is not answered."""
    known = [key for key, _title in titles()]
    wanted = wanted if wanted in known else OPTIONS
    if wanted == OPTIONS or not answers.get("start"):
        return OPTIONS
    if frappe.session.user == "Guest":
        return ACCOUNT
    if wanted == ACCOUNT:
        wanted = DETAILS
    if wanted in (PAYMENT, REVIEW) and not ready_customer():
        return DETAILS
    if wanted == REVIEW and not answers.get("method"):
        return PAYMENT
    return wanted


def ready_customer() -> str | None:
    """The caller's customer, once it has a billing address; who stands for several subscribes the first."""
    own = caller.customers()
    return own[0] if own and customers.billing_address(own[0]) else None


def methods(plan: Document, customer: str) -> list[tuple[str, str, str]]:
    """How it can be paid: (value, label, help)."""
    account = accounts.of_company(subscribing.company_of(plan))
    found = []
    if account:
        for row in frappe.get_all(
            "SP Payment Method",
            filters={"customer": customer, "account": account, "status": "Active"},
            fields=["name", "kind", "brand", "last4"],
            order_by="is_default desc, creation desc",
        ):
            label = " ".join(
                filter(None, (_(row.kind), (row.brand or "").title(), "•••• " + (row.last4 or "")))
            )
            found.append((SAVED + row.name, label, _("The one you have saved.")))
        help_text = _("You enter it on our payment provider's page. It pays the coming periods too.")
        found.append((ONLINE, _("Card or direct debit"), help_text))
    if settings.get("accept_transfers") or not found:
        found.append((TRANSFER, _("Bank transfer"), _("You get a request for each payment.")))
    return found


def choice_of(plan: Document, customer: str, answers: dict[str, Any]) -> Choice:
    """The answers as a choice. ValidationError for a method that is not offered, or a day that is none."""
    method = answers.get("method") or ""
    if method not in [value for value, _label, _help in methods(plan, customer)]:
        frappe.throw(_("Choose how you would like to pay."))
    try:
        start = getdate(answers.get("start"))
    except frappe.ValidationError:
        start = None
    if not start:
        frappe.throw(_("Choose the day it starts."))
    return Choice(
        plan.name,
        customer,
        start,
        cint(answers.get("quantity") or 1),
        coupon=(answers.get("coupon") or "").strip() or None,
        online=method != TRANSFER,
        payment_method=method.removeprefix(SAVED) if method.startswith(SAVED) else None,
    )


@frappe.whitelist(methods=["POST"])
@form(BACK + DETAILS + "&quantity={quantity}&start={start}&method={method}&coupon={coupon}")
def save_details(
    plan_route: str,
    customer_name: str = "",
    address_line1: str = "",
    address_line2: str = "",
    pincode: str = "",
    city: str = "",
    country: str = "",
    quantity: str = "1",
    start: str = "",
    method: str = "",
    coupon: str = "",
) -> str:
    """The name and address that bills go to: of the caller's customer, or of a new one."""
    publishing.find(publishing.PLAN, plan_route)
    if frappe.session.user == "Guest":
        frappe.throw(_("Please log in."), frappe.PermissionError)
    given = dict(zip(ADDRESS, (address_line1, address_line2, pincode, city, country), strict=True))
    given = {key: value.strip() for key, value in given.items()}
    for key, label in (("address_line1", _("Street")), ("city", _("Town")), ("country", _("Country"))):
        if not given[key]:
            frappe.throw(_("Fill in: {0}").format(label))
    own = caller.customers()
    customer = own[0] if own else _new_customer(customer_name)
    customers.save_address(customer, given)
    answers = {"quantity": quantity, "start": start, "method": method, "coupon": coupon}
    return address_of(plan_route, PAYMENT, answers)


def _new_customer(name: str) -> str:
    user = frappe.session.user
    return customers.create_for_user(
        user,
        name.strip() or get_fullname(user),
        settings.get("website_customer_group"),
        settings.get("website_price_list"),
    )


@frappe.whitelist(methods=["POST"])
@form(BACK + PAYMENT + "&quantity={quantity}&start={start}&method={method}&coupon={coupon}")
def order(
    plan_route: str,
    token: str,
    seen: str,
    quantity: str = "1",
    start: str = "",
    method: str = "",
    coupon: str = "",
    agree: str = "",
) -> str:
    """Place the order: the subscription and what is due today; on to the gateway, or to the thanks.

    `token`: of this review's form; sent twice it orders once. `seen`: what the review has shown (see `digest`): where
    something changed since, the review is shown again instead.
    """
    plan = publishing.find(publishing.PLAN, plan_route)
    customer = ready_customer()
    answers = {"quantity": quantity, "start": start, "method": method, "coupon": coupon}
    if not customer:
        return address_of(plan_route, DETAILS, answers)
    choice = choice_of(plan, customer, answers)
    if plan.tc_name and not cint(agree):
        flash.say(_("Please agree to the terms and conditions."), "danger")
        return address_of(plan_route, REVIEW, answers)
    made = subscribing.made_before(choice, token)
    if not made:
        if seen != offers_seen.digest(subscribing.review(choice)):
            flash.say(_("Something has changed meanwhile. Please look at it again."), "warning")
            return address_of(plan_route, REVIEW, answers)
        made = subscribing.subscribe(choice, token)
    return _onwards(plan, plan_route, choice, made)


def _onwards(plan: Document, route: str, choice: Choice, made: Subscribed) -> str:
    """Where the customer goes after the order: to pay, to register a method for later, or to the thanks."""
    thanks = f"/plans/{route}/thanks?{urlencode({'subscription': made.subscription})}"
    if not choice.online or not accounts.of_company(subscribing.company_of(plan)):
        return thanks
    try:
        if made.open:
            return pages.open_for_request(made.payment_request, True)
        if not made.sales_order and not made.sales_invoice and not choice.payment_method:
            return pages.open_for_method(choice.customer, subscribing.company_of(plan), made.subscription)
    except (GatewayError, GatewayUnavailable):
        flash.say(_("Our payment provider cannot be reached. You can pay later, in your account."), "warning")
    except frappe.ValidationError:
        frappe.clear_messages()  # paid a moment ago, or on its way
    return thanks


def new_token() -> str:
    """A text that makes a form's order happen once."""
    return secrets.token_urlsafe(18)


def thanks(name: str) -> frappe._dict:
    """What the page after the order says. PageDoesNotExistError where the subscription is not the caller's."""
    doc = caller.own("SP Subscription", name)
    rows = frappe.get_all(
        "SP Billing Period",
        filters={"subscription": doc.name},
        fields=["outstanding", "currency", "status", "sales_order", "sales_invoice", "payment_request"],
        order_by="start_date",
        limit=1,
    )
    first = rows[0] if rows else frappe._dict()
    return frappe._dict(
        subscription=doc,
        outstanding=flt(first.outstanding),
        reference=first.sales_invoice or first.sales_order or doc.name,
        currency=first.currency or doc.currency,
        paid=bool(first) and flt(first.outstanding) <= 0,
        begun=bool(first),
        by_transfer=not doc.charge_automatically,
        instructions=settings.get("transfer_instructions") if not doc.charge_automatically else "",
        next_date=doc.next_billing_date,
    )
