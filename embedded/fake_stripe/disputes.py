"""Disputes: a customer's bank takes the money back, and may give it again."""

from __future__ import annotations

from . import charges, listing
from .core import Fake, route
from .errors import refused
from .params import Params
from .store import Object

FEE = 2_000
DAYS_TO_ANSWER = 7
CLOSED = ("won", "lost")


def open_dispute(fake: Fake, made: Object, amount: int, reason: str = "fraudulent") -> Object:
    """The bank withdraws `amount` of a captured charge."""
    if made["disputed"] or not 0 < amount <= left(made):
        raise refused("The charge cannot be disputed for that amount, or is already.", param="charge")
    taken = charges.balance(fake, "dispute", -amount, made["currency"], made["id"], FEE)
    dispute = fake.new(
        "du",
        "dispute",
        amount=amount,
        balance_transactions=[taken],
        charge=made["id"],
        currency=made["currency"],
        evidence={},
        evidence_details={"due_by": fake.clock.now() + DAYS_TO_ANSWER * 86_400, "submission_count": 0},
        is_charge_refundable=False,
        metadata={},
        payment_intent=made["payment_intent"],
        reason=reason,
        status="needs_response",
    )
    made |= {"disputed": True, "dispute": dispute["id"]}
    fake.count(made["currency"], "disputed", amount)
    fake.emit("charge.dispute.created", dispute)
    fake.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def left(made: Object) -> int:
    """What of a charge is still the merchant's."""
    return made["amount_captured"] - made["amount_refunded"]


def close_dispute(fake: Fake, dispute: Object, outcome: str) -> None:
    """won: the money comes back; lost: it stays away."""
    if dispute["status"] in CLOSED or outcome not in CLOSED:
        raise refused(f"A dispute that is {dispute['status']} cannot be closed as {outcome}.")
    dispute["status"] = outcome
    if outcome == "won":
        back = charges.balance(
            fake, "dispute_reversal", dispute["amount"], dispute["currency"], dispute["charge"]
        )
        dispute["balance_transactions"].append(back)
        fake.count(dispute["currency"], "disputed", -dispute["amount"])
        fake.emit("charge.dispute.funds_reinstated", dispute)
    fake.emit("charge.dispute.closed", dispute)


@route("GET", "/v1/disputes")
def list_all(fake: Fake, params: Params) -> Object:
    return listing.page(fake, params, "dispute", "/v1/disputes", ("charge", "payment_intent"))


@route("GET", "/v1/disputes/<key>")
def retrieve(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("dispute", key)


@route("POST", "/v1/disputes/<key>/close")
def close(fake: Fake, params: Params, key: str) -> Object:
    """The merchant gives in."""
    params.finish()
    dispute = fake.store.get("dispute", key)
    close_dispute(fake, dispute, "lost")
    return dispute
