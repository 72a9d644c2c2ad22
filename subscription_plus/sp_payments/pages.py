"""Pages at the gateway: where a customer pays a request, or registers a method; reached by a signed link."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_url, now_datetime

from subscription_plus.engine.attempts import OPEN, AttemptStatus

from . import accounts, attempts, gateways, links, methods
from .gateways.base import GatewayError, GatewayUnavailable, Result

RETURN = "/api/method/subscription_plus.api.payments.returned"


def open_for_request(request: str, save_method: bool) -> str:
    """The address of a page that pays a request; the open one where it can still be used.

    Errors (ValidationError): settled already, on its way already, or this company takes no payments online.
    """
    pr = frappe.db.get_value(
        "Payment Request", request, ["company", "party", "docstatus", "status"], as_dict=True
    )
    account = pr and accounts.of_company(pr.company)
    if not account:
        frappe.throw(_("This request cannot be paid online."))
    close_open(request, give_up=True)
    attempt = attempts.create(
        request,
        "Page",
        account,
        save_method=int(save_method),
        gateway_customer=methods.gateway_customer(pr.party, account),
    )
    if attempt is None:
        frappe.throw(_("There is nothing to pay any more, or a payment is on its way already."))
    return _open(attempt, save_method)


def open_for_method(customer: str, company: str, subscription: str | None = None) -> str:
    """The address of a page where a customer registers a method; nothing is charged on it."""
    account = accounts.of_company(company)
    if not account:
        frappe.throw(_("{0} takes no payments online.").format(company))
    currency = frappe.get_cached_value("Company", company, "default_currency")
    attempt = attempts.create_registration(
        customer,
        account,
        currency,
        subscription=subscription,
        gateway_customer=methods.gateway_customer(customer, account),
    )
    return _open(attempt, True)


def _open(attempt: Document, save_method: bool) -> str:
    attempts.mark_sent(attempt.name)
    back = get_url(f"{RETURN}?token={links.sign('return', attempt.name)}")
    try:
        page = gateways.of(attempt.account).open_page(attempts.order_of(attempt), back, back, save_method)
    except (GatewayError, GatewayUnavailable) as error:
        # Nobody was given the page: nothing can come of it.
        attempts.apply(attempt.name, Result(AttemptStatus.CANCELLED, message=str(error)))
        raise
    frappe.db.set_value(attempts.DOCTYPE, attempt.name, "session_id", page.session_id)
    frappe.db.commit()  # the customer is about to leave for the gateway: the page must be known from now on
    return page.url


def close_open(request: str, give_up: bool = False) -> None:
    """Close a request's open pages, so that nobody pays on one while another way is taken.

    A page that was paid meanwhile settles instead. `give_up`: also cancel a charge that waits for the
    customer's confirmation, as the customer is paying in another way now.
    """
    kinds = ("Page", "Charge") if give_up else ("Page",)
    names = frappe.get_all(
        attempts.DOCTYPE,
        filters={
            "payment_request": request,
            "kind": ("in", kinds),
            "status": ("in", [status.value for status in OPEN]),
        },
        fields=["name", "kind", "account", "session_id", "payment_id", "status"],
    )
    for row in names:
        gateway = gateways.of(row.account)
        if row.kind == "Page" and row.session_id:
            gateway.close_page(row.session_id)
        elif row.kind == "Charge" and row.status == AttemptStatus.NEEDS_ACTION.value and row.payment_id:
            gateway.cancel(row.payment_id)
        look_up(row.name)


def look_up(name: str) -> AttemptStatus | None:
    """Ask the gateway what became of an attempt, and take it over; None where it gave no answer."""
    attempt, asked = frappe.get_doc(attempts.DOCTYPE, name), now_datetime()
    try:
        result = gateways.of(attempt.account).look_up(
            attempts.order_of(attempt), attempt.payment_id, attempt.session_id
        )
    except GatewayUnavailable as error:
        attempts.mark_unknown(name, str(error))
        return None
    return attempts.apply(name, result, asked)
