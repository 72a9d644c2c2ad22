"""Several workers, people and payments at the same moment: each document once, nobody loses."""

import frappe

from subscription_plus.api import subscriptions as api
from subscription_plus.sp_billing import dispatcher, pipeline
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    make_coupon,
    make_recurrence,
    make_subscription,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.threads import at_once

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class TestWorkersAtOnce(BillingCase):
    def assert_no_error(self, answers) -> None:
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
            self.assertIsNone(getattr(answer, "error", None))

    def test_two_workers_make_a_periods_documents_once(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence={"invoice_before_payment": 1})
            name = subscription.name
            self.assert_no_error(at_once(*[lambda: pipeline.advance(name)] * 2))
        self.assertEqual(counts(subscription), (1, 1, 1))

    def test_two_workers_catch_up_every_missed_period_once(self) -> None:
        with at("2025-09-01"):
            subscription = make_subscription("2025-09-01", recurrence=INVOICE_ONLY)
        with at("2026-01-15"):
            name = subscription.name
            self.assert_no_error(at_once(*[lambda: pipeline.advance(name)] * 2))
        self.assertEqual((len(periods_of(subscription)), counts(subscription)), (5, (0, 0, 5)))

    def test_a_payment_heard_of_twice_is_invoiced_once(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            pay_order(subscription)
            name = subscription.name
            self.assert_no_error(at_once(*[lambda: pipeline.advance(name)] * 3))
        self.assertEqual(counts(subscription), (1, 1, 1))
        self.assert_paid_in_full(subscription)

    def test_two_dispatchers_and_update_now_bill_once(self) -> None:
        with at("2026-01-01"):
            subscriptions = [make_subscription("2026-01-01", recurrence=INVOICE_ONLY) for _ in range(4)]
            name = subscriptions[2].name
            answers = at_once(
                lambda: dispatcher.dispatch(inline=True),
                lambda: dispatcher.dispatch(inline=True),
                lambda: api.update_now(name),
            )
        self.assert_no_error(answers)
        self.assertEqual([counts(row) for row in subscriptions], [(0, 0, 1)] * 4)
        self.assertEqual(frappe.get_all("SP Subscription", {"error_count": (">", 0), "name": name}), [])

    def test_an_order_of_two_subscriptions_is_requested_once(self) -> None:
        customer = masters.make_customer().name
        items = [
            masters.make_item(sp_recurring=1, sp_recurrence_period=recurrence).name
            for recurrence in (make_recurrence(), make_recurrence(unit="Year"))
        ]
        with at("2026-01-01"):
            rows = [{"item_code": item, "qty": 1, "rate": 10} for item in items]
            masters.make_sales_order(customer, rows, "2026-01-01")
            one, two = frappe.get_all("SP Subscription", {"customer": customer}, pluck="name")
            self.assert_no_error(at_once(lambda: pipeline.advance(one), lambda: pipeline.advance(two)))
        self.assertEqual(frappe.db.count("Payment Request", {"party": customer, "docstatus": 1}), 1)

    def test_the_last_use_of_a_coupon_is_given_once_5980(self) -> None:
        coupon, recurrence = make_coupon(max_uses=1), make_recurrence()
        customers = [masters.make_customer().name for _ in range(2)]
        with at("2026-01-01"):
            answers = at_once(
                *[
                    lambda customer=customer: make_subscription(
                        "2026-01-01", recurrence=recurrence, customer=customer, coupon=coupon
                    ).name
                    for customer in customers
                ]
            )
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        self.assertEqual(len(refused), 1)
        self.assertEqual(frappe.db.count("SP Subscription", {"coupon": coupon}), 1)
        self.assertEqual(frappe.db.get_value("SP Coupon", coupon, "uses"), 1)
