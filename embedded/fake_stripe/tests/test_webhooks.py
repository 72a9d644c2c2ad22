"""Webhooks: signed as Stripe signs, and on demand late, double, lost or in any order."""

import json
import threading
import time

import stripe

from embedded.fake_stripe import FakeStripe
from embedded.fake_stripe.client import ControlError

from .support import Endpoint, StripeTestCase

PAID = "payment_intent.succeeded"


class WebhookTestCase(StripeTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.endpoint = Endpoint()
        self.addCleanup(self.endpoint.close)
        self.owner, self.method = self.saved()

    def listen(self, *types: str) -> str:
        made = self.api.webhook_endpoints.create(
            {"url": self.endpoint.url, "enabled_events": list(types) or ["*"]}
        )
        return made.secret

    def pay(self) -> str:
        return self.charge(self.owner, self.method, key="A-1").id


class TestDelivery(WebhookTestCase):
    def test_events_are_signed_and_verified_by_the_real_client(self) -> None:
        secret = self.listen(PAID)
        intent = self.pay()
        self.control.drain()
        [(body, signature)] = self.endpoint.received
        event = stripe.Webhook.construct_event(body, signature, secret)
        self.assertEqual((event.type, event.data.object.id), (PAID, intent))
        self.assertEqual(event["request"]["idempotency_key"], "A-1")
        self.assertEqual(self.api.events.retrieve(event.id).pending_webhooks, 0)

    def test_an_endpoint_hears_what_it_asked_for_and_its_secret_is_shown_once(self) -> None:
        self.listen("charge.succeeded", PAID)
        self.pay()
        self.control.drain()
        self.assertEqual(self.endpoint.types, ["charge.succeeded", PAID])
        [listed] = self.api.webhook_endpoints.list().data
        self.assertNotIn("secret", listed)
        self.api.webhook_endpoints.update(listed.id, {"disabled": True})
        self.api.payment_intents.create({"amount": 500, "currency": "eur"})
        self.api.webhook_endpoints.delete(listed.id)
        self.pay()
        self.control.drain()
        self.assertEqual(len(self.endpoint.received), 2)

    def test_what_is_held_is_released_in_any_order_any_number_of_times(self) -> None:
        self.listen("charge.succeeded", PAID)
        self.control.webhooks(mode="hold")
        self.pay()
        self.control.drain()
        self.assertEqual(self.endpoint.received, [])
        sent = self.control.release(order="reverse", copies=2)
        self.assertEqual(self.endpoint.types, [PAID, PAID, "charge.succeeded", "charge.succeeded"])
        self.assertEqual({delivery["status"] for delivery in sent}, {200})
        self.assertEqual(self.control.release(), [])

    def test_many_copies_can_come_at_the_same_moment(self) -> None:
        self.listen(PAID)
        self.control.webhooks(mode="hold")
        self.pay()
        together = threading.Barrier(4, timeout=5)
        self.endpoint.on_event = lambda event: together.wait()
        self.control.release(copies=4, parallel=True)
        self.assertEqual(self.endpoint.types, [PAID] * 4)

    def test_events_can_be_doubled_and_dropped(self) -> None:
        self.listen("charge.*", "charge.succeeded", PAID)
        self.control.webhooks(copies=2, drop=["charge.*"])
        self.pay()
        self.control.drain()
        self.assertEqual(self.endpoint.types, [PAID, PAID])

    def test_events_can_be_delayed_by_the_clock(self) -> None:
        self.listen(PAID)
        self.control.webhooks(delay=3600)
        self.pay()
        self.control.drain()
        self.assertEqual(self.endpoint.received, [])
        self.control.advance(hours=2)
        self.control.drain()
        self.assertEqual(self.endpoint.types, [PAID])

    def test_events_can_come_before_the_answer_and_the_endpoint_may_ask_back(self) -> None:
        self.listen(PAID)
        self.control.webhooks(mode="before_answer")
        seen: list[tuple[str, bool]] = []
        answered = threading.Event()

        def ask_back(event: dict) -> None:
            status = self.client().payment_intents.retrieve(event["data"]["object"]["id"]).status
            seen.append((status, answered.is_set()))

        self.endpoint.on_event = ask_back
        self.pay()
        answered.set()
        self.assertEqual(seen, [("succeeded", False)])

    def test_a_refused_event_is_tried_again_with_growing_pauses_until_it_is_given_up(self) -> None:
        self.listen(PAID)
        self.endpoint.statuses = [500, 302, 503]
        self.pay()
        self.control.drain()
        for pause in (61, 301, 1801):
            self.control.advance(seconds=pause)
            self.control.drain()
        self.assertEqual(self.control.deliveries()[-1]["statuses"], [500, 302, 503, 200])
        self.assertEqual(self.control.deliveries()[-1]["state"], "delivered")
        self.endpoint.statuses = [500] * 50
        self.charge(self.owner, self.method)
        for _ in range(10):
            self.control.drain()
            self.control.advance(hours=12)
        self.control.drain()
        self.assertEqual(self.control.deliveries()[-1]["state"], "failed")

    def test_debits_settle_while_nobody_asks(self) -> None:
        self.listen(PAID)
        customer, method = self.debit()
        self.charge(customer, method)
        self.control.advance(days=6)
        self.control.drain()
        self.assertEqual(self.endpoint.types, [PAID])

    def test_a_lost_answer_still_tells_by_webhook(self) -> None:
        self.listen(PAID)
        self.control.fault("drop_after", "/v1/payment_intents")
        with self.assertRaises(stripe.APIConnectionError):
            self.pay()
        self.control.drain()
        self.assertEqual(self.endpoint.types, [PAID])


class TestForgery(WebhookTestCase):
    def event(self) -> str:
        self.pay()
        return self.api.events.list({"type": PAID}).data[0].id

    def test_a_test_can_deliver_by_itself(self) -> None:
        secret = self.listen("none.of.them")
        body, signature = self.control.signed(self.event())
        self.assertEqual(stripe.Webhook.construct_event(body, signature, secret).type, PAID)

    def test_wrong_secrets_and_old_times_do_not_verify(self) -> None:
        secret = self.listen("none.of.them")
        event = self.event()
        for forged in ({"secret": "whsec_wrong"}, {"age": 301}, {"timestamp": int(time.time()) - 86_400}):
            body, signature = self.control.signed(event, **forged)
            with self.subTest(**forged), self.assertRaises(stripe.SignatureVerificationError):
                stripe.Webhook.construct_event(body, signature, secret)

    def test_an_event_is_sent_again_also_forged(self) -> None:
        secret = self.listen(PAID)
        event = self.event()
        self.control.drain()
        self.control.redeliver(event, copies=2)
        self.control.redeliver(event, secret="whsec_wrong")
        self.assertEqual(len(self.endpoint.received), 4)
        with self.assertRaises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(*self.endpoint.received[-1], secret)

    def test_any_event_can_be_made_up(self) -> None:
        self.listen("*")
        intent = self.pay()
        self.control.drain()
        self.control.emit(PAID, intent, amount_received=1, currency="usd")
        self.control.drain()
        made_up = json.loads(self.endpoint.received[-1][0])["data"]["object"]
        self.assertEqual((made_up["id"], made_up["amount_received"], made_up["currency"]), (intent, 1, "usd"))

    def test_the_control_side_says_what_it_does_not_know(self) -> None:
        for call in (
            lambda: self.control.fault("earthquake"),
            lambda: self.control.webhooks(mode="never"),
            lambda: self.control.settings(colour="blue"),
            lambda: self.control.call("GET", "/nowhere"),
        ):
            with self.assertRaises(ControlError):
                call()


class TestTransport(StripeTestCase):
    def test_webhooks_can_be_handed_over_without_a_server(self) -> None:
        told: list[tuple[str, bytes]] = []

        def transport(url: str, body: bytes, headers: dict[str, str]) -> int:
            told.append((url, body))
            return 200

        with FakeStripe(transport=transport) as fake:
            client = stripe.StripeClient(fake.secret_key, base_addresses={"api": fake.url})
            api = getattr(client, "v1", client)
            api.webhook_endpoints.create({"url": "https://site.example/hook", "enabled_events": ["*"]})
            api.customers.create({"name": "Ann"})
            fake.control.drain()
        self.assertEqual(
            [(url, json.loads(body)["type"]) for url, body in told],
            [("https://site.example/hook", "customer.created")],
        )
