"""Gateways of the payments app say that a Payment Request was paid: settled once, whoever else hears of it."""

from unittest import mock

import frappe

from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    documents_of,
    make_subscription,
    periods_of,
)


class TestOnPaymentAuthorized(BillingCase):
    def asked(self):
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        return subscription

    def tell(self, subscription, status="Completed") -> None:
        """What the payments app does when its gateway tells of a payment."""
        name = frappe.db.get_value(
            "SP Billing Period", {"subscription": subscription.name}, "payment_request"
        )
        request = frappe.get_doc("Payment Request", name)
        request.run_method("on_payment_authorized", status)
        self.work_off()

    def assert_settled_once(self, subscription) -> None:
        [order] = documents_of(subscription, "Sales Order")
        entries = frappe.get_all(
            "Payment Entry Reference",
            filters={"reference_name": ("in", [order.name, *self.invoices(subscription)]), "docstatus": 1},
            pluck="parent",
            distinct=True,
        )
        self.assertEqual((len(entries), counts(subscription)), (1, (1, 1, 1)))
        self.assert_paid_in_full(subscription)

    def invoices(self, subscription) -> list[str]:
        return [invoice.name for invoice in documents_of(subscription, "Sales Invoice")]

    def test_settles_the_request_55682(self) -> None:
        subscription = self.asked()
        with at("2026-01-02"):
            self.tell(subscription)
        self.assert_settled_once(subscription)

    def test_told_twice_it_settles_once(self) -> None:
        subscription = self.asked()
        with at("2026-01-02"):
            for status in ("Authorized", "Completed", "Completed"):
                self.tell(subscription, status)
        self.assert_settled_once(subscription)

    def test_with_a_handler_of_the_class_that_settles_it_already(self) -> None:
        def webshops(request, status=None):
            if status in ("Authorized", "Completed"):
                request.set_as_paid()

        subscription = self.asked()
        kind = type(frappe.get_doc("Payment Request", periods_of(subscription)[0].payment_request))
        with at("2026-01-02"), mock.patch.object(kind, "on_payment_authorized", webshops, create=True):
            self.tell(subscription)
        self.assert_settled_once(subscription)

    def test_what_did_not_succeed_settles_nothing(self) -> None:
        subscription = self.asked()
        with at("2026-01-02"):
            for status in ("Failed", "Cancelled", None):
                self.tell(subscription, status)
        self.assertEqual(counts(subscription), (1, 1, 0))
        self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")

    def test_paid_by_hand_before_it_settles_nothing_more(self) -> None:
        from subscription_plus.tests.support.billing import pay_order

        subscription = self.asked()
        with at("2026-01-02"):
            pay_order(subscription)
            self.work_off()
            self.tell(subscription)
        self.assert_settled_once(subscription)
