"""Saved payment methods: added by the gateway's word, made default, declared dead, removed."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_last_day

from subscription_plus.engine.attempts import AttemptStatus
from subscription_plus.engine.dunning import is_hard
from subscription_plus.sp_billing import events

from . import gateways
from .gateways.base import Method, Result

DOCTYPE = "SP Payment Method"


def save(attempt: Document, method: Method) -> str:
    """Keep the method an attempt was made with, once; a customer's first one is the default."""
    existing = frappe.db.get_value(DOCTYPE, {"gateway_method": method.gateway_id, "account": attempt.account})
    if existing:
        return existing
    doc = frappe.get_doc(
        {
            "doctype": DOCTYPE,
            "customer": attempt.customer,
            "account": attempt.account,
            "kind": method.kind,
            "brand": method.brand,
            "last4": method.last4,
            "expires_on": _last_day(method.expiry),
            "gateway_customer": attempt.gateway_customer,
            "gateway_method": method.gateway_id,
            "mandate": method.mandate,
        }
    )
    # Saved under the billing user: the customer agreed on the gateway's page.
    doc.insert(ignore_permissions=True)
    if not _default_of(attempt.customer):
        _set_default(doc)
    if attempt.subscription:
        _use_for(attempt.subscription, doc)
    _wake(attempt.customer, attempt.subscription)
    return doc.name


def _wake(customer: str, but: str | None = None) -> None:
    """Another way to pay is there: what the customer's subscriptions owe is charged with it at once, and what waits
    for a method since its trial goes on."""
    owing = frappe.get_all(
        "SP Billing Period",
        filters={"customer": customer, "dunning_since": ("is", "set")},
        pluck="subscription",
    )
    waiting = frappe.get_all("SP Subscription", {"customer": customer, "status": "Paused"}, pluck="name")
    for subscription in {*owing, *waiting} - {but}:
        frappe.enqueue(
            "subscription_plus.sp_payments.charging.method_came",
            queue="default",
            enqueue_after_commit=True,
            subscription=subscription,
        )


def _use_for(subscription: str, method: Document) -> None:
    """A method registered for a subscription pays for it."""
    frappe.db.set_value("SP Subscription", subscription, "payment_method", method.name, update_modified=False)
    message = " ".join(filter(None, (method.kind, method.brand, method.last4)))
    events.record(subscription, "Payment Method Added", message, document=(DOCTYPE, method.name))


def _last_day(expiry: tuple[int, int] | None) -> dt.date | None:
    return get_last_day(dt.date(*expiry, 1)) if expiry else None


def _default_of(customer: str) -> str | None:
    return frappe.db.get_value(DOCTYPE, {"customer": customer, "is_default": 1, "status": "Active"})


def gateway_customer(customer: str, account: str) -> str:
    """The customer's id at the gateway: known from a saved method, else asked for (the same id each time)."""
    known = frappe.db.get_value(
        DOCTYPE, {"customer": customer, "account": account}, "gateway_customer", order_by="creation"
    )
    if known:
        return known
    name, email = frappe.db.get_value("Customer", customer, ["customer_name", "email_id"])
    return gateways.of(account).customer(customer, name, email)


def make_default(name: str) -> None:
    """Let this method pay where a subscription names none; and at once what such a subscription still owes."""
    method = frappe.get_doc(DOCTYPE, name)
    if method.status != "Active":
        frappe.throw(_("Only an active payment method can be the default one."))
    _set_default(method)
    _wake(method.customer)


def _set_default(method: Document) -> None:
    table = frappe.qb.DocType(DOCTYPE)
    frappe.qb.update(table).set(table.is_default, 0).where(table.customer == method.customer).run()
    method.db_set("is_default", 1)
    mode = frappe.db.get_value("SP Stripe Account", method.account, "mode_of_payment")
    frappe.db.set_value("Customer", method.customer, "sp_mode_of_payment", mode)


def choose(subscription: str, name: str | None, automatically: bool) -> None:
    """How a subscription is paid: charged with this method (none: the customer's default), or by a link each time.

    The caller's right was checked. What is on its way already is not touched.
    """
    doc = frappe.get_doc("SP Subscription", subscription, for_update=True)
    if name and frappe.db.get_value(DOCTYPE, name, ["customer", "status"]) != (doc.customer, "Active"):
        frappe.throw(_("Choose an active payment method of this customer."))
    if automatically and not name and not _default_of(doc.customer):
        frappe.throw(_("There is no payment method yet. Add one first."))
    before = {"charge_automatically": doc.charge_automatically, "payment_method": doc.payment_method}
    after = {"charge_automatically": int(automatically), "payment_method": name}
    frappe.db.set_value("SP Subscription", subscription, after, update_modified=False)
    events.record(subscription, "Changed", before=before, after=after)


def remove(name: str) -> None:
    """Forget a method, here and at the gateway; not the only one that active subscriptions are charged with."""
    method = frappe.get_doc(DOCTYPE, name)
    users = _charged_with(method)
    if users:
        frappe.throw(
            _(
                "{0} is charged with this payment method. Add another one first, or turn Charge Automatically off."
            ).format(", ".join(users))
        )
    method.db_set({"status": "Removed", "is_default": 0})
    replacement = frappe.db.get_value(DOCTYPE, {"customer": method.customer, "status": "Active"})
    if replacement and not _default_of(method.customer):
        _set_default(frappe.get_doc(DOCTYPE, replacement))
    for subscription in frappe.get_all("SP Subscription", {"payment_method": name}, pluck="name"):
        frappe.db.set_value("SP Subscription", subscription, "payment_method", None, update_modified=False)
        events.record(subscription, "Payment Method Removed", document=(DOCTYPE, name))
    frappe.enqueue(
        "subscription_plus.sp_payments.methods.forget_at_gateway",
        queue="default",
        enqueue_after_commit=True,
        name=name,
    )


def forget_at_gateway(name: str) -> None:
    """The job after a removal. Here the method is gone already: where the gateway keeps it, a person is told."""
    method = frappe.get_doc(DOCTYPE, name)
    try:
        gateways.of(method.account).forget(method.gateway_method)
    except frappe.ValidationError as error:  # out of reach, refused, or without its account or app by now
        frappe.log_error(
            title=f"{name} was removed, but not at its gateway",
            message=f"Detach {method.gateway_method} of {method.account} there by hand: {error}",
            reference_doctype=DOCTYPE,
            reference_name=name,
        )


def _charged_with(method: Document) -> list[str]:
    """Subscriptions that would be left without a way to pay."""
    others = frappe.db.exists(
        DOCTYPE, {"customer": method.customer, "status": "Active", "name": ("!=", method.name)}
    )
    if others or method.status != "Active":
        return []
    return frappe.get_all(
        "SP Subscription",
        filters={
            "customer": method.customer,
            "charge_automatically": 1,
            "status": ("in", ("Active", "Trial", "Scheduled", "Paused")),
        },
        pluck="name",
    )


def hear(attempt: Document, status: AttemptStatus, result: Result) -> None:
    """A hard decline kills the method: it is not tried again until the customer brings another one."""
    if status is AttemptStatus.FAILED and attempt.payment_method and is_hard(result.decline_code):
        frappe.db.set_value(DOCTYPE, attempt.payment_method, "status", "Dead")


def expire(today: dt.date) -> int:
    """Mark the cards whose last day is over; how many. Without `is set` Frappe takes no date for a past one, and
    mandates, which never expire, would."""
    over = [["status", "=", "Active"], ["expires_on", "is", "set"], ["expires_on", "<", today]]
    names = frappe.get_all(DOCTYPE, filters=over, pluck="name")
    for name in names:
        frappe.db.set_value(DOCTYPE, name, "status", "Expired")
    return len(names)
