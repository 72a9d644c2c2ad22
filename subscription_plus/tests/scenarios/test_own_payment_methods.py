"""Customers and their own payment methods: registered, made default, removed; others' are not there for them."""

import frappe

from subscription_plus.api import payments as api
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import advance, at, make_subscription, periods_of
from subscription_plus.tests.support.booking import make_user
from subscription_plus.tests.support.stripe import PaymentsCase


class TestOwnMethods(PaymentsCase):
    def setUp(self) -> None:
        super().setUp()
        self.customer = masters.make_customer().name
        self.own, self.stranger = make_user(self.customer), make_user(masters.make_customer().name)
        with at("2026-01-01"):
            self.subscription = make_subscription("2026-01-01", customer=self.customer)
            self.first = self.register(self.subscription)
            self.second = self.register(self.subscription, "pm_card_mastercard")
            frappe.db.commit()

    def default(self) -> str:
        return frappe.db.get_value("SP Payment Method", {"customer": self.customer, "is_default": 1})

    def test_a_customer_chooses_the_default_and_removes_one(self) -> None:
        with at("2026-01-02"), self.set_user(self.own):
            api.make_default(self.second)
            self.assertEqual(self.default(), self.second)
            api.remove_method(self.first)
        self.assertEqual(frappe.db.get_value("SP Payment Method", self.first, "status"), "Removed")

    def test_a_customer_is_led_to_the_gateway_to_register_one(self) -> None:
        with at("2026-01-02"), self.set_user(self.own):
            url = api.register_method(self.subscription.name)["url"]
        self.assertTrue(url.startswith(self.stripe.url), url)

    def test_others_get_neither_methods_nor_links(self) -> None:
        with at("2026-01-02"):
            self.register(self.subscription)
            request = frappe.get_all("Payment Request", {"party": self.customer}, pluck="name") or ["PR"]
            for user in (self.stranger, "Guest"):
                for act in (
                    lambda: api.make_default(self.second),
                    lambda: api.remove_method(self.second),
                    lambda: api.register_method(self.subscription.name),
                    lambda: api.register_method(customer=self.customer),
                    lambda: api.payment_link(request[0]),
                    lambda: api.payment_link("PR-there-is-none"),
                ):
                    with self.set_user(user), self.assertRaises(frappe.PermissionError):
                        act()
        self.assertEqual(self.default(), self.first)


class TestPaymentLinks(PaymentsCase):
    def test_the_customer_and_accounts_get_a_link(self) -> None:
        with at("2026-01-01"):
            customer = masters.make_customer().name
            subscription = self.subscribed(method=None, customer=customer)

            advance(subscription)
        request = periods_of(subscription)[0].payment_request
        for user in (make_user(customer), self.user("Accounts User")):
            with self.set_user(user):
                self.assertIn("/account/pay?token=", api.payment_link(request)["url"])
        with self.set_user(self.user("Accounts User")), self.assertRaises(frappe.DoesNotExistError):
            api.payment_link("PR-there-is-none")
