"""Stories about subscribing: what is shown is what is billed; one wish is one subscription; who may."""

import datetime as dt

import frappe
from frappe.utils import getdate

from subscription_plus.sp_billing import subscribing
from subscription_plus.sp_billing.subscribing import Choice
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    documents_of,
    line,
    make_coupon,
    make_plan,
    make_recurrence,
    periods_of,
)
from subscription_plus.tests.support.booking import make_user
from subscription_plus.tests.support.threads import at_once

DAY = "2026-03-10"


def choice(plan, customer: str, start: str = DAY, **values) -> Choice:
    return Choice(plan.name, customer, getdate(start), **values)


class TestSubscribing(BillingCase):
    def setUp(self) -> None:
        super().setUp()
        self.customer = masters.make_customer().name
        self.user = make_user(self.customer)
        self.addCleanup(frappe.set_user, "Administrator")

    def published(self, **values):
        return make_plan(published=1, taxes_and_charges=masters.make_tax_template(20).name, **values)

    def test_what_is_shown_is_what_is_billed(self) -> None:
        plan = self.published(
            recurrence_period=make_recurrence(billing_day=1),
            lines=[line(30, 2), line(50, once=1)],
            max_quantity=3,
        )
        frappe.set_user(self.user)
        with at(DAY):
            wish = choice(plan, self.customer, quantity=3, coupon=make_coupon_as_staff(percentage=25))
            shown = subscribing.review(wish, 3)
            made = subscribing.subscribe(wish)
        frappe.set_user("Administrator")
        for day in ("2026-04-01", "2026-05-01"):
            with at(day):
                advance(made.subscription)
        orders = documents_of(made.subscription, "Sales Order")
        self.assertEqual(
            [(row["start"], row["end"], row["to_pay"], row["net"]) for row in shown],
            [
                (
                    period.start_date,
                    period.end_date,
                    order.rounded_total or order.grand_total,
                    order.net_total,
                )
                for period, order in zip(periods_of(made.subscription), orders, strict=True)
            ],
        )
        self.assertEqual(
            [row["taxes"][0][1] for row in shown], [order.total_taxes_and_charges for order in orders]
        )
        self.assertEqual(len(shown[0]["lines"]), 2)
        self.assertEqual(len(shown[1]["lines"]), 1)

    def test_a_first_payment_is_asked_for_at_once(self) -> None:
        plan = self.published()
        frappe.set_user(self.user)
        with at(DAY):
            made = subscribing.subscribe(choice(plan, self.customer, online=False))
        self.assertTrue(made.open)
        self.assertTrue(made.sales_order and made.payment_request)
        self.assertIsNone(made.error)

    def test_a_trial_asks_for_nothing_yet(self) -> None:
        with at(DAY):
            wish = choice(self.published(trial_days=14), self.customer)
            made, shown = subscribing.subscribe(wish), subscribing.review(wish, 1)
        self.assertIsNone(made.payment_request)
        self.assertEqual(shown[0]["billing_date"], dt.date(2026, 3, 24))

    def test_one_wish_is_one_subscription(self) -> None:
        plan = self.published()
        frappe.set_user(self.user)
        with at(DAY):
            first, second, other = (
                subscribing.subscribe(choice(plan, self.customer), token) for token in ("a", "a", "b")
            )
        self.assertEqual(first, second)
        self.assertNotEqual(first.subscription, other.subscription)

    def test_one_wish_sent_many_times_at_once_is_one_subscription(self) -> None:
        wish = choice(self.published(), self.customer, online=False)
        with at(DAY):
            answers = at_once(*[lambda: subscribing.subscribe(wish, "the same")] * 6)
        failed = [answer for answer in answers if isinstance(answer, Exception)]
        self.assertEqual(failed, [])
        self.assertEqual(len({answer.subscription for answer in answers}), 1)
        self.assertEqual(frappe.db.count("SP Subscription", {"customer": self.customer}), 1)
        self.assertEqual(frappe.db.count("Sales Order", {"customer": self.customer}), 1)

    def test_a_person_subscribes_for_nobody_else(self) -> None:
        plan, other = self.published(), masters.make_customer().name
        frappe.set_user(self.user)
        with at(DAY), self.assertRaises(frappe.PermissionError):
            subscribing.subscribe(choice(plan, other))
        self.assertFalse(frappe.db.exists("SP Subscription", {"customer": other}))

    def test_only_what_is_published_can_be_chosen(self) -> None:
        plan = make_plan()
        frappe.set_user(self.user)
        with at(DAY), self.assertRaises(frappe.PageDoesNotExistError):
            subscribing.subscribe(choice(plan, self.customer))

    def test_wishes_that_cannot_be_fulfilled_are_refused_in_words(self) -> None:
        plan = self.published(max_quantity=2)
        with at(DAY):
            for wrong, words in (
                ({"start": "2026-03-09"}, "start today"),
                ({"quantity": 3}, "1 to 2 times"),
                ({"quantity": 0}, "1 to 2 times"),
                ({"coupon": "NO-SUCH"}, "no coupon"),
            ):
                with self.subTest(words), self.assert_refused(words):
                    subscribing.review(choice(plan, self.customer, **wrong))


def make_coupon_as_staff(**values) -> str:
    user = frappe.session.user
    frappe.set_user("Administrator")
    try:
        return make_coupon(duration="For Some Periods", periods=2, **values)
    finally:
        frappe.set_user(user)
