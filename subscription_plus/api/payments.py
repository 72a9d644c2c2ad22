"""Payments: the webhook's door, links that pay without login, payment methods, refunds."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint, get_url

from subscription_plus import permissions
from subscription_plus.sp_billing import subscribing
from subscription_plus.sp_billing.idempotency import once
from subscription_plus.sp_payments import links, methods, pages, refunds, settling, webhooks
from subscription_plus.sp_payments.gateways.base import GatewayError, GatewayUnavailable

from .answers import Asked, Event, Refund, Url
from .reading import Switch, number


@frappe.whitelist(allow_guest=True, methods=["POST"])
def webhook() -> Event:
    """A gateway's webhooks: signed, stored, answered at once, worked off by the queue. 403 where not genuine.

    The account stands in the address: of a request with a JSON body Frappe hands on the body's values only.
    """
    request = frappe.request
    event = webhooks.receive(request.args.get("account", ""), request.get_data(), request.headers)
    return {"event": event}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=30, seconds=3600)
def pay(token: str, save_method: Switch = 0) -> Url:
    """Open the gateway's page for the request a link names; the address to go to."""
    request = links.read("pay", token)
    return {"url": pages.open_for_request(request, bool(cint(save_method)))}


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=30, seconds=3600)
def go(token: str, save_method: Switch = 0) -> None:
    """The pay page's form, without JavaScript: on to the gateway."""
    frappe.local.response["location"] = pay(token, save_method)["url"]
    frappe.local.response["type"] = "redirect"


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=30, seconds=3600)
def register(token: str) -> None:
    """The registration page's form, without JavaScript: on to the gateway, where nothing is charged."""
    subscription = links.registering(token)
    frappe.local.response["location"] = pages.open_for_method(
        subscription.customer, subscription.company, subscription.name
    )
    frappe.local.response["type"] = "redirect"


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=120, seconds=3600)
def returned(token: str) -> None:
    """Where the gateway sends the customer back: look what happened, then show it."""
    attempt = links.read("return", token)
    try:
        status = settling.ask(attempt)
    except (GatewayError, GatewayUnavailable):
        status = None
    shown = {"Succeeded": "paid", "Processing": "processing"}.get(status.value if status else "", "open")
    if frappe.db.get_value("SP Payment Attempt", attempt, "kind") == "Register":
        shown = "saved" if shown == "paid" else "unsaved"
    frappe.local.response["type"] = "redirect"
    frappe.local.response["location"] = get_url(f"/account/paid?state={shown}")


@frappe.whitelist(methods=["POST"])
def payment_link(payment_request: str) -> Url:
    """The link under which a request is paid without login; for its customer, and for those who may read it."""
    permissions.check_own_document("Payment Request", payment_request)
    return {"url": links.payment_link(payment_request)}


@frappe.whitelist(methods=["POST"])
@once
def make_default(payment_method: str) -> None:
    """Let a saved method pay where a subscription names none."""
    _writable(payment_method)
    methods.make_default(payment_method)


@frappe.whitelist(methods=["POST"])
@once
def remove_method(payment_method: str) -> None:
    """Forget a saved method, here and at the gateway."""
    _writable(payment_method)
    methods.remove(payment_method)


@frappe.whitelist(methods=["POST"])
@once
def register_method(subscription: str | None = None, customer: str | None = None) -> Url:
    """The address of a page where a customer registers a method; nothing is charged there. With `subscription` it
    pays for that one from then on, else for what names no method."""
    if subscription:
        doc = permissions.get_own("SP Subscription", subscription, "write")
        return {"url": pages.open_for_method(doc.customer, doc.company, subscription)}
    customer = permissions.customer_of_caller(customer, methods.DOCTYPE)
    company = subscribing.default_company() or frappe.throw(_("Say for which subscription."))
    return {"url": pages.open_for_method(customer, company)}


@frappe.whitelist(methods=["POST"])
@once
def refund(payment_attempt: str, amount: float) -> Refund:
    """Give money back the way it came; the books follow."""
    frappe.has_permission("Payment Entry", "submit", throw=True)
    frappe.get_doc("SP Payment Attempt", payment_attempt).check_permission("read")
    return {"refund": refunds.refund(payment_attempt, number(amount))}


@frappe.whitelist(methods=["POST"])
@once
def refund_credit_note(credit_note: str) -> Refund:
    """Refund what a credit note gives back, from the payment of its invoice."""
    frappe.has_permission("Payment Entry", "submit", throw=True)
    frappe.get_doc("Sales Invoice", credit_note).check_permission("read")
    return {"refund": refunds.refund_credit_note(credit_note)}


@frappe.whitelist(methods=["POST"])
def ask_gateway(payment_attempt: str) -> Asked:
    """Ask the gateway now what became of an attempt."""
    frappe.has_permission("Payment Entry", "create", throw=True)
    status = settling.ask(payment_attempt)
    return {"status": status.value if status else None}


@frappe.whitelist(methods=["POST"])
def replay_event(webhook_event: str) -> None:
    """Work a webhook off once more."""
    frappe.only_for(("System Manager", "Accounts Manager"))
    webhooks.replay(webhook_event)


def _writable(payment_method: str) -> None:
    permissions.get_own(methods.DOCTYPE, payment_method, "write")
