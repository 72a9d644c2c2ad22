"""Payment methods (cards and SEPA debits) and the mandates of debits."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone

from . import cards, listing
from .cards import Behaviour
from .core import Fake, route
from .errors import declined, malformed, refused
from .params import Params
from .store import Object

TYPES = ("card", "sepa_debit")
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


@route("POST", "/v1/payment_methods")
def create(fake: Fake, params: Params) -> Object:
    method = create_from(fake, params)
    params.finish()
    return method


def create_from(fake: Fake, params: Params) -> Object:
    """A payment method out of `type` and its hash, as in payment_methods and payment_method_data."""
    kind = params.string("type", required=True, choices=TYPES)
    details = params.hash(kind or "")
    billing = params.raw("billing_details") or {}
    metadata = params.metadata()
    params.raw("allow_redisplay")
    if details is None:
        raise params.missing(kind or "")
    if kind == "card":
        token, number = details.string("token"), details.string("number")
        month, year = details.integer("exp_month"), details.integer("exp_year")
        details.string("cvc")
        card = cards.by_token(token) if token else cards.BY_NUMBER.get(number or "")
        if card is None:
            raise refused("Your card number is incorrect.", code="incorrect_number", param="card[number]")
        params.finish()
        return _new_card(fake, card, month, year, billing, metadata)
    iban = (details.string("iban", required=True) or "").replace(" ", "").upper()
    behaviour = cards.by_iban(iban)
    if not (billing.get("name") and billing.get("email")):
        raise malformed(
            "A SEPA debit needs billing_details[name] and [email].", "parameter_missing", "billing_details"
        )
    params.finish()
    details = {"bank_code": iban[4:9], "branch_code": "", "country": iban[:2], "last4": iban[-4:]}
    details |= {"fingerprint": _fingerprint(iban), "generated_from": {"charge": None, "setup_attempt": None}}
    return _new(fake, "sepa_debit", details, behaviour, billing, metadata)


def usable(fake: Fake, key: str, param: str = "payment_method") -> Object:
    """The payment method of an id, or a fresh one of a test token (`pm_card_visa`)."""
    if key.startswith("pm_card_") and (card := cards.by_token(key)):
        return _new_card(fake, card)
    return fake.store.get("payment_method", key, param)


def owned(fake: Fake, key: str, customer: str, param: str) -> Object:
    method = fake.store.get("payment_method", key, param)
    if method["customer"] != customer:
        raise refused(f"The payment method {key} does not belong to the customer {customer}.", param=param)
    return method


def behaviour(fake: Fake, method: Object) -> Behaviour:
    return fake.store.notes(method["id"])["behaviour"]


def is_expired(fake: Fake, method: Object) -> bool:
    """Cards are good until the end of the month on them."""
    if method["type"] != "card":
        return False
    today = datetime.fromtimestamp(fake.clock.now(), timezone.utc)
    return (method["card"]["exp_year"], method["card"]["exp_month"]) < (today.year, today.month)


@route("GET", "/v1/payment_methods")
def list_all(fake: Fake, params: Params) -> Object:
    return listing.page(fake, params, "payment_method", "/v1/payment_methods", ("customer", "type"))


@route("GET", "/v1/payment_methods/<key>")
def retrieve(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return usable(fake, key)


@route("POST", "/v1/payment_methods/<key>")
def update(fake: Fake, params: Params, key: str) -> Object:
    method = fake.store.get("payment_method", key)
    metadata = params.metadata(method["metadata"])
    billing = params.raw("billing_details") or {}
    card = params.hash("card")
    expiry = {name: card.integer(name) for name in ("exp_month", "exp_year") if name in card} if card else {}
    params.finish()
    if method["customer"] is None:
        raise refused("You must save this PaymentMethod to a customer before you can update it.")
    method["metadata"] = metadata
    method["billing_details"] |= billing
    if expiry:
        method["card"] |= expiry
    fake.emit("payment_method.updated", method)
    return method


@route("POST", "/v1/payment_methods/<key>/attach")
def attach(fake: Fake, params: Params, key: str) -> Object:
    from .customers import living

    customer = params.string("customer", required=True)
    params.finish()
    living(fake, customer or "", "customer")
    method = usable(fake, key)
    if method["customer"] == customer:
        return method
    check_attachable(fake, method)
    attach_to(fake, method, customer or "")
    return method


@route("POST", "/v1/payment_methods/<key>/detach")
def detach(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    method = fake.store.get("payment_method", key)
    if method["customer"] is None:
        raise refused("The payment method is not attached to a customer, so it cannot be detached.")
    detach_from_customer(fake, method)
    return method


@route("GET", "/v1/mandates/<key>")
def retrieve_mandate(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("mandate", key)


def check_attachable(fake: Fake, method: Object) -> None:
    """Refuse what cannot be saved: cards that decline at once, methods of others, used or detached ones."""
    if method["customer"]:
        raise refused("This payment method is attached to a customer already: detach it first.")
    check_unused(fake, method)
    bank = behaviour(fake, method)
    if not bank.attaches:
        raise declined(bank.code or "card_declined", bank.decline_code)


def check_unused(fake: Fake, method: Object) -> None:
    if fake.store.notes(method["id"]).get("spent"):
        text = "This payment method was used without being attached to a customer, or was detached: use another one."
        raise refused(text, param="payment_method")


def attach_to(fake: Fake, method: Object, customer: str) -> None:
    method["customer"] = customer
    fake.store.index(method)
    fake.emit("payment_method.attached", method)


def detach_from_customer(fake: Fake, method: Object) -> None:
    """It can never be used again; the customer's default and the mandate go with it."""
    from .customers import change

    customer = fake.store.get("customer", method["customer"])
    notes = fake.store.notes(method["id"])
    method["customer"] = None
    notes["spent"] = True
    fake.emit("payment_method.detached", method, {"customer": customer["id"]})
    if customer["invoice_settings"]["default_payment_method"] == method["id"]:
        settings = customer["invoice_settings"] | {"default_payment_method": None}
        change(fake, customer, {"invoice_settings": settings})
    if mandate := fake.store.find(notes.get("mandate")):
        mandate["status"] = "inactive"
        fake.emit("mandate.updated", mandate)


def ensure_mandate(fake: Fake, method: Object, given: bool) -> str | None:
    """The mandate of a debit: the one it has, or a new one when the customer's acceptance was `given`."""
    if method["type"] != "sepa_debit":
        return None
    notes = fake.store.notes(method["id"])
    if "mandate" in notes:
        return notes["mandate"]
    if not given:
        text = "A SEPA debit without a mandate needs mandate_data: the customer's acceptance."
        raise refused(text, code="parameter_missing", param="mandate_data")
    reference = fake.store.digest("mandate", method["id"])[:16].upper()
    details = {
        "sepa_debit": {"reference": reference, "url": f"{fake.url}/mandates/{reference}"},
        "type": "sepa_debit",
    }
    acceptance = {
        "accepted_at": fake.clock.now(),
        "type": "online",
        "online": {"ip_address": None, "user_agent": None},
    }
    mandate = fake.new(
        "mandate",
        "mandate",
        customer_acceptance=acceptance,
        multi_use={},
        payment_method=method["id"],
        payment_method_details=details,
        status="active",
        type="multi_use",
    )
    notes["mandate"] = mandate["id"]
    return mandate["id"]


def _new_card(
    fake: Fake,
    card: cards.Card,
    month: int | None = None,
    year: int | None = None,
    billing: Object | None = None,
    metadata: Object | None = None,
) -> Object:
    today = datetime.fromtimestamp(fake.clock.now(), timezone.utc)
    months = today.year * 12 + today.month - 1 + card.expires_in_months
    details = {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": month or months % 12 + 1,
        "exp_year": year or months // 12,
        "fingerprint": _fingerprint(card.number),
        "funding": card.funding,
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    return _new(fake, "card", details, card.behaviour, billing or {}, metadata or {})


def _new(
    fake: Fake, kind: str, details: Object, bank: Behaviour, billing: Object, metadata: Object
) -> Object:
    billing = {"email": None, "name": None, "phone": None} | billing
    billing["address"] = dict.fromkeys(ADDRESS) | (billing.get("address") or {})
    method = fake.new(
        "pm", "payment_method", type=kind, customer=None, billing_details=billing, metadata=metadata
    )
    method |= {kind: details, "allow_redisplay": "unspecified"}
    fake.store.notes(method["id"])["behaviour"] = bank
    return method


def _fingerprint(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()[:16]
