"""Credits that come with a subscription: when paid, once for each occurrence, on missed days too."""

import datetime as dt

import frappe

from subscription_plus.sp_billing import breaks, cancellation, changes
from subscription_plus.sp_booking import rules, using
from subscription_plus.tests.support import billing
from subscription_plus.tests.support.billing import advance, at, make_plan, make_subscription
from subscription_plus.tests.support.booking import (
    HOUR,
    BookingCase,
    balance,
    book,
    make_credit_type,
    make_room,
    movements,
)

FREE = {"invoice_zero_total": 0}


class TestRules(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        self.room = make_room()
        self.hours = make_credit_type([(self.room, HOUR, 1)], item=None)

    def tearDown(self) -> None:
        frappe.db.rollback()
        frappe.db.set_value("SP Subscription", {"customer": self.customer}, "next_credits_on", None)
        super().tearDown()

    def member(self, start: str = "2024-01-31", rate: float = 0, **rule):
        """A subscription with a rule of 10 hours; at a rate of 0 its periods need no payment."""
        rule = {"credit_type": self.hours, "quantity": 10, "frequency": "Monthly", **rule}
        return make_subscription(
            start, customer=self.customer, lines=[billing.line(rate)], credit_rules=[rule]
        )

    def granted(self) -> list[str]:
        rows = frappe.get_all(
            "SP Booking Credit",
            filters={"customer": self.customer},
            fields=["valid_from", "valid_until"],
            order_by="valid_from",
        )
        return [
            f"{row.valid_from:%m-%d}..{row.valid_until:%m-%d}"
            if row.valid_until
            else f"{row.valid_from:%m-%d}.."
            for row in rows
        ]

    def test_none_before_payment_and_at_once_with_it(self) -> None:
        with at("2024-01-31"):
            subscription = self.member(rate=30)
            advance(subscription)
            self.assertEqual(movements(self.customer), [])
            billing.pay_order(subscription)
            self.work_off()
            self.assertEqual(balance(self.customer, self.hours), 10)
            self.work_off()
            advance(subscription)
            rules.run_due()
            self.assertEqual(movements(self.customer), [("Grant", 10)])

    def test_before_payment_where_the_plan_says_so(self) -> None:
        with at("2024-01-31"):
            plan = make_plan(
                credit_rules=[
                    {
                        "credit_type": self.hours,
                        "quantity": 4,
                        "frequency": "Each Period",
                        "before_payment": 1,
                    }
                ]
            )
            subscription = make_subscription("2024-01-31", customer=self.customer, plan=plan.name)
            advance(subscription)
            self.assertEqual(balance(self.customer, self.hours), 4)

    def test_monthly_from_the_31st_each_ends_with_the_next(self) -> None:
        with at("2024-01-31"):
            subscription = self.member()
            advance(subscription)
        for day in ("2024-02-29", "2024-02-29", "2024-03-30", "2024-03-31"):
            with at(day):
                advance(subscription)
                rules.run_due()
                using.expire_due()
        self.assertEqual(self.granted(), ["01-31..02-28", "02-29..03-30", "03-31..04-29"])
        self.assertEqual(balance(self.customer, self.hours), 10)

    def test_missed_days_are_caught_up(self) -> None:
        with at("2024-01-31"):
            subscription = self.member(frequency="Daily", roll_over=1, quantity=1)
            advance(subscription)
        with at("2024-02-10"):
            rules.run_due()
            rules.run_due()
        self.assertEqual(balance(self.customer, self.hours), 11)
        self.assertEqual(
            str(frappe.db.get_value("SP Subscription", subscription.name, "next_credits_on")), "2024-02-11"
        )

    def test_a_pause_pauses_and_an_end_ends(self) -> None:
        with at("2024-01-31"):
            subscription = self.member(frequency="Weekly", roll_over=1, before_payment=1)
            advance(subscription)
            frappe.db.commit()
            breaks.pause(subscription.name, dt.date(2024, 2, 5), dt.date(2024, 2, 18))
            cancellation.cancel(subscription.name, "Date", dt.date(2024, 2, 25), None, None, False)
            frappe.db.commit()
        with at("2024-04-01"):
            advance(subscription)
            rules.run_due()
            self.assertEqual(self.granted(), ["01-31..", "02-21.."])
            self.assertIsNone(frappe.db.get_value("SP Subscription", subscription.name, "next_credits_on"))

    def test_a_rule_added_later_grants_nothing_for_the_past(self) -> None:
        with at("2024-01-31"):
            subscription = make_subscription("2024-01-31", customer=self.customer, lines=[billing.line(0)])
            advance(subscription)
        with at("2024-04-15"):
            advance(subscription)
            doc = frappe.get_doc("SP Subscription", subscription.name)
            doc.append(
                "credit_rules",
                {"credit_type": self.hours, "quantity": 5, "frequency": "Monthly", "before_payment": 1},
            )
            doc.save()
            advance(subscription)
            self.assertEqual(self.granted(), ["04-15..05-14"])

    def test_another_plans_credits_come_from_the_change_on(self) -> None:
        rule = {"credit_type": self.hours, "frequency": "Each Period", "before_payment": 1}
        recurrence = billing.make_recurrence()
        plans = [
            make_plan(
                recurrence_period=recurrence,
                lines=[billing.line(0)],
                credit_rules=[{**rule, "quantity": quantity}],
            )
            for quantity in (4, 20)
        ]
        with at("2024-01-01"):
            subscription = make_subscription("2024-01-01", customer=self.customer, plan=plans[0].name)
            advance(subscription)
            frappe.db.commit()
            changes.change_plan(subscription.name, plans[1].name)
            frappe.db.commit()
        with at("2024-02-01"):
            advance(subscription)
            self.assertEqual(movements(self.customer), [("Grant", 4), ("Grant", 20)])

    def test_unlimited_use_books_freely_while_it_is_paid(self) -> None:
        with at("2024-01-31"):
            subscription = self.member(rate=30, unlimited=1)
            advance(subscription)
            with self.assert_refused("No paid subscription"):
                book(self.room, "2024-02-05 09:00", HOUR, payment="Subscription", customer=self.customer)
            frappe.db.rollback()
            billing.pay_order(subscription)
            self.work_off()
            booked = book(self.room, "2024-02-05 09:00", HOUR, payment="Subscription", customer=self.customer)
            self.assertEqual((booked.status, booked.subscription), ("Confirmed", subscription.name))
            self.assertEqual(movements(self.customer), [])
