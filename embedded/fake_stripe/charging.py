"""What happens to a payment intent's money: confirmation, authentication, settlement, capture, cancellation."""

from __future__ import annotations

from collections.abc import Callable

from . import authentication, charges, disputes, payment_methods
from .core import Fake
from .errors import StripeError, declined, refused, unexpected_state
from .store import Object

# Told of (fake, intent, outcome): succeeded, processing, settled, settlement_failed.
listeners: list[Callable[[Fake, Object, str], None]] = []

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = (*CONFIRMABLE, "requires_capture")


def confirm(
    fake: Fake,
    intent: Object,
    *,
    off_session: bool = False,
    error_on_requires_action: bool = False,
    mandate_given: bool = False,
    return_url: str | None = None,
) -> None:
    """Try to take the money.

    Raises:
        StripeError: 402 with the intent inside when the bank says no; 400 when the intent cannot be confirmed.
    """
    if intent["status"] not in CONFIRMABLE:
        raise unexpected_state("payment_intent", intent, "confirmed")
    if intent["payment_method"] is None:
        raise unexpected_state("payment_intent", intent, "confirmed without a payment method")
    method = fake.store.get("payment_method", intent["payment_method"])
    check(fake, intent, method)
    authentication.check_return_url(intent, return_url)
    payment_methods.ensure_mandate(fake, method, mandate_given)
    if method["customer"] is None:
        fake.store.notes(method["id"])["spent"] = True
    if payment_methods.is_expired(fake, method):
        _decline(fake, intent, method, "expired_card", None)
    elif method["type"] == "card" and authentication.is_needed(fake, method, off_session):
        if off_session or error_on_requires_action:
            _decline(fake, intent, method, "authentication_required", "authentication_required")
        intent["status"] = "requires_action"
        intent["next_action"] = authentication.next_action(fake, intent, return_url)
        fake.emit("payment_intent.requires_action", intent)
    else:
        _take(fake, intent, method)


def check(fake: Fake, intent: Object, method: Object) -> None:
    """Refuse a method that is not this customer's, or of a kind that this intent does not take."""
    if method["customer"] and method["customer"] != intent["customer"]:
        raise refused("The payment method belongs to a customer: pass that customer.", param="payment_method")
    if method["customer"] is None:
        payment_methods.check_unused(fake, method)
    kind = method["type"]
    if kind not in intent["payment_method_types"]:
        text = f"The payment method's type {kind} is not among {', '.join(intent['payment_method_types'])}."
        raise refused(text, code="payment_intent_incompatible_payment_method", param="payment_method")
    if kind == "sepa_debit" and intent["currency"] != "eur":
        raise refused("SEPA debits are in eur.", code="payment_intent_invalid_parameter", param="currency")
    if kind == "card" and intent["statement_descriptor"]:
        text = "statement_descriptor is not for cards: pass statement_descriptor_suffix."
        raise refused(text, code="payment_intent_invalid_parameter", param="statement_descriptor")


def authenticate(fake: Fake, intent: Object, success: bool) -> None:
    """The customer came back from the bank's page."""
    if intent["status"] != "requires_action":
        raise unexpected_state("payment_intent", intent, "authenticated")
    method = fake.store.get("payment_method", intent["payment_method"])
    if success:
        _take(fake, intent, method)
        return
    text = "The payment method has failed authentication."
    code = "payment_intent_authentication_failure"
    _fail(fake, intent, StripeError(400, "invalid_request_error", text, code=code, payment_method=method))


def settle(fake: Fake, intent: Object, outcome: str, reason: str | None = None) -> None:
    """A debit under way ends: succeeded or failed."""
    if intent["status"] != "processing":
        return
    made = fake.store.get("charge", intent["latest_charge"])
    method = fake.store.get("payment_method", intent["payment_method"])
    if outcome == "succeeded":
        charges.captured(fake, made, intent["amount"])
        _succeed(fake, intent, made)
        _tell(fake, intent, "settled")
        _dispute(fake, made, method)
        return
    reason = reason or payment_methods.behaviour(fake, method).decline_code or "refer_to_customer"
    made |= {"status": "failed", "paid": False, "captured": False, "failure_code": reason}
    made["failure_message"] = "The debit was returned."
    fake.emit("charge.failed", made)
    text, code = "The payment failed.", "payment_intent_payment_attempt_failed"
    error = StripeError(
        400, "invalid_request_error", text, code=code, payment_method=method, charge=made["id"]
    )
    _fail(fake, intent, error)
    _tell(fake, intent, "settlement_failed")


def capture(fake: Fake, intent: Object, amount: int | None) -> None:
    """Take an authorized amount, or a part of it; the rest is released."""
    if intent["status"] != "requires_capture":
        raise unexpected_state("payment_intent", intent, "captured")
    amount = intent["amount"] if amount is None else amount
    if not 0 < amount <= intent["amount"]:
        raise refused(
            "The amount to capture exceeds what was authorized.", "amount_too_large", "amount_to_capture"
        )
    made = fake.store.get("charge", intent["latest_charge"])
    charges.captured(fake, made, amount)
    made["amount_refunded"] = 0
    intent["amount_capturable"] = 0
    fake.emit("charge.captured", made)
    _succeed(fake, intent, made)


def cancel(fake: Fake, intent: Object, reason: str | None) -> None:
    if intent["status"] not in CANCELABLE:
        raise unexpected_state("payment_intent", intent, "canceled")
    intent |= {"status": "canceled", "canceled_at": fake.clock.now(), "cancellation_reason": reason}
    intent |= {"next_action": None, "amount_capturable": 0}
    fake.emit("payment_intent.canceled", intent)


def _take(fake: Fake, intent: Object, method: Object) -> None:
    bank = payment_methods.behaviour(fake, method)
    if method["type"] == "sepa_debit":
        _begin_debit(fake, intent, method)
        return
    if bank.code:
        _decline(fake, intent, method, bank.code, bank.decline_code)
    manual = intent["capture_method"] == "manual"
    made = charges.charge(fake, intent, method, "authorized" if manual else "succeeded")
    _save(fake, intent, method)
    if manual:
        intent |= {"status": "requires_capture", "amount_capturable": intent["amount"], "next_action": None}
        fake.emit("charge.succeeded", made)
        fake.emit("payment_intent.amount_capturable_updated", intent)
        return
    charges.captured(fake, made, intent["amount"])
    _succeed(fake, intent, made)
    _tell(fake, intent, "succeeded")
    _dispute(fake, made, method)


def _begin_debit(fake: Fake, intent: Object, method: Object) -> None:
    bank = payment_methods.behaviour(fake, method)
    made = charges.charge(fake, intent, method, "pending")
    _save(fake, intent, method)
    intent |= {"status": "processing", "next_action": None, "last_payment_error": None}
    fake.emit("charge.pending", made)
    fake.emit("payment_intent.processing", intent)
    _tell(fake, intent, "processing")
    fake.later(bank.days, lambda: settle(fake, intent, bank.settles))


def _succeed(fake: Fake, intent: Object, made: Object) -> None:
    intent |= {"status": "succeeded", "amount_received": made["amount_captured"]}
    intent |= {"next_action": None, "last_payment_error": None}
    if intent["capture_method"] != "manual":
        fake.emit("charge.succeeded", made)
    fake.emit("payment_intent.succeeded", intent)


def _save(fake: Fake, intent: Object, method: Object) -> None:
    if not intent["setup_future_usage"]:
        return
    if intent["setup_future_usage"] == "off_session":
        fake.store.notes(method["id"])["set_up"] = True
    if intent["customer"] and method["customer"] is None:
        fake.store.notes(method["id"]).pop("spent", None)
        payment_methods.attach_to(fake, method, intent["customer"])


def _decline(fake: Fake, intent: Object, method: Object, code: str, decline_code: str | None) -> None:
    made = charges.charge(fake, intent, method, "failed", (code, decline_code))
    fake.emit("charge.failed", made)
    error = declined(code, decline_code, charge=made["id"], payment_method=method)
    made["failure_message"] = str(error)
    _fail(fake, intent, error)
    error.error["payment_intent"] = intent
    raise error


def _fail(fake: Fake, intent: Object, error: StripeError) -> None:
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent["last_payment_error"] = dict(error.error)
    fake.emit("payment_intent.payment_failed", intent)


def _dispute(fake: Fake, made: Object, method: Object) -> None:
    reason = payment_methods.behaviour(fake, method).dispute
    if reason:
        dispute = disputes.open_dispute(fake, made, made["amount"], reason)
        if method["type"] == "sepa_debit":  # the account's owner is always right
            disputes.close_dispute(fake, dispute, "lost")


def _tell(fake: Fake, intent: Object, outcome: str) -> None:
    for listener in listeners:
        listener(fake, intent, outcome)
