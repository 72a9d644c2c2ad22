"""Stripe's signature of a webhook: HMAC-SHA256 over the timestamp and the raw body."""

from __future__ import annotations

import hashlib
import hmac


def sign(payload: str, secret: str, timestamp: int) -> str:
    """The value of the `Stripe-Signature` header."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
