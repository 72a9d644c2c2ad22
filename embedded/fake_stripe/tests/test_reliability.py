"""Idempotency keys and faults: what the client sees when things go wrong."""

import threading
import time

import stripe

from .support import StripeTestCase


class TestIdempotency(StripeTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.owner, self.method = self.saved()

    def pay(self, key: str | None = "A-1", **more: object) -> object:
        return self.charge(self.owner, self.method, key=key, **more)

    def intents(self) -> int:
        return len(self.control.state()["payment_intents"])

    def test_the_same_key_gives_the_same_answer_and_charges_once(self) -> None:
        first, again = self.pay(), self.pay()
        self.assertEqual(again.id, first.id)
        self.assertEqual(again.last_response.headers["Idempotent-Replayed"], "true")
        self.assertNotIn("Idempotent-Replayed", first.last_response.headers)
        self.assertEqual((self.intents(), self.control.totals()["eur"]["captured"]), (1, 1999))

    def test_a_key_belongs_to_its_body_and_its_path(self) -> None:
        self.pay()
        with self.assertRaises(stripe.IdempotencyError):
            self.pay(amount=2000)
        with self.assertRaises(stripe.IdempotencyError):
            self.api.customers.create({}, {"idempotency_key": "A-1"})

    def test_a_decline_is_given_again_even_when_the_card_is_good_now(self) -> None:
        self.control.method(self.method, decline="insufficient_funds")
        for _ in range(2):
            with self.assertRaises(stripe.CardError):
                self.pay()
            self.control.method(self.method, decline=None)
        self.assertEqual(self.intents(), 1)
        self.assertEqual(self.pay("A-2").status, "succeeded")

    def test_what_the_endpoint_refused_is_kept_but_malformed_parameters_are_not(self) -> None:
        self.assert_refused(lambda: self.pay(amount=1), code="amount_too_small")
        with self.assertRaises(stripe.IdempotencyError):
            self.pay()
        self.assert_refused(lambda: self.pay("A-2", nonsense="x"), code="parameter_unknown")
        self.assertEqual(self.pay("A-2").status, "succeeded")

    def test_a_key_is_kept_for_a_day(self) -> None:
        first = self.pay()
        self.control.advance(hours=23)
        self.assertEqual(self.pay().id, first.id)
        self.control.advance(hours=1)
        self.assertNotEqual(self.pay().id, first.id)

    def test_a_second_request_while_the_first_is_in_flight_is_a_conflict(self) -> None:
        self.control.fault("slow_before", "/v1/payment_intents", seconds=0.6)
        first = threading.Thread(target=self.pay)
        first.start()
        time.sleep(0.2)
        self.assert_refused(self.pay, code="idempotency_key_in_use", status=409)
        first.join()
        self.pay()
        self.assertEqual(self.intents(), 1)

    def test_many_at_once_charge_once(self) -> None:
        outcomes: list[object] = []

        def attempt() -> None:
            try:
                outcomes.append(self.pay().id)
            except stripe.StripeError as error:
                outcomes.append(error.http_status)

        threads = [threading.Thread(target=attempt) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((self.intents(), len(outcomes)), (1, 8))
        self.assertLessEqual(set(outcomes), {self.control.state()["by_key"]["A-1"], 409})


class TestFaults(StripeTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.owner, self.method = self.saved()

    def pay(self, key: str | None = "A-1", client: object = None) -> object:
        self.api = client or self.api
        return self.charge(self.owner, self.method, key=key)

    def captured(self) -> int:
        return self.control.totals().get("eur", {}).get("captured", 0)

    def test_refusals_before_the_endpoint_can_be_retried_under_the_same_key(self) -> None:
        for kind, error in (("rate_limit", stripe.RateLimitError), ("unavailable", stripe.APIError)):
            self.control.fault(kind, "/v1/payment_intents", method="POST")
            with self.subTest(kind), self.assertRaises(error):
                self.pay(kind)
            self.assertEqual(self.pay(kind).status, "succeeded")

    def test_a_500_is_given_again_whether_the_work_was_done_or_not(self) -> None:
        for kind, captured in (("error", 0), ("error_after", 1999)):
            self.control.fault(kind)
            for _ in range(2):
                with self.subTest(kind), self.assertRaises(stripe.APIError):
                    self.pay(kind)
            self.assertEqual(self.captured(), captured)

    def test_a_connection_that_closes_before_does_nothing(self) -> None:
        self.control.fault("drop_before", "/v1/payment_intents")
        with self.assertRaises(stripe.APIConnectionError):
            self.pay()
        self.assertEqual(self.captured(), 0)

    def test_a_connection_that_closes_after_has_charged_and_the_key_finds_it(self) -> None:
        self.control.fault("drop_after", "/v1/payment_intents")
        with self.assertRaises(stripe.APIConnectionError):
            self.pay()
        self.assertEqual(self.captured(), 1999)
        self.assertEqual(self.pay().id, self.control.state()["by_key"]["A-1"])
        self.assertEqual(self.captured(), 1999)

    def test_the_clients_own_retries_charge_once(self) -> None:
        self.control.fault("drop_after", "/v1/payment_intents", times=2)
        self.assertEqual(self.pay(key=None, client=self.client(retries=3)).status, "succeeded")
        self.assertEqual(self.captured(), 1999)

    def test_a_slow_answer_times_out_after_the_charge(self) -> None:
        self.control.fault("slow", "/v1/payment_intents", seconds=1)
        with self.assertRaises(stripe.APIConnectionError):
            self.pay(client=self.client(timeout=0.3))
        self.assertEqual(self.captured(), 1999)

    def test_faults_can_skip_requests_and_are_used_up(self) -> None:
        self.control.fault("unavailable", "/v1/payment_*", skip=1, times=2)
        seen = []
        for key in "abcd":
            try:
                seen.append(self.pay(key).status)
            except stripe.APIError:
                seen.append("unavailable")
        self.assertEqual(seen, ["succeeded", "unavailable", "unavailable", "succeeded"])

    def test_a_rotated_key_shuts_the_old_one_out(self) -> None:
        self.control.settings(secret_key="sk_test_new")
        with self.assertRaises(stripe.AuthenticationError):
            self.client("sk_test_fake").customers.list()
        self.assertEqual(self.client("sk_test_new").customers.list({"limit": 1}).data[0].id, self.owner)


class TestDeterminism(StripeTestCase):
    def test_the_same_story_has_the_same_ids(self) -> None:
        def story() -> tuple[str, str]:
            self.control.reset()
            customer, method = self.saved()
            return customer, self.charge(customer, method).id

        self.assertEqual(story(), story())
