"""Gateways of the payments app say that a Payment Request was paid: settled once, whoever else hears of it.

Where that app is on the site its own controllers say it, with the gateway's answers made up; and where webshop is, its
own handler hears of it too.
"""

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
from subscription_plus.tests.support.threads import at_once


class AskedCase(BillingCase):
    def asked(self):
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        return subscription

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


class TestOnPaymentAuthorized(AskedCase):
    def tell(self, subscription, status="Completed") -> None:
        """What the payments app does when its gateway tells of a payment."""
        name = frappe.db.get_value(
            "SP Billing Period", {"subscription": subscription.name}, "payment_request"
        )
        request = frappe.get_doc("Payment Request", name)
        request.run_method("on_payment_authorized", status)
        self.work_off()

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
            # As webshop does: nothing for guests, who pay by a link without logging in.
            if status in ("Authorized", "Completed") and frappe.session.user != "Guest":
                request.set_as_paid()
                return "/orders"

        subscription = self.asked()
        kind = type(frappe.get_doc("Payment Request", periods_of(subscription)[0].payment_request))
        with at("2026-01-02"), mock.patch.object(kind, "on_payment_authorized", webshops, create=True):
            self.tell(subscription)
        self.assert_settled_once(subscription)

    def test_told_twice_at_the_same_moment_beside_such_a_handler_it_settles_once(self) -> None:
        def webshops(request, status=None):
            request.set_as_paid()

        subscription = self.asked()
        kind = type(frappe.get_doc("Payment Request", periods_of(subscription)[0].payment_request))
        with at("2026-01-02"), mock.patch.object(kind, "on_payment_authorized", webshops, create=True):
            answers = at_once(*[lambda: self.tell(subscription)] * 2)
            self.work_off()
        self.assertLessEqual(len([answer for answer in answers if answer]), 1)
        self.assert_settled_once(subscription)

    def test_where_the_class_leaves_guests_alone(self) -> None:
        subscription = self.asked()
        kind = type(frappe.get_doc("Payment Request", periods_of(subscription)[0].payment_request))
        leaves = mock.patch.object(
            kind, "on_payment_authorized", lambda request, status=None: None, create=True
        )
        with at("2026-01-02"), leaves:
            frappe.set_user("Guest")
            self.tell(subscription)
            frappe.set_user("Administrator")
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


class TestTheirRealControllers(AskedCase):
    """With webshop on the site its shop is open, so that its handler settles requests of users who are logged in."""

    def setUp(self) -> None:
        super().setUp()
        self.before = frappe.flags.integration_request
        if "payments" not in frappe.get_installed_apps():
            self.skipTest("the payments app is not on this site")
        if "webshop" in frappe.get_installed_apps():
            frappe.db.set_single_value("Webshop Settings", "enabled", 1)
            frappe.clear_document_cache("Webshop Settings", "Webshop Settings")
            self.addCleanup(frappe.db.set_single_value, "Webshop Settings", "enabled", 0)

    def tearDown(self) -> None:
        frappe.flags.integration_request = self.before
        super().tearDown()

    def paid_for(self, subscription) -> dict:
        name = periods_of(subscription)[0].payment_request
        return {
            "amount": 30,
            "currency": "EUR",
            "title": "Test",
            "description": name,
            "reference_doctype": "Payment Request",
            "reference_docname": name,
            "order_id": name,
            "payer_name": "Payer",
            "payer_email": "payer@subscription-plus.example",
        }

    def by_stripe(self, subscription) -> None:
        settings = frappe.new_doc("Stripe Settings")
        settings.update(
            {"gateway_name": frappe.generate_hash(length=8), "publishable_key": "pk", "secret_key": "sk"}
        )
        captured = mock.patch("stripe.Charge.create", return_value=frappe._dict(captured=True))
        with captured:
            answer = settings.create_request({**self.paid_for(subscription), "stripe_token_id": "tok_visa"})
        self.assertIn("payment-success", answer["redirect_to"])

    def by_razorpay(self, subscription) -> None:
        asked = self.paid_for(subscription)
        values = {"doctype": "Integration Request", "integration_request_service": "Razorpay"}
        log = frappe.get_doc({**values, "data": frappe.as_json(asked)}).insert(ignore_permissions=True)
        frappe.flags.integration_request = frappe._dict(status_code=200)
        module = "payments.payment_gateways.doctype.razorpay_settings.razorpay_settings"
        captured = mock.patch(f"{module}.make_get_request", return_value={"status": "captured"})
        keys = mock.patch(f"{module}.RazorpaySettings.get_settings", return_value=frappe._dict())
        with captured, keys:
            data = {**asked, "token": log.name, "razorpay_payment_id": "pay_1"}
            answer = frappe.get_doc("Razorpay Settings").create_request(data)
        self.assertIn("payment-success", answer["redirect_to"])

    def test_a_payment_is_settled_once_for_users_and_for_guests(self) -> None:
        for pay in (self.by_stripe, self.by_razorpay):
            for user in ("Administrator", "Guest"):
                with self.subTest(pay.__name__, user=user):
                    subscription = self.asked()
                    with at("2026-01-02"):
                        frappe.set_user(user)
                        pay(subscription)
                        frappe.set_user("Administrator")
                        self.work_off()
                    self.assert_settled_once(subscription)

    def test_told_twice_it_is_settled_once(self) -> None:
        # Told again, webshop's handler is refused by ERPNext; the payments app logs that under a title too long for tests.
        subscription = self.asked()
        with at("2026-01-02"), mock.patch.object(frappe, "log_error"):
            for _time in range(2):
                self.by_razorpay(subscription)
                self.work_off()
        self.assert_settled_once(subscription)
