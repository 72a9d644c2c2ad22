"""A third gateway in one file: charges what is asked and remembers it in memory. For the test that one file is enough."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

from frappe.model.document import Document

from subscription_plus.engine.attempts import AttemptStatus
from subscription_plus.sp_payments.gateways.base import Method, Notice, Order, Page, Result, WebhookRefused

PATH = "subscription_plus.tests.support.toy_gateway.ToyGateway"


class ToyGateway:
    # By the attempt's key: what was taken and given back.
    taken: ClassVar[dict[str, Order]] = {}
    back: ClassVar[dict[str, int]] = {}

    def __init__(self, account: Document) -> None:
        self.secret = account.get_password("webhook_secret", raise_exception=False)

    def check(self) -> str:
        return "Test"

    def places(self, currency: str) -> int | None:
        return None

    def customer(self, reference: str, name: str, email: str | None) -> str:
        return f"toy-{reference}"

    def open_page(self, order: Order, success_url: str, cancel_url: str, save_method: bool) -> Page:
        self.taken[order.key] = order
        return Page(order.key, f"https://toy.example/{order.key}")

    def charge(self, order: Order) -> Result:
        self.taken.setdefault(order.key, order)
        return self.look_up(order, order.key, None)

    def look_up(self, order: Order, payment_id: str | None, session_id: str | None) -> Result:
        taken = self.taken.get(order.key)
        if not taken:
            return Result(AttemptStatus.CANCELLED)
        back = self.back.get(order.key, 0)
        gone = taken.amount and back >= taken.amount
        status = AttemptStatus.REVERSED if gone else AttemptStatus.SUCCEEDED
        method = Method(f"token of {order.gateway_customer}", "Toy", brand="tin", last4="0001")
        return Result(status, order.key, taken.amount, taken.currency, refunded=back, method=method)

    def close_page(self, session_id: str) -> None: ...

    def cancel(self, payment_id: str) -> Result:
        return Result(AttemptStatus.CANCELLED, payment_id)

    def refund(self, payment_id: str, amount: int, key: str) -> str:
        self.back[payment_id] = self.back.get(payment_id, 0) + amount
        return f"{payment_id}-back"

    def forget(self, method: str) -> None: ...

    def notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        if headers.get("Toy-Secret") != self.secret:
            raise WebhookRefused("Not from the toy.")
        told = json.loads(body)
        return Notice(told["id"], "paid", told["payment"], None, None, told)
