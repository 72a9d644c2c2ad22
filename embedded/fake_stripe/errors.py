"""Errors in the shapes, codes and HTTP statuses of Stripe's API."""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """An answer other than 200.

    `saved` says whether an idempotency key remembers it: Stripe saves what an endpoint answered, but not what
    was refused before the endpoint began (authentication, parameters of a wrong shape, rate limits).
    """

    def __init__(self, status: int, kind: str, message: str, *, saved: bool = True, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.error = {"type": kind, "message": message} | {k: v for k, v in details.items() if v is not None}
        if "code" in self.error:
            self.error["doc_url"] = (
                f"https://stripe.com/docs/error-codes/{self.error['code'].replace('_', '-')}"
            )


def refused(message: str, code: str | None = None, param: str | None = None) -> StripeError:
    """A request that is well formed, but not possible."""
    return StripeError(400, "invalid_request_error", message, code=code, param=param)


def malformed(message: str, code: str | None = None, param: str | None = None) -> StripeError:
    """Parameters of a wrong shape; no idempotency key remembers this."""
    return StripeError(400, "invalid_request_error", message, code=code, param=param, saved=False)


def missing(kind: str, key: str, param: str | None = None) -> StripeError:
    """No such object: 404 when it was in the path, 400 when a parameter named it."""
    status = 400 if param else 404
    message = f"No such {kind.replace('.', ' ')}: '{key}'"
    return StripeError(status, "invalid_request_error", message, code="resource_missing", param=param or "id")


def unexpected_state(kind: str, intent: dict[str, Any], action: str) -> StripeError:
    """An intent asked for something that its status does not allow; the intent comes along."""
    message = f"This {kind} could not be {action}: its status is {intent['status']}."
    code = f"{kind}_unexpected_state"
    return StripeError(400, "invalid_request_error", message, code=code, **{kind: intent})


DECLINE_MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}


def declined(code: str, decline_code: str | None, **details: Any) -> StripeError:
    """402: the card's bank said no. `code` is Stripe's word, `decline_code` the bank's."""
    message = DECLINE_MESSAGES.get(decline_code or code, "Your card was declined.")
    return StripeError(402, "card_error", message, code=code, decline_code=decline_code, **details)
