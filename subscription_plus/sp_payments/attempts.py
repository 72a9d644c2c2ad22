"""Payment attempts: written down before the gateway is called, and settled in the books exactly once.

The answer, a webhook and polling all end in `apply`; in any order, any number of times, they come to the same
books. The gateway is never called inside a transaction.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, getdate, now_datetime

from subscription_plus.engine import attempts as rules
from subscription_plus.engine.attempts import AttemptStatus
from subscription_plus.engine.money import from_minor, to_minor
from subscription_plus.erp import payment_requests, payments
from subscription_plus.sp_billing import events, failures
from subscription_plus.sp_billing.transactions import billing_session, unit_of_work

from . import methods
from .gateways import places
from .gateways.base import Order, Result

DOCTYPE = "SP Payment Attempt"
# How long an answer may stay away before the gateway is asked; then twice as long each time, up to a day.
FIRST_QUESTION = dt.timedelta(minutes=5)
LATER_QUESTIONS = dt.timedelta(hours=6)


class PaymentMismatch(frappe.ValidationError):
    """The gateway reports another amount or currency than was asked for: nothing is booked."""


def create(request: str, kind: str, account: str, **values: Any) -> Document | None:
    """Write an attempt for what a Payment Request still asks for; None where money may be on its way already.

    One unit of work under the request's lock: of two that begin at once, one begins. Amounts come from the
    request, never from a client.
    """

    def write() -> Document | None:
        row = payments.locked_request(request)
        if not row or row.outstanding <= 0 or _open_attempt(request):
            return None
        minor_units(row.outstanding, row.currency, account)
        return _insert(
            kind=kind,
            account=account,
            payment_request=request,
            customer=row.customer,
            subscription=row.subscription,
            billing_period=row.billing_period,
            amount=float(row.outstanding),
            currency=row.currency,
            **values,
        )

    with billing_session():
        return unit_of_work(write)


def create_registration(customer: str, account: str, currency: str, **values: Any) -> Document:
    """Write an attempt of amount 0: the customer registers a method, nothing is charged."""
    with billing_session():
        return unit_of_work(
            lambda: _insert(
                kind="Register", account=account, customer=customer, amount=0, currency=currency, **values
            )
        )


def _insert(**values: Any) -> Document:
    attempt = frappe.get_doc(
        {
            "doctype": DOCTYPE,
            "status": AttemptStatus.CREATED.value,
            "ask_at": now_datetime() + FIRST_QUESTION,
            **values,
        }
    )
    attempt.set_new_name()
    attempt.db_insert()
    return attempt


def _open_attempt(request: str) -> str | None:
    return frappe.db.get_value(
        DOCTYPE,
        {"payment_request": request, "status": ("in", [status.value for status in rules.OPEN])},
    )


def mark_sent(name: str) -> None:
    """From here on the gateway may have been told: recovery asks it, and never begins anew."""

    def write() -> None:
        attempt = frappe.get_doc(DOCTYPE, name, for_update=True)
        if attempt.status == AttemptStatus.CREATED.value:
            attempt.db_set({"status": AttemptStatus.SENT.value, "sent_at": now_datetime()})

    with billing_session():
        unit_of_work(write)


def mark_unknown(name: str, reason: str) -> None:
    """No answer came; the gateway is asked later, with the same key."""

    def write() -> None:
        attempt = frappe.get_doc(DOCTYPE, name, for_update=True)
        status = rules.merge(AttemptStatus(attempt.status), AttemptStatus.UNKNOWN)
        wait = min(FIRST_QUESTION * (1 << min(cint(attempt.asked), 8)), dt.timedelta(days=1))
        changed = attempt.status != status.value
        attempt.db_set(
            {
                "status": status.value,
                "message": reason[:500],
                "asked": cint(attempt.asked) + 1,
                "ask_at": now_datetime() + wait,
            }
        )
        if changed:
            _tell(attempt, reason)

    with billing_session():
        unit_of_work(write)


def minor_units(amount: Decimal, currency: str, account: str) -> int:
    """An amount as the account's gateway counts it; ValidationError where it cannot be charged."""
    try:
        return to_minor(amount, currency, places(account, currency))
    except ValueError as error:
        frappe.throw(_("It cannot be charged: {0}").format(error))


def still_owed(name: str) -> bool:
    """Whether what an attempt was made for is still to be paid."""
    row = frappe.db.get_value(DOCTYPE, name, ["payment_request", "amount"], as_dict=True)
    owed = row.payment_request and payments.locked_request(row.payment_request)
    return bool(owed and owed.outstanding >= Decimal(str(row.amount)))


def order_of(attempt: Document) -> Order:
    """The attempt as the gateway is told it. The key is the attempt's name."""
    method, kind = (
        frappe.db.get_value(methods.DOCTYPE, attempt.payment_method, ["gateway_method", "kind"])
        if attempt.payment_method
        else (None, None)
    )
    return Order(
        key=attempt.name,
        amount=minor_units(Decimal(str(attempt.amount)), attempt.currency, attempt.account),
        currency=attempt.currency,
        gateway_customer=attempt.gateway_customer,
        description=attempt.payment_request or _("Payment method"),
        method=method,
        method_kind=kind,
        metadata={
            "payment_request": attempt.payment_request or "",
            "subscription": attempt.subscription or "",
        },
    )


def apply(name: str, result: Result, asked: dt.datetime | None = None) -> AttemptStatus:
    """Take over what the gateway says, and book the difference. PaymentMismatch where it is not what was asked.

    `asked`: when the gateway was asked (before the request); now, where nobody was.
    """
    asked = asked or now_datetime()
    with billing_session():
        return unit_of_work(lambda: _apply(name, result, asked))


def _apply(name: str, result: Result, asked: dt.datetime) -> AttemptStatus:
    attempt = frappe.get_doc(DOCTYPE, name, for_update=True)
    known = AttemptStatus(attempt.status)
    _check(attempt, result)
    # A dispute that was won is the one way back; an answer from before the dispute that comes late is none.
    if attempt.disputed and not result.disputed and asked <= get_datetime(attempt.disputed_at):
        return known
    won_back = bool(attempt.disputed) and not result.disputed and result.status is AttemptStatus.SUCCEEDED
    status = AttemptStatus.SUCCEEDED if won_back else rules.merge(known, result.status)
    _take_over(attempt, result, status)
    if result.method and (attempt.save_method or attempt.kind == "Register"):
        attempt.payment_method = methods.save(attempt, result.method)
    if attempt.kind != "Register":
        _book(attempt, result, status, won_back)
    attempt.db_update()
    if status is not known:
        _tell(attempt, result.message)
        methods.hear(attempt, status, result)
        _mark_period(attempt)
    return status


def _check(attempt: Document, result: Result) -> None:
    if not result.amount:
        return
    expected = order_of(attempt)
    if (result.amount, result.currency) != (expected.amount, expected.currency):
        raise PaymentMismatch(
            _(
                "{0}: {1} {2} was asked for, the gateway reports {3} {4} in minor units. Nothing was booked."
            ).format(attempt.name, expected.amount, expected.currency, result.amount, result.currency)
        )


def _take_over(attempt: Document, result: Result, status: AttemptStatus) -> None:
    attempt.status = status.value
    attempt.payment_id = result.payment_id or attempt.payment_id
    if status is result.status:
        attempt.decline_code, attempt.message = result.decline_code, (result.message or "")[:500]
    if result.disputed and not attempt.disputed:
        attempt.disputed_at = now_datetime()
    attempt.disputed = int(result.disputed)
    if status in (AttemptStatus.PROCESSING, AttemptStatus.NEEDS_ACTION):
        # The webhook may be lost: looked at anyway; what waits for a customer ever more rarely.
        waits = status is AttemptStatus.NEEDS_ACTION
        waited = now_datetime() - get_datetime(attempt.creation) if waits else LATER_QUESTIONS
        attempt.ask_at = now_datetime() + max(LATER_QUESTIONS, waited)
    elif not rules.must_be_asked(status):
        attempt.ask_at = None
        attempt.settled_at = attempt.settled_at or now_datetime()


def _book(attempt: Document, result: Result, status: AttemptStatus, won_back: bool) -> None:
    """Bring the books to what the gateway has: received once, reversed, or given back in part."""
    decimals = places(attempt.account, attempt.currency)
    given_back = Decimal(str(attempt.refunded or 0))
    refunded = from_minor(result.refunded, attempt.currency, decimals)
    refunded = refunded if won_back else max(refunded, given_back)
    if status is AttemptStatus.SUCCEEDED and not attempt.payment_entry:
        _receive(attempt)
        given_back = Decimal(0)  # what was reversed with the entry before stands no more
    back = refunded - given_back
    invoice = _invoice_of(attempt)
    credit = payments.open_credit(invoice, back) if invoice and back > 0 and not result.disputed else None
    if status is AttemptStatus.REVERSED and attempt.payment_entry and not given_back and not credit:
        # All of it is gone again: by a dispute, a late failure, or a full refund made at the gateway.
        payments.reverse(attempt.payment_entry)
        attempt.payment_entry = None
    elif attempt.payment_entry and back:
        payments.give_back(
            attempt.customer,
            back,
            attempt.currency,
            _books_of(attempt),
            attempt.payment_id,
            getdate(),
            credit,
        )
    attempt.refunded = float(refunded)


def _invoice_of(attempt: Document) -> str | None:
    """The invoice that it has paid: its period's, or its request's."""
    if attempt.billing_period:
        return frappe.db.get_value("SP Billing Period", attempt.billing_period, "sales_invoice")
    return attempt.payment_request and payment_requests.invoice_of(attempt.payment_request)


def _receive(attempt: Document) -> None:
    receipt = payments.receive(
        attempt.payment_request,
        Decimal(str(attempt.amount)),
        attempt.currency,
        attempt.customer,
        _books_of(attempt),
        reference=attempt.payment_id or attempt.name,
        on=getdate(),
    )
    attempt.payment_entry = receipt.payment_entry
    if receipt.unallocated:
        _paid_twice(attempt, receipt)


def _books_of(attempt: Document) -> payments.Books:
    account = frappe.get_cached_doc("SP Stripe Account", attempt.account)
    return payments.Books(account.company, account.mode_of_payment, account.clearing_account)


def _paid_twice(attempt: Document, receipt: payments.Receipt) -> None:
    message = _(
        "{0} {1} came in by {2} for {3}, which was settled already. It stands as an unallocated payment {4}: refund it, or use it for another document."
    ).format(attempt.amount, attempt.currency, attempt.name, attempt.payment_request, receipt.payment_entry)
    if attempt.subscription:
        events.record(
            attempt.subscription, "Paid Twice", message, document=("Payment Entry", receipt.payment_entry)
        )
    failures.tell_people(_("A payment came in twice"), f"<p>{message}</p>")


def _mark_period(attempt: Document) -> None:
    if attempt.billing_period:
        processing = attempt.status == AttemptStatus.PROCESSING.value
        frappe.db.set_value("SP Billing Period", attempt.billing_period, "processing", int(processing))


def _tell(attempt: Document, message: str) -> None:
    if attempt.subscription:
        events.record(
            attempt.subscription,
            f"Payment {attempt.status}",
            message or "",
            period=attempt.billing_period,
            document=(DOCTYPE, attempt.name),
        )
