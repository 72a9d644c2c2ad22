"""Payment intents, charges, refunds and disputes, through the real client."""

import stripe

from .support import DELAYED_IBAN, DISPUTED_IBAN, FAILING_IBAN, StripeTestCase, plain


class TestCards(StripeTestCase):
    def test_a_saved_card_is_charged_off_session(self) -> None:
        customer, method = self.saved()
        intent = self.charge(
            customer, method, metadata={"order": "SO-1"}, expand=["latest_charge.balance_transaction"]
        )
        self.assertEqual((intent.status, intent.amount_received), ("succeeded", 1999))
        self.assertEqual(intent.latest_charge.payment_method_details.card.last4, "4242")
        self.assertEqual(plain(intent.latest_charge.metadata), {"order": "SO-1"})
        entry = intent.latest_charge.balance_transaction
        self.assertEqual(entry.net, entry.amount - entry.fee)
        self.assertEqual(self.control.totals()["eur"]["net"], 1999)
        self.assertEqual(
            self.event_types()[-3:],
            ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"],
        )

    def test_a_decline_carries_the_code_and_the_intent(self) -> None:
        customer, method = self.saved("pm_card_chargeCustomerFail")
        with self.assertRaises(stripe.CardError) as caught:
            self.charge(customer, method)
        error = caught.exception
        self.assertEqual((error.http_status, error.code), (402, "card_declined"))
        self.assertEqual(error.error.decline_code, "generic_decline")
        intent = error.error.payment_intent
        self.assertEqual((intent.status, intent.payment_method), ("requires_payment_method", None))
        self.assertEqual(intent.last_payment_error.payment_method.id, method)
        self.assertEqual(self.api.charges.retrieve(intent.latest_charge).status, "failed")
        self.assertEqual(self.event_types()[-2:], ["charge.failed", "payment_intent.payment_failed"])

    def test_a_good_card_can_turn_bad_and_good_again(self) -> None:
        customer, method = self.saved()
        for word in ("insufficient_funds", "lost_card", "expired_card"):
            self.control.method(method, decline=word)
            with self.subTest(word), self.assertRaises(stripe.CardError) as caught:
                self.charge(customer, method)
            self.assertEqual(word, caught.exception.error.decline_code or caught.exception.code)
        self.control.method(method, decline=None)
        self.assertEqual(self.charge(customer, method).status, "succeeded")

    def test_authentication_off_session_is_a_decline_that_the_customer_can_resolve(self) -> None:
        customer, method = self.saved("pm_card_authenticationRequired")
        with self.assertRaises(stripe.CardError) as caught:
            self.charge(customer, method)
        error = caught.exception.error
        self.assertEqual((error.code, error.decline_code), ("authentication_required",) * 2)
        intent = error.payment_intent
        self.assertEqual(intent.status, "requires_payment_method")
        back = "https://example.com/back"
        again = self.api.payment_intents.confirm(intent.id, {"payment_method": method, "return_url": back})
        self.assertEqual(again.status, "requires_action")
        self.assertIn(intent.id, again.next_action.redirect_to_url.url)
        self.control.authenticate(intent.id)
        self.assertEqual(self.api.payment_intents.retrieve(intent.id).status, "succeeded")

    def test_failed_authentication_takes_no_money(self) -> None:
        customer, method = self.saved("pm_card_threeDSecure2Required")
        intent = self.charge(customer, method, off_session=False)
        self.assertEqual(intent.next_action.type, "use_stripe_sdk")
        self.control.authenticate(intent.id, success=False)
        failed = self.api.payment_intents.retrieve(intent.id)
        self.assertEqual(failed.status, "requires_payment_method")
        self.assertEqual(failed.last_payment_error.code, "payment_intent_authentication_failure")
        self.assertEqual(self.control.totals(), {})

    def test_a_card_that_authenticates_once_is_charged_off_session_after_its_set_up(self) -> None:
        customer, method = self.saved("pm_card_authenticationRequiredOnSetup")
        with self.assertRaises(stripe.CardError):
            self.charge(customer, method)
        params = {
            "customer": customer,
            "payment_method": method,
            "payment_method_types": ["card"],
            "confirm": True,
        }
        setup = self.api.setup_intents.create(params)
        self.control.authenticate(setup.id)
        self.assertEqual(self.charge(customer, method).status, "succeeded")

    def test_error_on_requires_action_declines_instead_of_asking(self) -> None:
        customer, method = self.saved("pm_card_authenticationRequired")
        with self.assertRaises(stripe.CardError) as caught:
            self.charge(customer, method, off_session=False, error_on_requires_action=True)
        self.assertEqual(caught.exception.code, "authentication_required")

    def test_setup_future_usage_saves_the_card_and_without_it_a_card_is_spent(self) -> None:
        customer = self.customer().id
        intent = self.charge(customer, "pm_card_visa", off_session=False, setup_future_usage="off_session")
        self.assertEqual(self.api.payment_methods.retrieve(intent.payment_method).customer, customer)
        self.assertEqual(self.charge(customer, intent.payment_method).status, "succeeded")
        once = self.charge(customer, "pm_card_visa", off_session=False)
        self.assert_refused(lambda: self.charge(customer, once.payment_method))

    def test_a_card_of_somebody_else_is_refused(self) -> None:
        _, method = self.saved()
        self.assert_refused(lambda: self.charge(self.customer().id, method), param="payment_method")

    def test_capture_takes_a_part_and_releases_the_rest(self) -> None:
        customer, method = self.saved()
        intent = self.charge(customer, method, capture_method="manual")
        self.assertEqual((intent.status, intent.amount_capturable), ("requires_capture", 1999))
        self.assertEqual(self.control.totals(), {})
        done = self.api.payment_intents.capture(intent.id, {"amount_to_capture": 1000})
        self.assertEqual((done.status, done.amount_received), ("succeeded", 1000))
        self.assertEqual(self.control.totals()["eur"]["captured"], 1000)
        error = self.assert_refused(lambda: self.api.payment_intents.cancel(intent.id))
        self.assertEqual(error.code, "payment_intent_unexpected_state")

    def test_intents_are_found_by_customer_and_by_metadata(self) -> None:
        customer, method = self.saved()
        made = [self.charge(customer, method, metadata={"order": f"SO-{n}"}).id for n in range(3)]
        listed = self.api.payment_intents.list({"customer": customer})
        self.assertEqual([i.id for i in listed.data], made[::-1])
        query = {"query": "metadata['order']:'SO-1' AND status:'succeeded'"}
        self.assertEqual([i.id for i in self.api.payment_intents.search(query).data], [made[1]])
        self.control.settings(search_lag=60)
        self.assertEqual(self.api.payment_intents.search(query).data, [])
        self.control.advance(seconds=61)
        self.assertEqual(len(self.api.payment_intents.search(query).data), 1)


class TestValidation(StripeTestCase):
    def test_amounts_and_currencies_are_checked(self) -> None:
        cases = [
            ({"amount": 49, "currency": "eur"}, "amount_too_small"),
            ({"amount": 49, "currency": "jpy"}, "amount_too_small"),
            ({"amount": 100_000_000, "currency": "eur"}, "amount_too_large"),
            ({"amount": 1234, "currency": "kwd"}, "invalid_charge_amount"),
            ({"amount": 1234, "currency": "isk"}, "invalid_charge_amount"),
            ({"amount": 0, "currency": "eur"}, "parameter_invalid_integer"),
            ({"amount": "19.99", "currency": "eur"}, "parameter_invalid_integer"),
            ({"currency": "eur"}, "parameter_missing"),
            ({"amount": 500, "currency": "xyz"}, None),
        ]
        for params, code in cases:
            with self.subTest(**params):
                self.assert_refused(lambda params=params: self.api.payment_intents.create(params), code=code)
        for amount, currency in ((50, "jpy"), (1230, "kwd"), (50, "eur")):
            self.api.payment_intents.create({"amount": amount, "currency": currency})

    def test_what_real_stripe_refuses_is_refused(self) -> None:
        customer, method = self.saved()
        self.assert_refused(lambda: self.charge(customer, method, confirm=False), param="confirm")
        self.assert_refused(lambda: self.charge(customer, method, statement_descriptor="SUB 1"))
        self.assert_refused(lambda: self.charge(customer, method, statement_descriptor_suffix="x" * 23))
        self.assert_refused(lambda: self.charge(customer, method, metadata={"k": "x" * 501}))
        self.assert_refused(lambda: self.charge(customer, method, expand=["nonsense"]), param="expand")
        self.assert_refused(
            lambda: self.charge(customer, method, currency="usd"), param="payment_method_types"
        )
        automatic = {"payment_method_types": [], "automatic_payment_methods": {"enabled": True}}
        self.assert_refused(lambda: self.charge(customer, method, **automatic), param="return_url")
        self.assertEqual(self.api.payment_intents.list().data, [])


class TestDebits(StripeTestCase):
    def test_a_debit_is_processing_for_days_then_succeeds(self) -> None:
        customer, method = self.debit()
        intent = self.charge(customer, method)
        self.assertEqual(intent.status, "processing")
        self.assertEqual(self.control.totals(), {})
        self.control.advance(days=4)
        self.assertEqual(self.api.payment_intents.retrieve(intent.id).status, "processing")
        self.control.advance(days=1, seconds=1)
        done = self.api.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
        self.assertEqual((done.status, done.latest_charge.status), ("succeeded", "succeeded"))
        self.assertIsNotNone(done.latest_charge.payment_method_details.sepa_debit.mandate)
        succeeded = self.api.events.list({"type": "payment_intent.succeeded"}).data[0]
        self.assertEqual(succeeded.created, intent.created + 5 * 86_400)
        self.assertEqual(self.control.totals()["eur"]["captured"], 1999)

    def test_a_debit_fails_after_days(self) -> None:
        customer, method = self.debit(FAILING_IBAN)
        intent = self.charge(customer, method)
        self.control.advance(days=6)
        failed = self.api.payment_intents.retrieve(intent.id)
        self.assertEqual(failed.status, "requires_payment_method")
        self.assertEqual(failed.last_payment_error.payment_method.id, method)
        self.assertEqual(self.event_types()[-2:], ["charge.failed", "payment_intent.payment_failed"])
        self.assertEqual(self.control.totals(), {})

    def test_a_delayed_debit_takes_longer_and_can_be_ended_by_hand(self) -> None:
        customer, method = self.debit(DELAYED_IBAN)
        first, second = self.charge(customer, method), self.charge(customer, method)
        self.control.advance(days=6)
        self.assertEqual(self.api.payment_intents.retrieve(first.id).status, "processing")
        self.control.settle(first.id, "failed", reason="insufficient_funds")
        charge = self.api.charges.list({"payment_intent": first.id}).data[0]
        self.assertEqual((charge.status, charge.failure_code), ("failed", "insufficient_funds"))
        self.control.advance(days=5)
        self.assertEqual(self.api.payment_intents.retrieve(second.id).status, "succeeded")
        self.assertEqual(self.api.payment_intents.retrieve(first.id).status, "requires_payment_method")

    def test_a_disputed_debit_is_taken_back_for_good(self) -> None:
        customer, method = self.debit(DISPUTED_IBAN)
        self.charge(customer, method)
        self.control.advance(days=6)
        self.assertEqual(
            self.control.totals()["eur"], {"captured": 1999, "refunded": 0, "disputed": 1999, "net": 0}
        )
        self.assertEqual(self.event_types()[-1], "charge.dispute.closed")


class TestRefundsAndDisputes(StripeTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.owner, self.method = self.saved()
        self.intent = self.charge(self.owner, self.method)

    def test_refunds_never_exceed_what_was_captured(self) -> None:
        by_intent = {"payment_intent": self.intent.id}
        part = self.api.refunds.create(by_intent | {"amount": 500, "reason": "requested_by_customer"})
        self.assertEqual(part.status, "succeeded")
        self.assert_refused(lambda: self.api.refunds.create(by_intent | {"amount": 1500}), param="amount")
        rest = self.api.refunds.create({"charge": self.intent.latest_charge})
        self.assertEqual(rest.amount, 1499)
        self.assert_refused(lambda: self.api.refunds.create(by_intent), code="charge_already_refunded")
        charge = self.api.charges.retrieve(self.intent.latest_charge, {"expand": ["refunds"]})
        self.assertEqual((charge.refunded, len(charge.refunds.data)), (True, 2))
        self.assertEqual(self.control.totals()["eur"]["net"], 0)
        self.assertEqual(self.event_types().count("charge.refunded"), 2)

    def test_a_refund_can_fail_later_and_the_money_comes_back(self) -> None:
        customer, method = self.saved("pm_card_refundFail")
        refund = self.api.refunds.create({"payment_intent": self.charge(customer, method).id})
        self.control.advance(days=2)
        self.assertEqual(self.api.refunds.retrieve(refund.id).status, "failed")
        self.assertIn("refund.failed", self.event_types())
        self.assertEqual(self.control.totals()["eur"]["refunded"], 0)

    def test_a_dispute_takes_the_money_and_winning_it_brings_it_back(self) -> None:
        dispute = self.control.dispute(payment_intent=self.intent.id, reason="product_not_received")
        self.assertEqual(self.control.totals()["eur"]["net"], 0)
        self.assert_refused(
            lambda: self.api.refunds.create({"payment_intent": self.intent.id}), code="charge_disputed"
        )
        self.control.close_dispute(dispute["id"], "won")
        self.assertEqual(self.control.totals()["eur"]["net"], 1999)
        self.assertEqual(
            self.event_types()[-4:],
            [
                "charge.dispute.created",
                "charge.dispute.funds_withdrawn",
                "charge.dispute.funds_reinstated",
                "charge.dispute.closed",
            ],
        )
        self.assertEqual(self.api.refunds.create({"payment_intent": self.intent.id}).amount, 1999)

    def test_a_merchant_can_give_in(self) -> None:
        dispute = self.control.dispute(charge=self.intent.latest_charge)
        self.assertEqual(self.api.disputes.close(dispute["id"]).status, "lost")
        self.assertEqual(self.control.totals()["eur"]["disputed"], 1999)

    def test_the_state_names_every_intent_by_its_key(self) -> None:
        made = self.charge(self.owner, self.method, key="attempt-1", metadata={"a": "b"})
        state = self.control.state()
        self.assertEqual(state["by_key"]["attempt-1"], made.id)
        self.assertEqual(state["payment_intents"][-1]["metadata"], {"a": "b"})
