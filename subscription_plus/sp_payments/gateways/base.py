"""What a gateway can do. A further gateway is one class with these verbs, named in the hook `sp_gateways`.

Money goes in and out in minor units. No verb writes to the database; none is called inside a transaction
that holds locks: the caller has committed the attempt before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import frappe
from frappe.model.document import Document

from subscription_plus.engine.attempts import AttemptStatus


class GatewayError(frappe.ValidationError):
    """The gateway refused a request for a reason that trying again does not change (a wrong key, bad data)."""


class GatewayUnavailable(frappe.ValidationError):
    """No answer, or one that says nothing of the outcome: the request may have been carried out."""


class WebhookRefused(frappe.PermissionError):
    """A webhook that is not genuine, too old, or not for this account."""


@dataclass(frozen=True)
class Method:
    """A way to pay as the gateway knows it. `kind`: Card, SEPA Debit …; expiry is (year, month)."""

    gateway_id: str
    kind: str
    brand: str = ""
    last4: str = ""
    expiry: tuple[int, int] | None = None
    mandate: str | None = None


@dataclass(frozen=True)
class Result:
    """What the gateway says of an attempt now. Amounts in minor units of `currency`.

    `refunded`: all that went back, by refunds or by a dispute that stands.
    """

    status: AttemptStatus
    payment_id: str | None = None
    amount: int = 0
    currency: str = ""
    refunded: int = 0
    disputed: bool = False
    decline_code: str | None = None
    message: str = ""
    confirm_url: str | None = None
    method: Method | None = None


@dataclass(frozen=True)
class Order:
    """What is to be charged: `key` names the attempt at the gateway, for ever and once."""

    key: str
    amount: int
    currency: str
    gateway_customer: str
    description: str
    method: str | None = None
    method_kind: str | None = None
    email: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A page at the gateway where the customer pays, or registers a method."""

    session_id: str
    url: str


@dataclass(frozen=True)
class Notice:
    """A verified webhook. It is a hint where to look: what happened is asked from the gateway."""

    event_id: str
    kind: str
    payment_id: str | None
    session_id: str | None
    attempt: str | None
    payload: dict[str, Any]


class Gateway(Protocol):
    """The verbs. All may raise GatewayError and GatewayUnavailable.

    Made with an account: its keys (get_password), company, API address. One account is one set of keys.
    """

    def __init__(self, account: Document) -> None: ...

    def check(self) -> str:
        """Look at the account's keys, without calling anybody: Test or Live; ValidationError where they are wrong."""

    def places(self, currency: str) -> int | None:
        """Decimal places in which amounts are counted, None where it is as in ISO 4217."""

    def customer(self, reference: str, name: str, email: str | None) -> str:
        """The gateway's id for a customer; the same one when it is asked for again in the same words."""

    def open_page(self, order: Order, success_url: str, cancel_url: str, save_method: bool) -> Page:
        """A page to pay on; with an amount of 0 to register a method only."""

    def charge(self, order: Order) -> Result:
        """Charge a saved method without the customer. Called again with the same key it charges nothing
        twice and answers what became of the first call."""

    def look_up(self, order: Order, payment_id: str | None, session_id: str | None) -> Result:
        """What became of an attempt; a status of Cancelled where the gateway never heard of it."""

    def close_page(self, session_id: str) -> None:
        """Make sure nobody can pay on a page any more; one that was paid meanwhile stays paid."""

    def cancel(self, payment_id: str) -> Result:
        """Give up a payment that waits for the customer; what it is afterwards."""

    def refund(self, payment_id: str, amount: int, key: str) -> str:
        """Give money back; the refund's id."""

    def forget(self, method: str) -> None:
        """Detach a saved method."""

    def notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """Verify a webhook and read it. WebhookRefused where it is not genuine."""
