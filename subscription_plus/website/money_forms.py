"""Forms about money: pay a request, add, choose and remove payment methods, buy credits."""

from __future__ import annotations

import frappe
from frappe import _

from subscription_plus.api import credits as credits_api
from subscription_plus.sp_payments import methods as verbs
from subscription_plus.sp_payments import pages
from subscription_plus.sp_payments.gateways.base import GatewayError, GatewayUnavailable

from . import bills, caller, flash, methods
from .forms import form


@frappe.whitelist(methods=["POST"])
@form(back="/account/invoices")
def pay(request: str) -> str:
    """To the page that pays one of the caller's requests: what is to be paid is shown there first."""
    caller.own("Payment Request", request, "party")
    return bills.pay_address(request)


@frappe.whitelist(methods=["POST"])
@form(back="/account/methods")
def add_method(customer: str, company: str) -> str:
    """To the gateway's page where a method is registered; nothing is charged there."""
    offered = [(row.customer, row.company) for row in methods.accounts_of(caller.customers())]
    if (customer, company) not in offered:
        raise frappe.PermissionError
    try:
        return pages.open_for_method(customer, company)
    except (GatewayError, GatewayUnavailable):
        frappe.throw(_("The payment service does not answer. Please try again in some minutes."))


@frappe.whitelist(methods=["POST"])
@form(back="/account/methods")
def make_default(method: str) -> str:
    """Let a method pay where a subscription names none."""
    doc = caller.own(verbs.DOCTYPE, method)
    verbs.make_default(doc.name)
    flash.say(_("{0} pays from now on.").format(methods.label(doc)))
    return "/account/methods"


@frappe.whitelist(methods=["POST"])
@form(back="/account/methods")
def remove_method(method: str) -> str:
    """Forget a method, here and at the gateway."""
    doc = caller.own(verbs.DOCTYPE, method)
    verbs.remove(doc.name)
    flash.say(_("{0} is forgotten.").format(methods.label(doc)))
    return "/account/methods"


@frappe.whitelist(methods=["POST"])
@form(back="/account/methods")
def pay_by(subscription: str, method: str = "") -> str:
    """How a subscription is paid: `default`, one of the customer's methods, or nothing: by a link each time."""
    doc = caller.own("SP Subscription", subscription)
    if method not in ("", "default"):
        caller.own(verbs.DOCTYPE, method)
    verbs.choose(doc.name, None if method in ("", "default") else method, bool(method))
    flash.say(_("It is noted. It counts from the next payment on."))
    return "/account/methods"


@frappe.whitelist(methods=["POST"])
@form(back="/account/credits")
def buy_credits(credit_type: str, qty: str = "1", customer: str = "") -> str:
    """Order tickets, and on to their payment; the credits come when it is paid."""
    if not qty.isdigit() or not 1 <= int(qty) <= 1000:
        frappe.throw(_("Choose a whole number from 1 to {0}.").format(1000))
    made = credits_api.buy_credits(credit_type, int(qty), customer or None)
    if not made["payment_request"]:
        flash.say(_("Your credits are there."))
        return "/account/credits"
    request = frappe.get_doc("Payment Request", made["payment_request"])
    flash.say(_("Ordered. Your credits come as soon as it is paid."), "info")
    return bills.pay_address(request.name) if bills.is_online(request.company) else "/account/invoices"
