"""What the tests share: a running fake, the real client, and an endpoint that listens."""

from __future__ import annotations

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe

from embedded.fake_stripe import FakeStripe

GOOD_IBAN = "DE89370400440532013000"
FAILING_IBAN = "DE62370400440532013001"
DELAYED_IBAN = "DE08370400440532013003"
DISPUTED_IBAN = "DE35370400440532013002"
MANDATE = {"customer_acceptance": {"type": "offline"}}


class StripeTestCase(unittest.TestCase):
    """One fake for a class, emptied before each test."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.fake = FakeStripe().start()
        cls.addClassCleanup(cls.fake.stop)
        cls.control = cls.fake.control

    def setUp(self) -> None:
        self.control.reset()
        self.api = self.client()

    def client(self, key: str | None = None, retries: int = 0, timeout: float = 5) -> Any:
        """The real client; newest versions keep the resources under `v1`, the oldest have no such name."""
        client = stripe.StripeClient(
            key or self.fake.secret_key,
            base_addresses={"api": self.fake.url},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=timeout),
        )
        return getattr(client, "v1", client)

    def customer(self, method: str | None = None, **fields: Any) -> Any:
        fields = {"email": "ann@example.com"} | fields
        return self.api.customers.create(fields | ({"payment_method": method} if method else {}))

    def saved(self, token: str = "pm_card_visa") -> tuple[str, str]:
        """A customer and a card attached to it."""
        customer = self.customer()
        return customer.id, self.api.payment_methods.attach(token, {"customer": customer.id}).id

    def debit(self, iban: str = GOOD_IBAN) -> tuple[str, str]:
        """A customer and a SEPA debit set up with a mandate."""
        customer = self.customer()
        billing = {"name": "Ann", "email": "ann@example.com"}
        method = self.api.payment_methods.create(
            {"type": "sepa_debit", "sepa_debit": {"iban": iban}, "billing_details": billing}
        )
        self.api.setup_intents.create(
            {
                "customer": customer.id,
                "payment_method": method.id,
                "payment_method_types": ["sepa_debit"],
                "confirm": True,
                "mandate_data": MANDATE,
            }
        )
        return customer.id, method.id

    def charge(
        self, customer: str, method: str, amount: int = 1999, key: str | None = None, **more: Any
    ) -> Any:
        """Charge off-session, as a subscription does."""
        params = {
            "amount": amount,
            "currency": "eur",
            "customer": customer,
            "payment_method": method,
            "payment_method_types": ["card", "sepa_debit"],
            "off_session": True,
            "confirm": True,
        }
        return self.api.payment_intents.create(params | more, {"idempotency_key": key} if key else {})

    def event_types(self) -> list[str]:
        return [event.type for event in reversed(self.api.events.list({"limit": 100}).data)]

    def assert_refused(
        self, call: Any, *, code: str | None = None, param: str | None = None, status: int = 400
    ) -> Any:
        with self.assertRaises(stripe.StripeError) as caught:
            call()
        error = caught.exception
        self.assertEqual(error.http_status, status)
        told = error.json_body["error"]  # the library parses codes for some classes of errors alone
        if code:
            self.assertEqual(told.get("code"), code)
        if param:
            self.assertEqual(told.get("param"), param)
        return error


def plain(thing: Any) -> dict[str, Any]:
    """The client's object as a dict: the newest versions' objects are none."""
    return json.loads(str(thing))


class Endpoint:
    """A webhook endpoint: keeps what came, and answers with the statuses it is given, then 200."""

    def __init__(self) -> None:
        self.received: list[tuple[bytes, str]] = []
        self.statuses: list[int] = []
        self.on_event: Any = None
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.received.append((body, self.headers["Stripe-Signature"]))
                if endpoint.on_event:
                    endpoint.on_event(json.loads(body))
                self.send_response(endpoint.statuses.pop(0) if endpoint.statuses else 200)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.received]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
