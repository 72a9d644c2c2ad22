"""The control side from Python: each method is one request, so it works on a fake in any process."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

Answer = dict[str, Any]

_open = build_opener(ProxyHandler({})).open


class ControlError(Exception):
    """The control side refused; the message says why."""


class Control:
    def __init__(self, url: str) -> None:
        self._url = f"{url}/_control"

    # State

    def state(self) -> Answer:
        """now, totals, payment_intents (oldest first), by_key (idempotency key -> payment intent)."""
        return self.call("GET", "/state")

    def totals(self) -> Answer:
        """Per currency, in its smallest unit: captured, refunded, disputed, net."""
        return self.call("GET", "/totals")

    def reset(self) -> None:
        self.call("POST", "/reset")

    def settings(self, **settings: Any) -> Answer:
        """secret_key, search_lag (seconds)."""
        return self.call("POST", "/settings", settings)

    # Time

    def set_clock(self, moment: float) -> int:
        return self.call("POST", "/clock", {"now": moment})["now"]

    def advance(self, days: float = 0, hours: float = 0, seconds: float = 0) -> int:
        """Let time pass; what falls due is done before this returns. Returns the new moment."""
        return self.call("POST", "/clock", {"seconds": days * 86_400 + hours * 3_600 + seconds})["now"]

    # Faults

    def fault(self, kind: str, path: str = "*", **options: Any) -> Answer:
        """The next request to `path` (wildcards) fails so; options: method, times, skip, seconds. See faults.KINDS."""
        return self.call("POST", "/faults", {"kind": kind, "path": path, **options})

    def clear_faults(self) -> None:
        self.call("DELETE", "/faults")

    # Webhooks

    def webhooks(
        self, mode: str = "send", copies: int = 1, delay: float = 0, drop: list[str] | None = None
    ) -> Answer:
        """How events from now on are delivered: mode send, hold or before_answer; delay in seconds of the clock."""
        return self.call(
            "POST", "/webhooks", {"mode": mode, "copies": copies, "delay": delay, "drop": drop or []}
        )

    def deliveries(self) -> list[Answer]:
        return self.call("GET", "/deliveries")["data"]

    def release(self, ids: list[str] | None = None, **options: Any) -> list[Answer]:
        """Send held deliveries now; options: types, order (created, reverse, shuffle), seed, copies, parallel."""
        return self.call("POST", "/deliveries/release", {"ids": ids, **options})["data"]

    def drain(self) -> None:
        """Wait until everything that is not held has been sent."""
        self.call("POST", "/deliveries/drain")

    def redeliver(self, event: str, **options: Any) -> list[Answer]:
        """Send an event again; options: copies, parallel, and to forge it secret, timestamp, age."""
        return self.call("POST", f"/events/{event}/redeliver", options)["data"]

    def signed(self, event: str, **options: Any) -> tuple[bytes, str]:
        """An event's raw body and Stripe-Signature; options: endpoint, secret, timestamp, age."""
        answer = self.call("POST", f"/events/{event}/signed", options)
        return answer["payload"].encode(), answer["signature"]

    def emit(self, kind: str, thing: str | None = None, **changes: Any) -> Answer:
        """Make up an event about an object, with some of its values changed."""
        return self.call("POST", "/events", {"type": kind, "id": thing, "changes": changes})

    # Customers and their banks

    def pay(self, session: str, method: str = "pm_card_visa", **options: Any) -> Answer:
        """Pay on a Checkout Session's page with a token, a saved method or an IBAN; options: email,
        authenticate (succeed, fail, leave). Returns session, redirect, error."""
        return self.call("POST", f"/checkout/{session}/pay", {"method": method, **options})

    def authenticate(self, intent: str, success: bool = True) -> Answer:
        return self.call("POST", f"/intents/{intent}/authenticate", {"success": success})

    def settle(self, intent: str, outcome: str = "succeeded", reason: str | None = None) -> Answer:
        """End a SEPA debit now."""
        return self.call("POST", f"/payment_intents/{intent}/settle", {"outcome": outcome, "reason": reason})

    def method(self, method: str, **changes: Any) -> Answer:
        """From now on: decline=code or None, authentication, dispute, refund, settles, days; or a renewed card:
        exp_month, exp_year, last4."""
        return self.call("POST", f"/payment_methods/{method}", changes)

    def dispute(self, **options: Any) -> Answer:
        """options: charge or payment_intent, amount, reason."""
        return self.call("POST", "/disputes", options)

    def close_dispute(self, dispute: str, outcome: str) -> Answer:
        return self.call("POST", f"/disputes/{dispute}/close", {"outcome": outcome})

    def finish_refund(self, refund: str, status: str) -> Answer:
        return self.call("POST", f"/refunds/{refund}/finish", {"status": status})

    def call(self, method: str, path: str, body: Answer | None = None) -> Answer:
        """One request to the control side.

        Raises:
            ControlError: it was refused.
        """
        data = json.dumps(body or {}).encode()
        request = Request(
            self._url + path, data=data, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with _open(request) as answer:
                return json.load(answer)
        except HTTPError as error:
            with error:
                raise ControlError(json.load(error)["error"].get("message")) from None
