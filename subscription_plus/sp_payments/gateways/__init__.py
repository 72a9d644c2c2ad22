"""Gateways: one file each; base.py is the interface they share."""

from __future__ import annotations

from . import stripe
from .base import Gateway


def of(account: str) -> Gateway:
    """The gateway behind an account."""
    return stripe.StripeGateway(account)


def places(account: str, currency: str) -> int | None:
    """Decimal places in which the account's gateway counts a currency, None where it is as in ISO 4217."""
    return stripe.PLACES.get(currency)
