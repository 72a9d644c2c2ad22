"""Customers, payment methods, setup intents and mandates, through the real client."""

import time
from datetime import datetime, timezone

import stripe

from .support import FAILING_IBAN, GOOD_IBAN, MANDATE, StripeTestCase, plain

DECLINING_ON_ATTACH = {
    "pm_card_visa_chargeDeclined": ("card_declined", "generic_decline"),
    "pm_card_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_chargeDeclinedLostCard": ("card_declined", "lost_card"),
    "pm_card_chargeDeclinedStolenCard": ("card_declined", "stolen_card"),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", None),
}


class TestCustomers(StripeTestCase):
    def test_a_customer_is_created_changed_found_and_deleted(self) -> None:
        made = self.customer(name="Ann", metadata={"erp": "C-1"})
        self.api.customers.update(made.id, {"name": "Anna", "metadata": {"erp": "", "more": "x"}})
        found = self.api.customers.list({"email": "ann@example.com"}).data
        self.assertEqual(
            [(c.id, c.name, plain(c.metadata)) for c in found], [(made.id, "Anna", {"more": "x"})]
        )
        self.assertTrue(self.api.customers.delete(made.id).deleted)
        self.assertTrue(self.api.customers.retrieve(made.id).deleted)
        self.assertEqual(self.api.customers.list().data, [])
        self.assertEqual(self.event_types(), ["customer.created", "customer.updated", "customer.deleted"])

    def test_the_default_method_must_be_the_customers_and_goes_when_it_is_detached(self) -> None:
        customer, method = self.saved()
        stranger = self.customer()
        default = {"invoice_settings": {"default_payment_method": method}}
        self.assert_refused(lambda: self.api.customers.update(stranger.id, default))
        updated = self.api.customers.update(
            customer, default | {"expand": ["invoice_settings.default_payment_method"]}
        )
        self.assertEqual(updated.invoice_settings.default_payment_method.card.last4, "4242")
        self.api.payment_methods.detach(method)
        self.assertIsNone(self.api.customers.retrieve(customer).invoice_settings.default_payment_method)
        self.assert_refused(lambda: self.api.payment_methods.attach(method, {"customer": customer}))

    def test_methods_are_listed_by_customer_and_type(self) -> None:
        customer, card = self.saved()
        self.saved("pm_card_mastercard")
        listed = self.api.payment_methods.list({"customer": customer, "type": "card"})
        self.assertEqual([m.id for m in listed.data], [card])
        self.assertEqual(self.api.payment_methods.list({"customer": customer, "type": "sepa_debit"}).data, [])

    def test_lists_are_paged_by_the_client(self) -> None:
        made = [self.customer().id for _ in range(25)]
        found = [c.id for c in self.api.customers.list({"limit": 10}).auto_paging_iter()]
        self.assertEqual(found, made[::-1])

    def test_an_unknown_parameter_and_an_unknown_object_are_refused(self) -> None:
        self.assert_refused(
            lambda: self.api.customers.create({"nmae": "Ann"}), code="parameter_unknown", param="nmae"
        )
        self.assert_refused(lambda: self.api.customers.retrieve("cus_x"), code="resource_missing", status=404)
        self.assert_refused(
            lambda: self.api.payment_methods.attach("pm_card_visa", {"customer": "cus_x"}),
            code="resource_missing",
        )

    def test_a_wrong_key_is_refused_and_the_account_answers_the_right_one(self) -> None:
        with self.assertRaises(stripe.AuthenticationError) as caught:
            self.client("sk_test_wrong_1234").customers.list()
        self.assertNotIn("sk_test_wrong", str(caught.exception))
        stripe.api_key, stripe.api_base = self.fake.secret_key, self.fake.url
        self.assertTrue(stripe.Account.retrieve().charges_enabled)


class TestPaymentMethods(StripeTestCase):
    def test_cards_that_decline_at_once_cannot_be_saved(self) -> None:
        customer = self.customer()
        for token, (code, decline_code) in DECLINING_ON_ATTACH.items():
            with self.subTest(token), self.assertRaises(stripe.CardError) as caught:
                self.api.payment_methods.attach(token, {"customer": customer.id})
            self.assertEqual(
                (caught.exception.code, caught.exception.error.decline_code), (code, decline_code)
            )

    def test_a_card_can_expire_at_the_end_of_this_month(self) -> None:
        _, method = self.saved("pm_card_expiringSoon")
        card, today = self.api.payment_methods.retrieve(method).card, datetime.now(timezone.utc)
        self.assertEqual((card.exp_year, card.exp_month), (today.year, today.month))

    def test_a_bank_can_renew_a_card(self) -> None:
        _, method = self.saved()
        self.control.method(method, exp_year=2050, exp_month=1)
        self.assertEqual(self.api.payment_methods.retrieve(method).card.exp_year, 2050)
        self.assertIn("payment_method.automatically_updated", self.event_types())

    def test_an_iban_with_wrong_check_digits_is_refused(self) -> None:
        billing = {"name": "Ann", "email": "ann@example.com"}
        params = {
            "type": "sepa_debit",
            "sepa_debit": {"iban": "DE00370400440532013000"},
            "billing_details": billing,
        }
        self.assert_refused(lambda: self.api.payment_methods.create(params))


class TestSetupIntents(StripeTestCase):
    def set_up(self, token: str, **more: object) -> object:
        params = {
            "customer": self.customer().id,
            "payment_method": token,
            "usage": "off_session",
            "confirm": True,
        }
        return self.api.setup_intents.create(params | {"payment_method_types": ["card"]} | more)

    def test_a_card_is_attached_when_it_is_set_up(self) -> None:
        intent = self.set_up("pm_card_visa", expand=["payment_method"])
        self.assertEqual((intent.status, intent.payment_method.customer), ("succeeded", intent.customer))
        self.assertEqual(
            self.event_types()[1:],
            ["setup_intent.created", "payment_method.attached", "setup_intent.succeeded"],
        )

    def test_a_declining_card_is_refused_with_the_intent_inside(self) -> None:
        with self.assertRaises(stripe.CardError) as caught:
            self.set_up("pm_card_chargeDeclined")
        self.assertEqual(caught.exception.error.setup_intent.status, "requires_payment_method")
        self.assertIn("setup_intent.setup_failed", self.event_types())

    def test_a_card_with_authentication_waits_for_the_customer(self) -> None:
        intent = self.set_up("pm_card_authenticationRequired", return_url="https://example.com/back")
        self.assertEqual((intent.status, intent.next_action.type), ("requires_action", "redirect_to_url"))
        self.control.authenticate(intent.id)
        self.assertEqual(self.api.setup_intents.retrieve(intent.id).status, "succeeded")

    def test_failed_authentication_saves_nothing(self) -> None:
        intent = self.set_up("pm_card_authenticationRequired")
        self.control.authenticate(intent.id, success=False)
        failed = self.api.setup_intents.retrieve(intent.id)
        self.assertEqual(failed.status, "requires_payment_method")
        self.assertEqual(failed.last_setup_error.code, "setup_intent_authentication_failure")
        self.assertEqual(self.api.payment_methods.list({"customer": intent.customer}).data, [])

    def test_automatic_methods_need_a_way_back(self) -> None:
        params = {"customer": self.customer().id, "payment_method": "pm_card_visa", "confirm": True}
        self.assert_refused(lambda: self.api.setup_intents.create(params), param="return_url")
        never = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
        self.assertEqual(self.api.setup_intents.create(params | never).status, "succeeded")

    def test_a_debit_needs_a_mandate_and_has_one_afterwards(self) -> None:
        customer = self.customer()
        billing = {"name": "Ann", "email": "ann@example.com"}
        method = self.api.payment_methods.create(
            {"type": "sepa_debit", "sepa_debit": {"iban": GOOD_IBAN}, "billing_details": billing}
        )
        params = {
            "customer": customer.id,
            "payment_method": method.id,
            "payment_method_types": ["sepa_debit"],
        }
        params |= {"confirm": True}
        self.assert_refused(lambda: self.api.setup_intents.create(params), param="mandate_data")
        intent = self.api.setup_intents.create(params | {"mandate_data": MANDATE})
        mandate = self.api.mandates.retrieve(intent.mandate)
        self.assertEqual((mandate.status, mandate.payment_method), ("active", method.id))
        self.api.payment_methods.detach(method.id)
        self.assertEqual(self.api.mandates.retrieve(mandate.id).status, "inactive")

    def test_an_intent_can_be_canceled_once(self) -> None:
        intent = self.api.setup_intents.create({"customer": self.customer().id})
        self.assertEqual(self.api.setup_intents.cancel(intent.id).status, "canceled")
        error = self.assert_refused(lambda: self.api.setup_intents.cancel(intent.id))
        self.assertEqual(error.code, "setup_intent_unexpected_state")


class TestExpiry(StripeTestCase):
    def test_an_expired_card_is_declined(self) -> None:
        customer, method = self.saved("pm_card_expiringSoon")
        self.control.set_clock(time.time() + 40 * 86_400)
        with self.assertRaises(stripe.CardError) as caught:
            self.charge(customer, method)
        self.assertEqual(caught.exception.code, "expired_card")
        self.assertIsNone(caught.exception.error.decline_code)

    def test_a_failing_iban_can_be_set_up(self) -> None:
        _, method = self.debit(FAILING_IBAN)
        self.assertEqual(self.api.payment_methods.retrieve(method).sepa_debit.last4, "3001")
