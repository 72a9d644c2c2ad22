"""Setup intents: a payment method is saved for later, with the customer's authentication or mandate."""

from __future__ import annotations

from collections.abc import Callable

from . import authentication, customers, listing, payment_methods
from .core import Fake, route
from .errors import StripeError, declined, refused, unexpected_state
from .params import Params
from .payment_intents import USAGES, read_automatic
from .store import Object

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
REASONS = ("abandoned", "requested_by_customer", "duplicate")
listeners: list[Callable[[Fake, Object], None]] = []


def new_intent(fake: Fake, **fields: object) -> Object:
    """A setup intent that waits for a payment method, announced."""
    empty = (
        "application automatic_payment_methods cancellation_reason customer description last_setup_error latest_attempt "
        "mandate next_action on_behalf_of payment_method single_use_mandate"
    )
    intent = fake.new("seti", "setup_intent", **dict.fromkeys(empty.split()) | {"metadata": {}} | fields)
    intent.setdefault("usage", "off_session")
    intent |= {"payment_method_options": {}, "status": "requires_payment_method"}
    intent["client_secret"] = f"{intent['id']}_secret_{fake.store.digest(intent['id'])[:24]}"
    if intent["payment_method"]:
        intent["status"] = "requires_confirmation"
    fake.emit("setup_intent.created", intent)
    return intent


@route("POST", "/v1/setup_intents")
def create(fake: Fake, params: Params) -> Object:
    customer, method = params.string("customer"), params.string("payment_method")
    types, automatic = params.strings("payment_method_types"), read_automatic(params)
    confirming, return_url = params.boolean("confirm"), params.string("return_url")
    usage = params.string("usage", choices=USAGES)
    fields = {"description": params.string("description"), "metadata": params.metadata()}
    method_data, mandate = params.hash("payment_method_data"), bool(params.raw("mandate_data"))
    params.raw("payment_method_options")
    params.raw("use_stripe_sdk")
    if customer:
        customers.living(fake, customer, "customer")
    made = payment_methods.create_from(fake, method_data) if method_data else None
    params.finish()
    if method:
        made = payment_methods.usable(fake, method)
    types, automatic = authentication.method_types(types, automatic, None)
    fields |= {"customer": customer, "payment_method_types": types, "automatic_payment_methods": automatic}
    if made:
        check(fake, fields, made)
    if confirming and made is None:
        raise refused(
            "A payment method is needed to confirm.", code="parameter_missing", param="payment_method"
        )
    if confirming:
        authentication.check_return_url(fields, return_url)
    intent = new_intent(fake, payment_method=made and made["id"], usage=usage or "off_session", **fields)
    if confirming:
        confirm_intent(fake, intent, mandate_given=mandate, return_url=return_url)
    return intent


@route("GET", "/v1/setup_intents")
def list_all(fake: Fake, params: Params) -> Object:
    return listing.page(fake, params, "setup_intent", "/v1/setup_intents", ("customer", "payment_method"))


@route("GET", "/v1/setup_intents/<key>")
def retrieve(fake: Fake, params: Params, key: str) -> Object:
    params.string("client_secret")
    params.finish()
    return fake.store.get("setup_intent", key)


@route("POST", "/v1/setup_intents/<key>")
def update(fake: Fake, params: Params, key: str) -> Object:
    intent = fake.store.get("setup_intent", key)
    metadata = params.metadata(intent["metadata"])
    description, customer = params.string("description"), params.string("customer")
    params.finish()
    intent["metadata"] = metadata
    intent["description"] = description or intent["description"]
    if customer:
        intent["customer"] = customers.living(fake, customer, "customer")["id"]
        fake.store.index(intent)
    return intent


@route("POST", "/v1/setup_intents/<key>/confirm")
def confirm(fake: Fake, params: Params, key: str) -> Object:
    intent = fake.store.get("setup_intent", key)
    method, method_data = params.string("payment_method"), params.hash("payment_method_data")
    mandate, return_url = bool(params.raw("mandate_data")), params.string("return_url")
    params.raw("payment_method_options")
    params.raw("use_stripe_sdk")
    made = payment_methods.create_from(fake, method_data) if method_data else None
    params.finish()
    if method:
        made = payment_methods.usable(fake, method)
    if made:
        check(fake, intent, made)
        intent["payment_method"] = made["id"]
    confirm_intent(fake, intent, mandate_given=mandate, return_url=return_url)
    return intent


@route("POST", "/v1/setup_intents/<key>/cancel")
def cancel(fake: Fake, params: Params, key: str) -> Object:
    intent = fake.store.get("setup_intent", key)
    reason = params.string("cancellation_reason", choices=REASONS)
    params.finish()
    cancel_intent(fake, intent, reason)
    return intent


def cancel_intent(fake: Fake, intent: Object, reason: str | None) -> None:
    if intent["status"] not in OPEN:
        raise unexpected_state("setup_intent", intent, "canceled")
    intent |= {"status": "canceled", "cancellation_reason": reason, "next_action": None}
    fake.emit("setup_intent.canceled", intent)


def check(fake: Fake, intent: Object, method: Object) -> None:
    if method["customer"] and method["customer"] != intent["customer"]:
        raise refused("The payment method belongs to a customer: pass that customer.", param="payment_method")
    if method["type"] not in intent["payment_method_types"]:
        raise refused("The payment method's type is not among payment_method_types.", param="payment_method")
    if method["customer"] is None:
        payment_methods.check_unused(fake, method)


def confirm_intent(fake: Fake, intent: Object, *, mandate_given: bool, return_url: str | None) -> None:
    """Save the method, or ask for the customer's authentication first.

    Raises:
        StripeError: 402 with the intent inside when the bank refuses the card.
    """
    if intent["status"] not in OPEN or intent["payment_method"] is None:
        raise unexpected_state("setup_intent", intent, "confirmed")
    authentication.check_return_url(intent, return_url)
    method = fake.store.get("payment_method", intent["payment_method"])
    payment_methods.ensure_mandate(fake, method, mandate_given)
    bank = payment_methods.behaviour(fake, method)
    expired = payment_methods.is_expired(fake, method)
    if expired or not bank.attaches:
        code = "expired_card" if expired else bank.code or "card_declined"
        error = declined(code, None if expired else bank.decline_code, payment_method=method)
        _fail(fake, intent, error)
        error.error["setup_intent"] = intent
        raise error
    if method["type"] == "card" and bank.authentication in ("always", "once"):
        intent["status"] = "requires_action"
        intent["next_action"] = authentication.next_action(fake, intent, return_url)
        fake.emit("setup_intent.requires_action", intent)
        return
    _succeed(fake, intent, method)


def authenticate(fake: Fake, intent: Object, success: bool) -> None:
    """The customer came back from the bank's page."""
    if intent["status"] != "requires_action":
        raise unexpected_state("setup_intent", intent, "authenticated")
    method = fake.store.get("payment_method", intent["payment_method"])
    if success:
        _succeed(fake, intent, method)
        return
    text, code = "The payment method has failed authentication.", "setup_intent_authentication_failure"
    _fail(fake, intent, StripeError(400, "invalid_request_error", text, code=code, payment_method=method))


def _succeed(fake: Fake, intent: Object, method: Object) -> None:
    notes = fake.store.notes(method["id"])
    notes["set_up"] = True
    if intent["customer"] and method["customer"] is None:
        payment_methods.attach_to(fake, method, intent["customer"])
    intent |= {
        "status": "succeeded",
        "next_action": None,
        "last_setup_error": None,
        "mandate": notes.get("mandate"),
    }
    if intent["mandate"]:
        fake.emit("mandate.updated", fake.store.get("mandate", intent["mandate"]))
    fake.emit("setup_intent.succeeded", intent)
    for listener in listeners:
        listener(fake, intent)


def _fail(fake: Fake, intent: Object, error: StripeError) -> None:
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent["last_setup_error"] = dict(error.error)
    fake.emit("setup_intent.setup_failed", intent)
