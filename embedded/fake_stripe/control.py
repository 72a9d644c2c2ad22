"""The control side, under /_control, in JSON: what tests and the demo steer the fake with."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from . import charging, checkout, disputes, pages, refunds
from .core import Fake, route
from .errors import StripeError, refused
from .events import net
from .faults import KINDS
from .store import Object
from .webhooks import Plan

SETTINGS = ("secret_key", "search_lag")
STRIPES_OWN_CODES = ("expired_card", "incorrect_cvc", "processing_error")


def control(method: str, path: str, *, locked: bool = True) -> Any:
    return route(method, f"/_control{path}", locked=locked)


@control("GET", "/state")
def state(fake: Fake, body: Object) -> Object:
    """Everything that tests compare with the books."""
    intents = []
    for intent in fake.store.newest("payment_intent"):
        charge = fake.store.find(intent["latest_charge"]) or {}
        names = ("id", "status", "amount", "amount_received", "currency", "customer", "metadata", "created")
        notes = fake.store.notes(intent["id"])
        key, session = notes.get("idempotency_key"), notes.get("session")
        row = {name: intent[name] for name in names} | {"idempotency_key": key, "session": session}
        row |= {"refunded": charge.get("amount_refunded", 0), "disputed": charge.get("disputed", False)}
        intents.append(row)
    intents.reverse()
    by_key = {row["idempotency_key"]: row["id"] for row in intents if row["idempotency_key"]}
    return {
        "now": fake.clock.now(),
        "totals": totals(fake, body),
        "payment_intents": intents,
        "by_key": by_key,
    }


@control("GET", "/totals")
def totals(fake: Fake, body: Object) -> Object:
    """Per currency, in its smallest unit: captured, refunded, disputed, and what is left."""
    names = ("captured", "refunded", "disputed")
    return {c: {name: t[name] for name in names} | {"net": net(t)} for c, t in sorted(fake.totals.items())}


@control("POST", "/reset")
def reset(fake: Fake, body: Object) -> Object:
    fake.reset()
    return {}


@control("POST", "/settings")
def settings(fake: Fake, body: Object) -> Object:
    """secret_key (rotate it), search_lag (seconds until a search finds a new object)."""
    for name, value in body.items():
        if name not in SETTINGS:
            raise ValueError(f"Unknown setting {name!r}: one of {', '.join(SETTINGS)}")
        setattr(fake, name, value)
    return {name: getattr(fake, name) for name in SETTINGS if name != "secret_key"}


@control("POST", "/clock")
def clock(fake: Fake, body: Object) -> Object:
    """Set to a moment (`now`), or advance by `seconds`; what falls due on the way is done, in order."""
    if "now" in body:
        fake.clock.set(body["now"])
    fake.clock.advance(body.get("seconds", 0))
    fake.catch_up()
    return {"now": fake.clock.now()}


@control("POST", "/faults")
def add_fault(fake: Fake, body: Object) -> Object:
    """kind, path, method, times, skip, seconds: see faults.py."""
    return asdict(fake.faults.add(**body))


@control("GET", "/faults")
def list_faults(fake: Fake, body: Object) -> Object:
    return {"planned": [asdict(fault) for fault in fake.faults.planned], "kinds": KINDS}


@control("DELETE", "/faults")
def clear_faults(fake: Fake, body: Object) -> Object:
    fake.faults.planned.clear()
    return {}


@control("POST", "/webhooks")
def plan_webhooks(fake: Fake, body: Object) -> Object:
    """mode (send, hold, before_answer), copies, delay, drop: for events from now on."""
    fake.webhooks.plan = Plan(**body)
    return asdict(fake.webhooks.plan)


@control("GET", "/deliveries")
def deliveries(fake: Fake, body: Object) -> Object:
    return {"data": [asdict(delivery) for delivery in fake.webhooks.deliveries.values()]}


@control("POST", "/deliveries/release", locked=False)
def release(fake: Fake, body: Object) -> Object:
    """Send held deliveries now: ids, types, order (created, reverse, shuffle), seed, copies, parallel."""
    return {"data": fake.webhooks.release(**body)}


@control("POST", "/deliveries/drain", locked=False)
def drain(fake: Fake, body: Object) -> Object:
    """Answer when everything that is not held has been sent."""
    fake.webhooks.drain()
    return {}


@control("POST", "/events/<key>/redeliver", locked=False)
def redeliver(fake: Fake, body: Object, key: str) -> Object:
    """Send an event again: copies, parallel; forged with a secret, a timestamp or an age in seconds."""
    return {"data": fake.webhooks.redeliver(key, **body)}


@control("POST", "/events/<key>/signed")
def signed(fake: Fake, body: Object, key: str) -> Object:
    """The payload and signature of an event, for a test that delivers by itself: endpoint, secret, timestamp, age."""
    return fake.webhooks.signed(key, **body)


@control("POST", "/events")
def emit(fake: Fake, body: Object) -> Object:
    """Any event about any object, as it is or with `changes`: unknown types, wrong amounts, strangers' objects."""
    thing = fake.store.find(body.get("id")) or {}
    return fake.emit(body["type"], thing | body.get("changes", {}))


@control("POST", "/checkout/<key>/pay")
def pay(fake: Fake, body: Object, key: str) -> Object:
    """Pay with `method` (token, saved method or IBAN). `authenticate`: succeed, fail, or leave the bank's page open."""
    session = fake.store.get("checkout.session", key)
    answer: Object = {"error": None}
    try:
        intent = checkout.pay_with(fake, session, body.get("method", "pm_card_visa"), body.get("email"))
        if intent["next_action"] and body.get("authenticate", "succeed") != "leave":
            pages.authenticate(fake, intent, body.get("authenticate", "succeed") == "succeed")
    except StripeError as error:
        answer["error"] = error.error
    complete = session["status"] == "complete"
    return answer | {"session": session, "redirect": checkout.return_address(session) if complete else None}


@control("POST", "/intents/<key>/authenticate")
def authenticate(fake: Fake, body: Object, key: str) -> Object:
    """The customer's answer to the bank: `success` true or false. A decline that follows is in the intent."""
    intent = fake.store.find(key)
    if intent is None or intent["object"] not in ("payment_intent", "setup_intent"):
        raise refused(f"No such intent: {key}")
    try:
        pages.authenticate(fake, intent, body.get("success", True))
    except StripeError as error:
        if error.status != 402:
            raise
    return intent


@control("POST", "/payment_intents/<key>/settle")
def settle(fake: Fake, body: Object, key: str) -> Object:
    """End a SEPA debit now: `outcome` succeeded or failed, with the bank's `reason`."""
    intent = fake.store.get("payment_intent", key)
    charging.settle(fake, intent, body.get("outcome", "succeeded"), body.get("reason"))
    return intent


@control("POST", "/payment_methods/<key>")
def change_method(fake: Fake, body: Object, key: str) -> Object:
    """What the bank does from now on: `decline` (a decline code, or null for good), authentication, dispute, refund,
    settles, days; or a renewed card: exp_month, exp_year, last4."""
    method = fake.store.get("payment_method", key)
    notes = fake.store.notes(key)
    renewed = {name: body.pop(name) for name in ("exp_month", "exp_year", "last4") if name in body}
    if "decline" in body:
        word = body.pop("decline")
        own = word in STRIPES_OWN_CODES
        body |= {"code": word if own else word and "card_declined", "decline_code": None if own else word}
    notes["behaviour"] = replace(notes["behaviour"], **body)
    if renewed:
        method["card"] |= renewed
        fake.emit("payment_method.automatically_updated", method)
    return method


@control("POST", "/disputes")
def dispute(fake: Fake, body: Object) -> Object:
    """The customer's bank takes back a `charge`, or a `payment_intent`'s: wholly, or an `amount`."""
    if "payment_intent" in body:
        body["charge"] = fake.store.get("payment_intent", body["payment_intent"])["latest_charge"]
    made = fake.store.get("charge", body["charge"])
    return disputes.open_dispute(
        fake, made, body.get("amount") or disputes.left(made), body.get("reason", "fraudulent")
    )


@control("POST", "/disputes/<key>/close")
def close_dispute(fake: Fake, body: Object, key: str) -> Object:
    thing = fake.store.get("dispute", key)
    disputes.close_dispute(fake, thing, body["outcome"])
    return thing


@control("POST", "/refunds/<key>/finish")
def finish_refund(fake: Fake, body: Object, key: str) -> Object:
    """A refund's last word: succeeded or failed."""
    thing = fake.store.get("refund", key)
    refunds.finish(fake, thing, body["status"])
    return thing
