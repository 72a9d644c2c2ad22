"""Payment intents: the routes."""

from __future__ import annotations

import re

from . import authentication, charging, customers, listing, money, payment_methods
from .core import Fake, route
from .errors import malformed, refused, unexpected_state
from .params import Params
from .store import Object

USAGES = ("on_session", "off_session")
REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
EDITABLE = charging.CONFIRMABLE


def new_intent(fake: Fake, amount: int, currency: str, **fields: object) -> Object:
    """A payment intent that waits for a payment method, announced."""
    money.check(amount, currency)
    empty = (
        "application application_fee_amount automatic_payment_methods canceled_at cancellation_reason customer description "
        "last_payment_error latest_charge next_action on_behalf_of payment_method processing receipt_email review "
        "setup_future_usage shipping source statement_descriptor statement_descriptor_suffix transfer_data transfer_group"
    )
    intent = fake.new(
        "pi", "payment_intent", amount=amount, currency=currency, **dict.fromkeys(empty.split()) | fields
    )
    intent |= {"amount_capturable": 0, "amount_received": 0, "amount_details": {"tip": {}}}
    intent.setdefault("metadata", {})
    intent.setdefault("capture_method", "automatic_async")
    intent.setdefault("payment_method_types", ["card"])
    intent |= {
        "confirmation_method": "automatic",
        "payment_method_options": {},
        "status": "requires_payment_method",
    }
    intent["client_secret"] = f"{intent['id']}_secret_{fake.store.digest(intent['id'])[:24]}"
    fake.store.notes(intent["id"])["idempotency_key"] = fake.request["idempotency_key"]
    if intent["payment_method"]:
        intent["status"] = "requires_confirmation"
    fake.emit("payment_intent.created", intent)
    return intent


@route("POST", "/v1/payment_intents")
def create(fake: Fake, params: Params) -> Object:
    amount = params.integer("amount", required=True) or 0
    currency = (params.string("currency", required=True) or "").lower()
    types, automatic = params.strings("payment_method_types"), read_automatic(params)
    fields = _fields(params) | {"metadata": params.metadata()}
    capture = params.string("capture_method", choices=("automatic", "automatic_async", "manual"))
    customer, method = params.string("customer"), params.string("payment_method")
    method_data = params.hash("payment_method_data")
    confirming = params.boolean("confirm")
    params.raw("payment_method_options")
    params.raw("use_stripe_sdk")
    options = _confirmation(params)
    if not confirming and (
        options["off_session"] or options["error_on_requires_action"] or options["mandate_given"]
    ):
        raise malformed(
            "off_session, error_on_requires_action and mandate_data are for confirm=true.", param="confirm"
        )
    if types and automatic:
        raise malformed(
            "Pass payment_method_types or automatic_payment_methods, not both.", param="payment_method_types"
        )
    money.check(amount, currency)
    if customer:
        customers.living(fake, customer, "customer")
    made = payment_methods.create_from(fake, method_data) if method_data else None
    params.finish()
    if method:
        made = payment_methods.usable(fake, method)
    types, automatic = authentication.method_types(types, automatic, currency)
    fields |= {"customer": customer, "payment_method_types": types, "automatic_payment_methods": automatic}
    fields["capture_method"] = capture or "automatic_async"
    if made:
        charging.check(fake, {"currency": currency, **fields}, made)
    if confirming and made is None:
        raise refused(
            "A payment method is needed to confirm.", code="parameter_missing", param="payment_method"
        )
    if confirming:
        authentication.check_return_url(fields, options["return_url"])
    intent = new_intent(fake, amount, currency, payment_method=made and made["id"], **fields)
    if confirming:
        charging.confirm(fake, intent, **options)
    return intent


@route("GET", "/v1/payment_intents")
def list_all(fake: Fake, params: Params) -> Object:
    return listing.page(fake, params, "payment_intent", "/v1/payment_intents", ("customer",))


@route("GET", "/v1/payment_intents/search")
def search(fake: Fake, params: Params) -> Object:
    return listing.search(fake, params, "payment_intent", "/v1/payment_intents/search")


@route("GET", "/v1/payment_intents/<key>")
def retrieve(fake: Fake, params: Params, key: str) -> Object:
    params.string("client_secret")
    params.finish()
    return fake.store.get("payment_intent", key, None)


@route("POST", "/v1/payment_intents/<key>")
def update(fake: Fake, params: Params, key: str) -> Object:
    intent = fake.store.get("payment_intent", key)
    changes = {name: value for name, value in _fields(params).items() if name in params}
    amount, currency = params.integer("amount"), params.string("currency")
    customer, method, types = (
        params.string("customer"),
        params.string("payment_method"),
        params.strings("payment_method_types"),
    )
    metadata = params.metadata(intent["metadata"])
    params.finish()
    money_matters = amount or currency or customer or method or types
    if money_matters and intent["status"] not in EDITABLE:
        raise unexpected_state("payment_intent", intent, "updated")
    if amount or currency:
        amount, currency = amount or intent["amount"], (currency or intent["currency"]).lower()
        money.check(amount, currency)
        changes |= {"amount": amount, "currency": currency}
    if customer:
        changes["customer"] = customers.living(fake, customer, "customer")["id"]
    if types:
        changes["payment_method_types"] = types
    if method:
        made = payment_methods.usable(fake, method)
        charging.check(fake, intent | changes, made)
        changes |= {"payment_method": made["id"], "status": "requires_confirmation", "next_action": None}
    intent |= changes | {"metadata": metadata}
    fake.store.index(intent)
    return intent


@route("POST", "/v1/payment_intents/<key>/confirm")
def confirm(fake: Fake, params: Params, key: str) -> Object:
    intent = fake.store.get("payment_intent", key)
    usage, receipt = params.string("setup_future_usage", choices=USAGES), params.string("receipt_email")
    method, method_data = params.string("payment_method"), params.hash("payment_method_data")
    params.raw("payment_method_options")
    params.raw("use_stripe_sdk")
    options = _confirmation(params)
    made = payment_methods.create_from(fake, method_data) if method_data else None
    params.finish()
    if intent["status"] not in EDITABLE:
        raise unexpected_state("payment_intent", intent, "confirmed")
    if method:
        made = payment_methods.usable(fake, method)
    if made:
        charging.check(fake, intent, made)
        intent["payment_method"] = made["id"]
    if usage:
        intent["setup_future_usage"] = usage
    if receipt:
        intent["receipt_email"] = receipt
    charging.confirm(fake, intent, **options)
    return intent


@route("POST", "/v1/payment_intents/<key>/capture")
def capture(fake: Fake, params: Params, key: str) -> Object:
    intent = fake.store.get("payment_intent", key)
    amount = params.integer("amount_to_capture")
    params.finish()
    charging.capture(fake, intent, amount)
    return intent


@route("POST", "/v1/payment_intents/<key>/cancel")
def cancel(fake: Fake, params: Params, key: str) -> Object:
    intent = fake.store.get("payment_intent", key)
    reason = params.string("cancellation_reason", choices=REASONS)
    params.finish()
    session = fake.store.find(fake.store.notes(key).get("session"))
    if session and session["status"] == "open":
        raise refused("This payment intent belongs to a Checkout Session: expire the session instead.")
    charging.cancel(fake, intent, reason)
    return intent


def check_descriptor(value: str | None, param: str) -> None:
    """What stands on bank statements: 22 characters, a letter among them, none that banks cannot print."""
    if value and (len(value) > 22 or re.search(r"[<>\\'\"*]", value) or not re.search("[A-Za-z]", value)):
        raise malformed(
            f"The {param} has 1 to 22 characters, with a letter and without <>\\'\"*", param=param
        )


def _fields(params: Params) -> Object:
    fields = {name: params.string(name) for name in ("description", "receipt_email")}
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        fields[name] = params.string(name)
        check_descriptor(fields[name], name)
    fields["setup_future_usage"] = params.string("setup_future_usage", choices=USAGES)
    return fields | {"shipping": params.raw("shipping"), "transfer_group": params.string("transfer_group")}


def read_automatic(params: Params) -> Object | None:
    automatic = params.hash("automatic_payment_methods")
    if automatic is None:
        return None
    redirects = automatic.string("allow_redirects", choices=("always", "never"))
    return {"allow_redirects": redirects or "always", "enabled": automatic.boolean("enabled")}


def _confirmation(params: Params) -> Object:
    return {
        "off_session": (params.string("off_session") or "false").lower() != "false",
        "error_on_requires_action": bool(params.boolean("error_on_requires_action")),
        "mandate_given": bool(params.raw("mandate_data")),
        "return_url": params.string("return_url"),
    }
