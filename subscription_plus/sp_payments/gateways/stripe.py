"""Stripe: Checkout for what the customer does, PaymentIntents off-session for the rest.

Works with the `stripe` package from 10.12 on: only StripeClient and documented parameters are used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import frappe
import stripe
from frappe import _
from frappe.model.document import Document

from subscription_plus.engine.attempts import AttemptStatus

from .base import GatewayError, GatewayUnavailable, Method, Notice, Order, Page, Result, WebhookRefused

TOLERANCE_SECONDS = 300
TIMEOUT_SECONDS = 30
# Stripe counts these in other units than ISO 4217 does (its documentation of currencies).
PLACES = {"ISK": 2, "UGX": 2, "MGA": 0}
METADATA = "sp_attempt"
AUTHENTICATION = "authentication_required"

_STATUS = {
    "succeeded": AttemptStatus.SUCCEEDED,
    "processing": AttemptStatus.PROCESSING,
    "requires_action": AttemptStatus.NEEDS_ACTION,
    "requires_confirmation": AttemptStatus.NEEDS_ACTION,
    "requires_capture": AttemptStatus.PROCESSING,
    "requires_payment_method": AttemptStatus.FAILED,
    "canceled": AttemptStatus.CANCELLED,
}
# A wrong key is ours to mend: no attempt may fail by it, and no customer be told that the payment was declined.
_NO_ANSWER = (
    stripe.APIConnectionError,
    stripe.RateLimitError,
    stripe.IdempotencyError,
    stripe.AuthenticationError,
)
_KINDS = {"card": "Card", "sepa_debit": "SEPA Debit"}
_TYPES = {kind: name for name, kind in _KINDS.items()}


class StripeGateway:
    """One account at Stripe."""

    def __init__(self, account: Document) -> None:
        self.account = account

    def check(self) -> str:
        key = self.account.get_password("secret_key", raise_exception=False) or ""
        if not key.startswith(("sk_test_", "sk_live_", "rk_test_", "rk_live_")):
            frappe.throw(_("This is no secret key of Stripe: it begins with sk_test_, sk_live_ or rk_."))
        mode = "Live" if "_live_" in key[:8] else "Test"
        public = self.account.publishable_key
        if public and f"_{mode.lower()}_" not in public[:8]:
            frappe.throw(_("One of the keys is for tests, the other one is live."))
        return mode

    def places(self, currency: str) -> int | None:
        return PLACES.get(currency)

    @cached_property
    def client(self) -> Any:
        key = self.account.get_password("secret_key", raise_exception=False)
        if not key:
            raise GatewayError(_("{0} has no secret key.").format(self.account.name))
        more = {"base_addresses": {"api": self.account.api_base}} if self.account.api_base else {}
        # Retries are ours: the library's own would hide an unknown outcome behind a second request.
        client = stripe.StripeClient(
            key,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
            max_network_retries=0,
            **more,
        )
        return getattr(client, "v1", client)  # newer versions keep the verbs there

    def customer(self, reference: str, name: str, email: str | None) -> str:
        params = {"name": name, "metadata": {"sp_customer": reference}}
        if email:
            params["email"] = email
        # Other words are another key (Stripe refuses a key that comes with other words), and so is another site's account.
        words = f"{self.account.name} {self.account.creation} {frappe.as_json(params)}"
        key = "customer:" + hashlib.sha256(words.encode()).hexdigest()
        return self._call(self.client.customers.create, params, key=key)["id"]

    def open_page(self, order: Order, success_url: str, cancel_url: str, save_method: bool) -> Page:
        metadata = {METADATA: order.key, **order.metadata}
        params: dict[str, Any] = {
            "customer": order.gateway_customer,
            "success_url": success_url,
            "cancel_url": cancel_url,
            "client_reference_id": order.key,
            "metadata": metadata,
        }
        if order.amount:
            intent: dict[str, Any] = {"metadata": metadata, "description": order.description}
            if save_method:
                intent["setup_future_usage"] = "off_session"
            price = {
                "currency": order.currency.lower(),
                "unit_amount": order.amount,
                "product_data": {"name": order.description},
            }
            params |= {
                "mode": "payment",
                "line_items": [{"quantity": 1, "price_data": price}],
                "payment_intent_data": intent,
            }
        else:
            params |= {
                "mode": "setup",
                "currency": order.currency.lower(),
                "setup_intent_data": {"metadata": metadata},
            }
        session = self._call(self.client.checkout.sessions.create, params, key=order.key)
        return Page(session["id"], session["url"])

    def charge(self, order: Order) -> Result:
        params = {
            "amount": order.amount,
            "currency": order.currency.lower(),
            "customer": order.gateway_customer,
            "payment_method": order.method,
            "payment_method_types": [_TYPES.get(order.method_kind or "", "card")],
            "confirm": True,
            "off_session": True,
            "description": order.description,
            "metadata": {METADATA: order.key, **order.metadata},
            "expand": ["latest_charge"],
        }
        try:
            return self._result(self._call(self.client.payment_intents.create, params, key=order.key))
        except stripe.CardError as error:
            return self._declined(error)

    def look_up(self, order: Order, payment_id: str | None, session_id: str | None) -> Result:
        if session_id:
            session = self._call(self.client.checkout.sessions.retrieve, session_id)
            if session["mode"] == "setup":
                return self._registered(session)
            payment_id = payment_id or session["payment_intent"]
            if not payment_id:
                gone = session["status"] == "expired"
                return Result(AttemptStatus.CANCELLED if gone else AttemptStatus.NEEDS_ACTION)
            result = self._intent(payment_id)
            # On a page a declined card is not the end: the customer may take another one until it closes.
            if result.status is AttemptStatus.FAILED and session["status"] == "open":
                return Result(AttemptStatus.NEEDS_ACTION, payment_id)
            return result
        if payment_id:
            return self._intent(payment_id)
        return self._search(order)

    def _search(self, order: Order) -> Result:
        """The customer's payments, newest first: the list is complete at once, Stripe's search is not."""
        query: dict[str, Any] = {"customer": order.gateway_customer, "limit": 100}
        while True:
            page = self._call(self.client.payment_intents.list, query)
            for intent in page["data"]:
                if (intent.get("metadata") or {}).get(METADATA) == order.key:
                    return self._intent(intent["id"])
            if not page["has_more"]:
                return Result(AttemptStatus.CANCELLED, message=_("Stripe has no payment of this attempt."))
            query["starting_after"] = page["data"][-1]["id"]

    def close_page(self, session_id: str) -> None:
        session = self._call(self.client.checkout.sessions.retrieve, session_id)
        if session["status"] == "open":
            self._call(self.client.checkout.sessions.expire, session_id)

    def cancel(self, payment_id: str) -> Result:
        try:
            return self._result(self._call(self.client.payment_intents.cancel, payment_id))
        except GatewayError:
            return self._intent(payment_id)  # it went on meanwhile: what it is now is what counts

    def refund(self, payment_id: str, amount: int, key: str) -> str:
        params = {"payment_intent": payment_id, "amount": amount, "metadata": {"sp_refund": key}}
        return self._call(self.client.refunds.create, params, key=key)["id"]

    def forget(self, method: str) -> None:
        self._call(self.client.payment_methods.detach, method)

    def notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        signature = headers.get("Stripe-Signature") or ""
        secret = self.account.get_password("webhook_secret", raise_exception=False)
        if not secret:
            raise WebhookRefused("This account takes no webhooks: it has no signing secret.")
        try:
            stripe.Webhook.construct_event(body, signature, secret, tolerance=TOLERANCE_SECONDS)
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise WebhookRefused(str(error)) from error
        payload = frappe.parse_json(body.decode())
        about = payload["data"]["object"]
        kind = about.get("object")
        payment = {"payment_intent": about.get("id")}.get(kind) or about.get("payment_intent")
        return Notice(
            event_id=payload["id"],
            kind=payload["type"],
            payment_id=payment if isinstance(payment, str) else None,
            session_id=about.get("id") if kind == "checkout.session" else None,
            attempt=(about.get("metadata") or {}).get(METADATA),
            payload=payload,
        )

    def _intent(self, payment_id: str) -> Result:
        expand = {"expand": ["latest_charge", "latest_charge.dispute", "payment_method"]}
        return self._result(self._call(self.client.payment_intents.retrieve, payment_id, expand))

    def _registered(self, session: dict[str, Any]) -> Result:
        if not session["setup_intent"]:
            gone = session["status"] == "expired"
            return Result(AttemptStatus.CANCELLED if gone else AttemptStatus.NEEDS_ACTION)
        intent = self._call(
            self.client.setup_intents.retrieve, session["setup_intent"], {"expand": ["payment_method"]}
        )
        if intent["status"] != "succeeded":
            return Result(AttemptStatus.NEEDS_ACTION, intent["id"])
        method = _method(intent["payment_method"], intent.get("mandate"))
        return Result(AttemptStatus.SUCCEEDED, intent["id"], method=method)

    def _result(self, intent: dict[str, Any]) -> Result:
        charge = intent["latest_charge"] if isinstance(intent.get("latest_charge"), dict) else {}
        error = intent.get("last_payment_error") or {}
        code = error.get("decline_code") or error.get("code")
        disputed = _disputed(charge)
        gone = (charge.get("amount_refunded") or 0) + disputed
        status = _STATUS[intent["status"]]
        if status is AttemptStatus.FAILED and (not error or code == AUTHENTICATION):
            status = AttemptStatus.NEEDS_ACTION  # nothing was tried yet, or the bank wants the customer
        elif status is AttemptStatus.SUCCEEDED and gone >= intent["amount"]:
            status = AttemptStatus.REVERSED
        return Result(
            status=status,
            payment_id=intent["id"],
            amount=intent["amount"],
            currency=intent["currency"].upper(),
            refunded=gone,
            disputed=bool(disputed),
            decline_code=code,
            message=error.get("message") or "",
            method=_method(intent.get("payment_method")),
        )

    def _declined(self, error: stripe.CardError) -> Result:
        """A decline comes as an error that holds the payment it is about."""
        details = (error.json_body or {}).get("error") or {}
        code = details.get("decline_code") or details.get("code")
        if details.get("payment_intent"):
            return replace(
                self._result(details["payment_intent"]),
                decline_code=code,
                message=details.get("message") or "",
            )
        status = AttemptStatus.NEEDS_ACTION if code == AUTHENTICATION else AttemptStatus.FAILED
        return Result(status, decline_code=code, message=details.get("message") or "")

    def _call(self, verb: Any, *arguments: Any, key: str | None = None) -> Any:
        """One request. What tells nothing of the outcome is GatewayUnavailable; a card's decline goes up as it is."""
        options = {"idempotency_key": key} if key else {}
        try:
            if arguments and isinstance(arguments[-1], dict):
                return _plain(verb(*arguments[:-1], params=arguments[-1], options=options))
            return _plain(verb(*arguments, options=options))
        except stripe.CardError:
            raise
        except _NO_ANSWER as error:
            raise _unavailable(error) from error
        except stripe.StripeError as error:
            if (error.http_status or 500) >= 500 or error.http_status == 409:
                raise _unavailable(error) from error
            raise GatewayError(_("Stripe refused: {0}").format(_safe(error))) from error


def _unavailable(error: Any) -> GatewayUnavailable:
    return GatewayUnavailable(_("Stripe gives no answer ({0}). Try again in a minute.").format(_safe(error)))


def _safe(error: Any) -> str:
    """What an error says, without what could hold a key: Stripe repeats part of a wrong key in its message."""
    if isinstance(error, stripe.AuthenticationError):
        return _("Stripe refused the secret key.")
    return error.user_message or type(error).__name__


def _plain(answer: Any) -> dict[str, Any]:
    """The library's objects as dicts: what they are otherwise differs from version to version."""
    return answer.to_dict_recursive() if hasattr(answer, "to_dict_recursive") else answer.to_dict()


def _disputed(charge: dict[str, Any]) -> int:
    """What a dispute has taken away: nothing where it is an inquiry, or was won."""
    if not charge.get("disputed"):
        return 0
    dispute = charge.get("dispute")
    if not isinstance(dispute, dict):
        return charge["amount"] - (charge.get("amount_refunded") or 0)
    won = dispute["status"] == "won" or dispute["status"].startswith("warning_")
    return 0 if won else dispute["amount"]


def _method(method: Any, mandate: Any = None) -> Method | None:
    if not isinstance(method, dict):
        return None
    kind = method["type"]
    details = method.get(kind) or {}
    return Method(
        gateway_id=method["id"],
        kind=_KINDS.get(kind, kind.replace("_", " ").title()),
        brand=details.get("brand") or details.get("bank_code") or "",
        last4=details.get("last4") or "",
        expiry=(details["exp_year"], details["exp_month"]) if kind == "card" else None,
        mandate=mandate if isinstance(mandate, str) else None,
    )
