"""The hourly run: what it takes up, what it costs, what it reports."""

from contextlib import contextmanager
from unittest import mock

import frappe

from subscription_plus.sp_billing import dispatcher, health
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    make_subscription,
    pay_invoice,
    periods_of,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


@contextmanager
def queries():
    """The statements that reach the database meanwhile."""
    seen, connection = [], frappe.local.db
    original = connection.sql

    def counted(query, *args, **kwargs):
        seen.append(str(query))
        return original(query, *args, **kwargs)

    with mock.patch.object(connection, "sql", counted):
        yield seen


class TestRuns(BillingCase):
    def due(self, count: int):
        return [make_subscription("2026-01-01", recurrence=INVOICE_ONLY) for _ in range(count)]

    def test_run_twice_is_run_once_28236_28328(self) -> None:
        with at("2026-01-01"):
            subscriptions = self.due(3)
            dispatcher.dispatch(inline=True)
            self.assertIsNone(dispatcher.dispatch(inline=True))
        self.assertEqual([counts(row) for row in subscriptions], [(0, 0, 1)] * 3)

    def test_drafts_are_not_made_twice_28253(self) -> None:
        with at("2026-01-01"):
            draft = make_subscription("2026-01-01", recurrence={**INVOICE_ONLY, "submit_invoice": 0})
            dispatcher.dispatch(inline=True)
        with at("2026-01-02"):
            dispatcher.dispatch(inline=True)
            dispatcher.dispatch(inline=True)
        self.assertEqual(counts(draft), (0, 0, 1))

    def test_what_was_due_long_ago_is_due_53308(self) -> None:
        with at("2025-11-01"):
            subscription = make_subscription("2025-11-01", recurrence=INVOICE_ONLY)
        with at("2026-01-20"):
            dispatcher.dispatch(inline=True)
        self.assertEqual(len(periods_of(subscription)), 3)

    def test_it_pages_through_more_than_a_batch(self) -> None:
        self.set_settings(batch_size=2)
        with at("2026-01-01"), mock.patch.object(dispatcher, "PAGE", 2):
            subscriptions = self.due(5)
            run = frappe.get_doc("SP Billing Run", dispatcher.dispatch(inline=True))
        self.assertEqual([counts(row) for row in subscriptions], [(0, 0, 1)] * 5)
        self.assertEqual((run.looked_at, run.billed, run.documents, run.failed), (5, 5, 5, 0))

    def test_the_queue_gets_batches_that_work_themselves_off_once(self) -> None:
        self.set_settings(batch_size=2)
        with at("2026-01-01"):
            subscriptions = self.due(3)
            dispatcher.dispatch()
            self.assertEqual([len(job["kwargs"]["names"]) for job in self.jobs], [2, 1])
            twice = list(self.jobs)
            self.work_off()
            self.jobs.extend(twice)
            self.work_off()
        self.assertEqual([counts(row) for row in subscriptions], [(0, 0, 1)] * 3)

    def test_what_the_time_budget_leaves_goes_back_to_the_queue_48718_32382(self) -> None:
        with at("2026-01-01"):
            subscriptions = self.due(3)
            with mock.patch.object(dispatcher.time, "monotonic", side_effect=range(0, 90000, 1000)):
                dispatcher.dispatch(inline=True)
            self.assertEqual(sum(counts(row)[2] for row in subscriptions), 1)
            self.work_off()
        self.assertEqual([counts(row) for row in subscriptions], [(0, 0, 1)] * 3)

    def test_one_that_a_person_was_quicker_with_is_skipped(self) -> None:
        with at("2026-01-01"):
            (subscription,) = self.due(1)
            dispatcher.dispatch()
            advance(subscription)
            self.work_off()
        self.assertEqual(counts(subscription), (0, 0, 1))


class TestCost(BillingCase):
    def test_with_nothing_due_it_asks_at_most_ten_questions(self) -> None:
        with at("2019-01-01"):
            dispatcher.dispatch()  # warm: settings and meta are cached
            with queries() as asked:
                self.assertIsNone(dispatcher.dispatch())
        self.assertLessEqual(len(asked), 10)

    def test_a_subscription_that_is_not_due_costs_nothing(self) -> None:
        with at("2019-01-01"):
            dispatcher.dispatch()
            with queries() as before:
                dispatcher.dispatch()
            for _ in range(4):
                make_subscription("2019-06-01")
            frappe.db.commit()
            with queries() as after:
                dispatcher.dispatch()
        self.assertLessEqual(len(after), len(before))

    def test_a_period_that_waits_for_payment_is_looked_at_once_a_day(self) -> None:
        with at("2026-01-01", "09:00"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        subscription.reload()
        self.assertEqual(str(subscription.next_billing_at), "2026-01-02 00:00:00")


class TestHealth(BillingCase):
    def of(self, subscription, group: str):
        return [row for row in health.report(500)[group] if row.subscription == subscription.name]

    def test_what_is_due_for_hours_and_not_billed_is_late(self) -> None:
        with at("2026-01-01", "00:10"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY)
        with at("2026-01-01", "02:00"):
            self.assertEqual(self.of(subscription, "late"), [])
        with at("2026-01-01", "04:00"):
            self.assertEqual(len(self.of(subscription, "late")), 1)
            self.assertFalse(health.report()["healthy"])
            advance(subscription)
            self.assertEqual(self.of(subscription, "late"), [])

    def test_what_is_tried_again_is_failing_and_what_waits_for_people_is_parked(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            values = {"error_count": 2, "error_message": "No price"}
            frappe.db.set_value("SP Subscription", subscription.name, values)
            self.assertEqual(self.of(subscription, "failing")[0].error_message, "No price")
            frappe.db.set_value("SP Subscription", subscription.name, "parked", 1)
            self.assertEqual(len(self.of(subscription, "parked")), 1)
            self.assertEqual(self.of(subscription, "failing"), [])

    def test_the_daily_check_finds_a_payment_that_was_undone_unheard(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence={"invoice_before_payment": 1})
            advance(subscription)
            payment = pay_invoice(subscription)
            advance(subscription)
            payment.reload()
            payment.cancel()
            self.jobs.clear()  # the queue was lost
        with at("2026-01-02"):
            health.check()
        self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")

    def test_the_last_run_is_remembered(self) -> None:
        with at("2026-01-01", "09:00"):
            dispatcher.dispatch()
            self.assertIn("2026-01-01 09:00", str(health.report()["last_run_at"]))
