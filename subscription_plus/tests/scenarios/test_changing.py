"""Changing a subscription from the next period on: quantity, lines, plan, recurrence."""

import frappe

from subscription_plus.sp_billing import changes
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    events_of,
    invoices_of,
    line,
    make_plan,
    make_recurrence,
    make_subscription,
    periods_of,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class ChangingCase(BillingCase):
    def running(self, **values):
        """30 a month from 1 January 2026 on, January billed."""
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY, **values)
            advance(subscription)
        return subscription

    def totals_until(self, subscription, last: str):
        with at(last):
            advance(subscription)
        return [row.total for row in periods_of(subscription)]


class TestQuantity(ChangingCase):
    def test_another_quantity_counts_from_the_next_period_on(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            day = changes.change_quantity(subscription.name, subscription.lines[0].name, 3)
        self.assertEqual(str(day), "2026-02-01")
        self.assertEqual(self.totals_until(subscription, "2026-03-01"), [30, 90, 90])
        self.assertEqual(len(events_of(subscription, "Quantity Changed")), 1)

    def test_changed_twice_in_a_period_the_last_word_counts(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            changes.change_quantity(subscription.name, subscription.lines[0].name, 3)
            later = frappe.get_doc("SP Subscription", subscription.name).lines[-1]
            changes.change_quantity(subscription.name, later.name, 2)
        self.assertEqual(self.totals_until(subscription, "2026-02-01"), [30, 60])

    def test_zero_ends_the_line(self) -> None:
        subscription = self.running(lines=[line(30), line(12)])
        with at("2026-01-10"):
            changes.change_quantity(subscription.name, subscription.lines[1].name, 0)
        self.assertEqual(self.totals_until(subscription, "2026-02-01"), [42, 30])

    def test_refused_for_a_negative_quantity_and_for_a_line_of_another_subscription(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            with self.assert_refused("cannot be negative"):
                changes.change_quantity(subscription.name, subscription.lines[0].name, -1)
            with self.assert_refused("has no line"):
                changes.change_quantity(subscription.name, "no-such-line", 2)

    def test_refused_after_the_last_period(self) -> None:
        subscription = self.running(end_date="2026-01-31")
        with at("2026-01-10"), self.assert_refused("no further period"):
            changes.change_quantity(subscription.name, subscription.lines[0].name, 2)

    def test_a_change_before_anything_was_billed_counts_from_the_start(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-02-01", recurrence=INVOICE_ONLY)
            changes.change_quantity(subscription.name, subscription.lines[0].name, 2)
        self.assertEqual(self.totals_until(subscription, "2026-02-01"), [60])

    def test_a_set_up_fee_that_was_billed_is_not_billed_again_by_a_change(self) -> None:
        subscription = self.running(lines=[line(30), line(99, once=1)])
        with at("2026-01-10"):
            changes.change_quantity(subscription.name, subscription.lines[0].name, 2)
        self.assertEqual(self.totals_until(subscription, "2026-02-01"), [129, 60])


class TestLines(ChangingCase):
    def test_a_further_line_counts_from_the_next_period_on(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            changes.add_line(
                subscription.name,
                masters.make_item().name,
                2,
                price_determination="Fixed Rate",
                fixed_rate=5,
            )
        self.assertEqual(self.totals_until(subscription, "2026-02-01"), [30, 40])
        self.assertEqual(len(invoices_of(subscription)[1].items), 2)

    def test_a_fee_added_later_is_billed_once(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            item = masters.make_item().name
            fixed = {"price_determination": "Fixed Rate", "fixed_rate": 5}
            changes.add_line(subscription.name, item, 1, once=1, **fixed)
        self.assertEqual(self.totals_until(subscription, "2026-03-01"), [30, 35, 30])


class TestPlan(ChangingCase):
    def test_the_new_plans_lines_count_from_the_next_period_on(self) -> None:
        subscription = self.running()
        plan = make_plan(recurrence_period=subscription.recurrence_period, lines=[line(50)])
        with at("2026-01-10"):
            day = changes.change_plan(subscription.name, plan.name)
        self.assertEqual(str(day), "2026-02-01")
        self.assertEqual(self.totals_until(subscription, "2026-02-01"), [30, 50])

    def test_with_another_recurrence_periods_are_counted_anew_from_the_day_of_change(self) -> None:
        subscription = self.running()
        yearly = make_recurrence(unit="Year", **INVOICE_ONLY)
        plan = make_plan(recurrence_period=yearly, lines=[line(300)])
        with at("2026-01-10"):
            changes.change_plan(subscription.name, plan.name)
        with at("2027-02-01"):
            advance(subscription)
        spans = [(str(row.start_date), str(row.end_date), row.total) for row in periods_of(subscription)]
        self.assertEqual(
            spans,
            [
                ("2026-01-01", "2026-01-31", 30),
                ("2026-02-01", "2027-01-31", 300),
                ("2027-02-01", "2028-01-31", 300),
            ],
        )

    def test_missed_periods_before_the_change_are_billed_as_they_were(self) -> None:
        subscription = self.running()
        yearly = make_recurrence(unit="Year", **INVOICE_ONLY)
        plan = make_plan(recurrence_period=yearly, lines=[line(300)])
        with at("2026-03-10"):
            day = changes.change_plan(subscription.name, plan.name)
            self.assertEqual(str(day), "2026-04-01")
        self.assertEqual(self.totals_until(subscription, "2026-04-01"), [30, 30, 30, 300])

    def test_what_is_billed_in_arrears_is_billed_to_the_end_as_it_was(self) -> None:
        arrears = {**INVOICE_ONLY, "bill_at": "End of Period"}
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=arrears)
        plan = make_plan(recurrence_period=make_recurrence(unit="Quarter", **arrears), lines=[line(90)])
        with at("2026-01-10"):
            changes.change_plan(subscription.name, plan.name)
        with at("2026-05-01"):
            advance(subscription)
        spans = [(str(row.start_date), str(row.billing_date), row.total) for row in periods_of(subscription)]
        self.assertEqual(spans, [("2026-01-01", "2026-02-01", 30), ("2026-02-01", "2026-05-01", 90)])

    def test_a_period_billed_ahead_stays_the_change_counts_after_it(self) -> None:
        ahead = {**INVOICE_ONLY, "bill_at": "Days Before Start", "days_before": 10}
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=ahead)
        plan = make_plan(recurrence_period=subscription.recurrence_period, lines=[line(50)])
        with at("2026-01-25"):
            advance(subscription)
            self.assertEqual(str(changes.change_plan(subscription.name, plan.name)), "2026-03-01")
        self.assertEqual(self.totals_until(subscription, "2026-03-01"), [30, 30, 50])

    def test_a_disabled_plan_and_one_in_another_currency_are_refused(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            with self.assert_refused("is disabled"):
                changes.change_plan(subscription.name, make_plan(disabled=1).name)
            with self.assert_refused("is in USD"):
                changes.change_plan(subscription.name, make_plan(currency="USD").name)


class TestEditedByHand(ChangingCase):
    def test_what_periods_are_billed_with_cannot_change(self) -> None:
        subscription = self.running()
        subscription.reload()
        subscription.recurrence_period = make_recurrence()
        with self.assert_refused("cannot change any more"):
            subscription.save()

    def test_a_higher_rate_counts_in_the_next_period_not_in_the_billed_one(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            subscription.reload()
            subscription.lines[0].fixed_rate = 33
            subscription.save()
        self.assertEqual(self.totals_until(subscription, "2026-02-01"), [30, 33])
