"""Checkout Sessions: a hosted page where a customer pays, or saves a payment method, and comes back."""

from __future__ import annotations

from . import charging, customers, listing, money, payment_methods, setup_intents
from .authentication import method_types
from .core import Fake, route
from .errors import malformed, refused
from .params import Params
from .payment_intents import USAGES, check_descriptor, new_intent
from .store import Object

HALF_HOUR, DAY = 1_800, 86_400
MODES = ("payment", "setup", "subscription")
TEXTS = ("success_url", "cancel_url", "client_reference_id", "customer_email", "locale", "submit_type")
# Accepted and shown, without effect here.
SHOWN = (
    "allow_promotion_codes", "automatic_tax", "billing_address_collection", "consent_collection", "custom_fields",
    "custom_text", "customer_update", "phone_number_collection", "saved_payment_method_options", "tax_id_collection",
)  # fmt: skip


@route("POST", "/v1/checkout/sessions")
def create(fake: Fake, params: Params) -> Object:
    mode = params.string("mode", required=True, choices=MODES)
    if mode == "subscription":
        raise malformed("This fake has no subscriptions: mode is payment or setup.", param="mode")
    fields = {name: params.string(name) for name in TEXTS} | {name: params.raw(name) for name in SHOWN}
    customer = params.string("customer")
    creation = params.string("customer_creation", choices=("always", "if_required"))
    types, currency = params.strings("payment_method_types"), params.string("currency")
    metadata, expires_at = params.metadata(), params.integer("expires_at")
    items = [_line_item(item) for item in params.hashes("line_items")]
    payment, setup = _intent_data(params, "payment_intent_data"), _intent_data(params, "setup_intent_data")
    params.raw("payment_method_options")
    params.string("ui_mode", choices=("hosted",))
    if not fields["success_url"]:
        raise params.missing("success_url")
    if customer and (fields["customer_email"] or creation):
        raise malformed("Pass customer, or customer_email and customer_creation.", param="customer")
    if customer:
        customers.living(fake, customer, "customer")
    total, currency = _amount(params, mode or "", items, types, currency)
    params.finish()
    now = fake.clock.now()
    expires_at = now + DAY if expires_at is None else expires_at
    if not now + HALF_HOUR - 60 <= expires_at <= now + DAY + 60:
        raise refused("expires_at must be 30 minutes to 24 hours from now.", param="expires_at")
    types, _ = method_types(types, None, currency)
    session = fake.new(
        "cs_test", "checkout.session", **fields, customer=customer, metadata=metadata, mode=mode
    )
    session |= {
        "amount_subtotal": total,
        "amount_total": total,
        "currency": currency,
        "customer_creation": None if customer or mode == "setup" else creation or "if_required",
        "customer_details": None,
        "expires_at": expires_at,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required" if mode == "payment" else "always",
        "payment_method_options": {},
        "payment_method_types": types,
        "payment_status": "unpaid" if mode == "payment" else "no_payment_required",
        "setup_intent": None,
        "status": "open",
        "subscription": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if items else None,
        "ui_mode": "hosted",
        "url": f"{fake.url}/checkout/{session['id']}",
    }
    notes = fake.store.notes(session["id"])
    notes |= {"items": items, "intent": payment if mode == "payment" else setup}
    if mode == "setup":
        intent = setup_intents.new_intent(fake, customer=customer, payment_method_types=types, **setup)
        session["setup_intent"] = intent["id"]
        fake.store.notes(intent["id"])["session"] = session["id"]
    fake.store.later(expires_at, lambda: session["status"] == "open" and expire_session(fake, session))
    return session


@route("GET", "/v1/checkout/sessions")
def list_all(fake: Fake, params: Params) -> Object:
    filters = ("customer", "payment_intent", "status")
    return listing.page(fake, params, "checkout.session", "/v1/checkout/sessions", filters)


@route("GET", "/v1/checkout/sessions/<key>")
def retrieve(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("checkout.session", key)


@route("POST", "/v1/checkout/sessions/<key>")
def update(fake: Fake, params: Params, key: str) -> Object:
    session = fake.store.get("checkout.session", key)
    metadata = params.metadata(session["metadata"])
    params.finish()
    session["metadata"] = metadata
    return session


@route("GET", "/v1/checkout/sessions/<key>/line_items")
def list_items(fake: Fake, params: Params, key: str) -> Object:
    params.integer("limit")
    params.finish()
    return line_items(fake, fake.store.get("checkout.session", key))


@route("POST", "/v1/checkout/sessions/<key>/expire")
def expire(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    session = fake.store.get("checkout.session", key)
    if session["status"] != "open":
        raise refused(f"Only open Checkout Sessions can be expired: this one is {session['status']}.")
    expire_session(fake, session)
    return session


def expire_session(fake: Fake, session: Object) -> None:
    """Nobody can pay on it any more, and its intent is canceled."""
    session |= {"status": "expired", "url": None}
    intent = fake.store.find(session["payment_intent"])
    if intent and intent["status"] in charging.CANCELABLE:
        charging.cancel(fake, intent, "automatic")
    setup = fake.store.find(session["setup_intent"])
    if setup and setup["status"] in setup_intents.OPEN:
        setup_intents.cancel_intent(fake, setup, None)
    fake.emit("checkout.session.expired", session)


def line_items(fake: Fake, session: Object) -> Object:
    items = fake.store.notes(session["id"])["items"]
    made = [item | {"id": f"li_{session['id']}_{index}"} for index, item in enumerate(items)]
    return listing.whole(f"/v1/checkout/sessions/{session['id']}/line_items", made)


listing.LAZY["checkout.session", "line_items"] = line_items


def pay(fake: Fake, session: Object, method: Object, email: str | None = None) -> Object:
    """What the page's button does. Returns the intent: succeeded, processing, or waiting for authentication.

    Raises:
        StripeError: the bank refused (the page stays open), or the session is not open.
    """
    if session["status"] != "open":
        raise refused(f"This Checkout Session is {session['status']}.", code="checkout_session_not_open")
    back = f"{fake.url}/checkout/{session['id']}"
    email = email or session["customer_email"] or method["billing_details"]["email"]
    customer = fake.store.find(session["customer"]) or _customer_if_required(fake, session, email)
    session["customer_details"] = {
        "email": (customer and customer["email"]) or email,
        "name": (customer and customer["name"]) or method["billing_details"]["name"],
        "phone": None,
        "address": method["billing_details"]["address"],
        "tax_exempt": "none",
        "tax_ids": [],
    }
    if session["mode"] == "setup":
        intent = fake.store.get("setup_intent", session["setup_intent"])
        setup_intents.check(fake, intent, method)
        intent["payment_method"] = method["id"]
        setup_intents.confirm_intent(fake, intent, mandate_given=True, return_url=back)
        return intent
    intent = fake.store.find(session["payment_intent"]) or _payment_intent(fake, session, customer)
    charging.check(fake, intent, method)
    intent["payment_method"] = method["id"]
    charging.confirm(fake, intent, mandate_given=True, return_url=back)
    return intent


def pay_with(fake: Fake, session: Object, chosen: str, email: str | None = None) -> Object:
    """Pay with a test token, a saved method of the customer, or an IBAN."""
    if not chosen.startswith("pm_"):
        billing = {"name": "Test Payer", "email": email or "payer@example.com"}
        values = {"type": "sepa_debit", "sepa_debit": {"iban": chosen}, "billing_details": billing}
        return pay(fake, session, payment_methods.create_from(fake, Params(values)), email)
    return pay(fake, session, payment_methods.usable(fake, chosen), email)


def return_address(session: Object) -> str:
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _payment_intent(fake: Fake, session: Object, customer: Object | None) -> Object:
    fields = dict(fake.store.notes(session["id"])["intent"])
    intent = new_intent(
        fake,
        session["amount_total"],
        session["currency"],
        customer=customer and customer["id"],
        payment_method_types=session["payment_method_types"],
        **fields,
    )
    fake.store.notes(intent["id"])["session"] = session["id"]
    session["payment_intent"] = intent["id"]
    fake.store.index(session)
    return intent


def _customer_if_required(fake: Fake, session: Object, email: str | None) -> Object | None:
    saves = session["mode"] == "payment" and fake.store.notes(session["id"])["intent"].get(
        "setup_future_usage"
    )
    if session["customer_creation"] != "always" and not saves:
        return None
    customer = customers.new_customer(fake, email=email)
    fake.emit("customer.created", customer)
    session["customer"] = customer["id"]
    fake.store.index(session)
    return customer


def _paid(fake: Fake, intent: Object, outcome: str) -> None:
    session = fake.store.find(fake.store.notes(intent["id"]).get("session"))
    if session is None:
        return
    if outcome in ("succeeded", "settled"):
        session["payment_status"] = "paid"
    if outcome in ("succeeded", "processing"):
        session |= {"status": "complete", "url": None}
        fake.emit("checkout.session.completed", session)
    else:
        told = "succeeded" if outcome == "settled" else "failed"
        fake.emit(f"checkout.session.async_payment_{told}", session)


def _saved(fake: Fake, intent: Object) -> None:
    session = fake.store.find(fake.store.notes(intent["id"]).get("session"))
    if session is not None:
        session |= {"status": "complete", "url": None}
        fake.emit("checkout.session.completed", session)


charging.listeners.append(_paid)
setup_intents.listeners.append(_saved)


def _line_item(item: Params) -> Object:
    price = item.hash("price_data")
    if price is None:
        raise item.missing("price_data")
    product = price.hash("product_data")
    if product is None:
        raise price.missing("product_data")
    name = product.string("name", required=True)
    shown = {"description": product.string("description"), "images": product.strings("images")}
    product.metadata()
    product.string("tax_code")
    item.raw("adjustable_quantity")
    item.raw("tax_rates")
    price.string("tax_behavior")
    currency = (price.string("currency", required=True) or "").lower()
    unit = price.integer("unit_amount", required=True) or 0
    quantity = item.integer("quantity", required=True) or 0
    if unit < 0 or quantity < 1:
        raise malformed(
            "Line items have an amount from 0 and a quantity from 1.", param=item.where("quantity")
        )
    return {
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": unit * quantity,
        "amount_tax": 0,
        "amount_total": unit * quantity,
        "currency": currency,
        "description": name,
        "price": {
            "object": "price",
            "currency": currency,
            "unit_amount": unit,
            "type": "one_time",
            "product_data": shown,
        },
        "quantity": quantity,
    }


def _amount(
    params: Params, mode: str, items: list[Object], types: list[str], currency: str | None
) -> tuple[int | None, str | None]:
    if mode == "setup":
        if items:
            raise malformed("line_items are not for mode=setup.", param="line_items")
        if not types and not currency:
            raise params.missing("currency")
        return None, currency
    if not items:
        raise params.missing("line_items")
    currencies = {item["currency"] for item in items}
    if len(currencies) > 1:
        raise malformed("All line items must have the same currency.", param="line_items")
    total, currency = sum(item["amount_total"] for item in items), currencies.pop()
    money.check(total, currency, "line_items")
    return total, currency


def _intent_data(params: Params, name: str) -> Object:
    data = params.hash(name)
    if data is None:
        return {}
    fields = {"description": data.string("description"), "metadata": data.metadata()}
    if name == "setup_intent_data":
        return fields
    for text in ("receipt_email", "statement_descriptor", "statement_descriptor_suffix", "transfer_group"):
        fields[text] = data.string(text)
    check_descriptor(
        fields["statement_descriptor_suffix"], "payment_intent_data[statement_descriptor_suffix]"
    )
    capture = data.string("capture_method", choices=("automatic", "automatic_async", "manual"))
    fields |= {"capture_method": capture or "automatic_async", "shipping": data.raw("shipping")}
    return fields | {"setup_future_usage": data.string("setup_future_usage", choices=USAGES)}
