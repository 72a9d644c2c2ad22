"""Refunds: never more than was captured."""

from __future__ import annotations

from . import charges, disputes, listing
from .core import Fake, route
from .errors import malformed, refused
from .params import Params
from .payment_methods import behaviour
from .store import Object

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
PENDING_DAYS = 1


@route("POST", "/v1/refunds")
def create(fake: Fake, params: Params) -> Object:
    charge, intent = params.string("charge"), params.string("payment_intent")
    amount, reason = params.integer("amount"), params.string("reason", choices=REASONS)
    metadata = params.metadata()
    params.finish()
    if bool(charge) == bool(intent):
        raise malformed("Pass either charge or payment_intent.", code="parameter_missing", param="charge")
    if intent:
        charge = fake.store.get("payment_intent", intent, "payment_intent")["latest_charge"]
        if charge is None:
            raise refused("This payment intent has no successful charge to refund.", param="payment_intent")
    made = fake.store.get("charge", charge or "", "charge")
    return refund(fake, made, amount, reason, metadata)


def refund(fake: Fake, made: Object, amount: int | None, reason: str | None, metadata: Object) -> Object:
    left = disputes.left(made)
    if made["status"] != "succeeded" or not made["captured"]:
        raise refused(
            "This charge has not been captured, so it cannot be refunded.", code="charge_not_refundable"
        )
    dispute = fake.store.find(made["dispute"])
    if dispute and dispute["status"] != "won":
        raise refused("This charge is disputed, so it cannot be refunded.", code="charge_disputed")
    if left == 0:
        raise refused(f"Charge {made['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise refused(
            f"Refund amount ({amount}) is not within what is left on the charge ({left}).", param="amount"
        )
    outcome = behaviour(fake, fake.store.get("payment_method", made["payment_method"])).refund
    thing = fake.new(
        "re",
        "refund",
        amount=amount,
        balance_transaction=charges.balance(fake, "refund", -amount, made["currency"], made["id"])["id"],
        charge=made["id"],
        currency=made["currency"],
        metadata=metadata,
        payment_intent=made["payment_intent"],
        reason=reason,
        receipt_number=None,
        status="pending" if outcome == "pending" else "succeeded",
    )
    _count(fake, made, amount)
    fake.emit("refund.created", thing)
    fake.emit("charge.refunded", made)
    if outcome != "succeeded":
        fake.later(
            PENDING_DAYS, lambda: finish(fake, thing, "succeeded" if outcome == "pending" else "failed")
        )
    return thing


def finish(fake: Fake, thing: Object, status: str) -> None:
    """A refund's last word: succeeded, or failed (the money comes back to the merchant)."""
    made = fake.store.get("charge", thing["charge"])
    thing["status"] = status
    if status == "failed":
        _count(fake, made, -thing["amount"])
        thing["failure_reason"] = "expired_or_canceled_card"
        back = charges.balance(fake, "refund_failure", thing["amount"], made["currency"], made["id"])
        thing["failure_balance_transaction"] = back["id"]
    fake.emit("charge.refund.updated", thing)
    fake.emit("refund.failed" if status == "failed" else "refund.updated", thing)


@route("GET", "/v1/refunds")
def list_all(fake: Fake, params: Params) -> Object:
    return listing.page(fake, params, "refund", "/v1/refunds", ("charge", "payment_intent"))


@route("GET", "/v1/refunds/<key>")
def retrieve(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("refund", key)


@route("POST", "/v1/refunds/<key>")
def update(fake: Fake, params: Params, key: str) -> Object:
    thing = fake.store.get("refund", key)
    metadata = params.metadata(thing["metadata"])
    params.finish()
    thing["metadata"] = metadata
    fake.emit("charge.refund.updated", thing)
    return thing


def _count(fake: Fake, made: Object, amount: int) -> None:
    made["amount_refunded"] += amount
    made["refunded"] = made["amount_refunded"] == made["amount_captured"]
    fake.count(made["currency"], "refunded", amount)
