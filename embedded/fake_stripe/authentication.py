"""Strong customer authentication: when a card's bank asks for it, and where the customer is sent."""

from __future__ import annotations

from . import payment_methods
from .core import Fake
from .errors import malformed
from .store import Object


def is_needed(fake: Fake, method: Object, off_session: bool) -> bool:
    """Whether the bank wants the customer to authenticate this use of the method."""
    asks = payment_methods.behaviour(fake, method).authentication
    if asks == "once":
        return not (off_session and fake.store.notes(method["id"]).get("set_up"))
    return asks == "always" or (asks == "on_session" and not off_session)


def next_action(fake: Fake, intent: Object, return_url: str | None) -> Object:
    """Where to go: a page of the bank that comes back to `return_url`, else Stripe's script would show it."""
    url = f"{fake.url}/authenticate/{intent['id']}"
    if return_url:
        return {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url}}


def check_return_url(intent: Object, return_url: str | None) -> None:
    """Methods chosen automatically may redirect, unless that is ruled out: Stripe then wants a way back."""
    automatic = intent["automatic_payment_methods"]
    if automatic and automatic.get("allow_redirects") != "never" and not return_url:
        text = (
            "A return_url is needed: the payment methods are chosen automatically, and some redirect. Pass it, or "
            "automatic_payment_methods[allow_redirects]=never, or payment_method_types."
        )
        raise malformed(text, param="return_url")


def method_types(
    given: list[str], automatic: Object | None, currency: str | None
) -> tuple[list[str], Object | None]:
    """The types an intent takes, and its automatic_payment_methods: automatic is the rule when nothing is said."""
    for kind in given:
        if kind not in payment_methods.TYPES:
            raise malformed(
                f"The payment method type {kind} is not offered here.", param="payment_method_types"
            )
        if kind == "sepa_debit" and currency not in (None, "eur"):
            raise malformed(f"sepa_debit does not support {currency}.", param="payment_method_types")
    if given:
        return given, automatic
    if automatic is None or automatic["enabled"]:
        automatic = automatic or {"allow_redirects": "always", "enabled": True}
        return (["card", "sepa_debit"] if currency in (None, "eur") else ["card"]), automatic
    return ["card"], None
