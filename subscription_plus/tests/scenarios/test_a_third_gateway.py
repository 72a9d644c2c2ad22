"""A further gateway is one file: the toy of tests/support charges, refunds and sends webhooks like any other."""

import json
from contextlib import contextmanager
from unittest import mock

import frappe

from subscription_plus.sp_payments import methods, pages, refunds, settling, webhooks
from subscription_plus.sp_payments.gateways.base import WebhookRefused
from subscription_plus.tests.support import toy_gateway
from subscription_plus.tests.support.billing import BillingCase, advance, at, make_subscription, periods_of
from subscription_plus.tests.support.stripe import (
    ACCOUNT,
    disable_account,
    make_account,
    newest_attempt,
    receipts,
    statuses,
)


@contextmanager
def the_toy_is_installed():
    """As if an app that brings the toy was installed beside this one."""
    real = frappe.get_hooks

    def hooks(hook=None, *arguments, **named):
        found = real(hook, *arguments, **named)
        return {**found, "Toy": [toy_gateway.PATH]} if hook == "sp_gateways" else found

    with mock.patch.object(frappe, "get_hooks", hooks):
        yield


class TestAThirdGateway(BillingCase):
    def setUp(self) -> None:
        super().setUp()
        stack = the_toy_is_installed()
        stack.__enter__()
        self.addCleanup(stack.__exit__, None, None, None)
        make_account()
        disable_account()
        self.account = frappe.get_doc(
            {
                **frappe.get_doc("SP Stripe Account", ACCOUNT).as_dict(),
                "name": None,
                "account_name": frappe.generate_hash(length=8),
                "gateway": "Toy",
                "secret_key": "anything",
                "webhook_secret": "between us",
                "enabled": 1,
            }
        ).insert()
        self.addCleanup(self.disable)
        frappe.db.commit()

    def disable(self) -> None:
        """Another account takes the company's payments again."""
        frappe.db.set_value("SP Stripe Account", self.account.name, "enabled", 0)
        frappe.db.commit()

    def paying(self):
        """A subscription whose customer registered a token with the toy, and was charged in January."""
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            pages.open_for_method(subscription.customer, subscription.company, subscription.name)
            settling.ask(newest_attempt(subscription, kind="Register").name)
        return subscription

    def test_registers_a_method_and_charges_it_each_period(self) -> None:
        subscription = self.paying()
        with at("2026-02-01"):
            advance(subscription)
        self.assertEqual(statuses(subscription), ["Succeeded", "Succeeded"])
        self.assertEqual([row.paid_amount for row in receipts(subscription)], [30, 30])
        self.assert_paid_in_full(subscription)
        method = frappe.get_doc(methods.DOCTYPE, newest_attempt(subscription, kind="Charge").payment_method)
        self.assertEqual((method.kind, method.brand, method.account), ("Toy", "tin", self.account.name))

    def test_refunds(self) -> None:
        subscription = self.paying()
        with at("2026-01-05"):
            refunds.refund(newest_attempt(subscription, kind="Charge").name, 30)
        self.assertEqual(statuses(subscription), ["Reversed"])
        self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")

    def test_its_webhooks_are_verified_its_own_way(self) -> None:
        subscription = self.paying()
        attempt = newest_attempt(subscription, kind="Charge")
        toy_gateway.ToyGateway.back[attempt.name] = 3000
        told = json.dumps({"id": f"toy_{attempt.name}", "payment": attempt.name}).encode()
        with self.assertRaises(WebhookRefused):
            webhooks.receive(self.account.name, told, {"Toy-Secret": "guessed"})
        with at("2026-01-05"):
            webhooks.receive(self.account.name, told, {"Toy-Secret": "between us"})
            self.work_off()
        self.assertEqual(statuses(subscription), ["Reversed"])

    def test_a_gateway_that_nobody_brings_is_refused_by_name(self) -> None:
        self.account.gateway = "Sand"
        with self.assertRaisesRegex(frappe.ValidationError, "Sand.*Stripe, Toy"):
            self.account.run_method("validate")
