"""Pauses, resumptions and skipped periods: no day in them is billed, no day outside them is lost."""

import frappe

from subscription_plus.sp_billing import breaks, cancellation
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    line,
    live,
    make_subscription,
    periods_of,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}
day = frappe.utils.getdate


class PausingCase(BillingCase):
    def running(self, **values):
        """31 a month from 1 January 2026 on, January billed."""
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", recurrence=INVOICE_ONLY, lines=[line(31)], **values
            )
            advance(subscription)
        return subscription

    def spans(self, subscription):
        return [(str(row.start_date), str(row.end_date), row.total) for row in periods_of(subscription)]

    def billed_until(self, subscription, last: str):
        with at(last):
            advance(subscription)
        return self.spans(subscription)


class TestPause(PausingCase):
    def test_from_the_next_period_until_a_day_the_rest_is_prorated(self) -> None:
        subscription = self.running()
        with at("2026-01-20"):
            breaks.pause(subscription.name, day("2026-02-01"), day("2026-03-14"))
        self.assertEqual(live(subscription, "2026-01-20", "2026-03-14"), [])
        self.assertEqual(
            self.billed_until(subscription, "2026-04-01")[1:],
            [("2026-03-15", "2026-03-31", 17), ("2026-04-01", "2026-04-30", 31)],
        )

    def test_the_status_says_paused_while_it_lasts(self) -> None:
        subscription = self.running()
        with at("2026-01-20"):
            breaks.pause(subscription.name, day("2026-02-01"), day("2026-02-10"))
        seen = []
        for today in ("2026-01-31", "2026-02-01", "2026-02-10", "2026-02-11"):
            with at(today):
                advance(subscription)
                seen.append(frappe.db.get_value("SP Subscription", subscription.name, "status"))
        self.assertEqual(seen, ["Active", "Paused", "Paused", "Active"])

    def test_with_a_new_anchor_periods_are_counted_from_the_day_after(self) -> None:
        subscription = self.running()
        with at("2026-01-20"):
            breaks.pause(subscription.name, day("2026-02-01"), day("2026-03-14"), new_anchor=True)
        self.assertEqual(
            self.billed_until(subscription, "2026-04-15")[1:],
            [("2026-03-15", "2026-04-14", 31), ("2026-04-15", "2026-05-14", 31)],
        )

    def test_open_ended_it_lasts_until_it_is_resumed(self) -> None:
        subscription = self.running()
        with at("2026-02-01", "00:01"):
            breaks.pause(subscription.name)
        self.assertEqual(live(subscription, "2026-02-01", "2026-04-02"), [])
        with at("2026-04-16"):
            breaks.resume(subscription.name)
            advance(subscription)
        self.assertEqual(self.spans(subscription)[1:], [("2026-04-16", "2026-04-30", 15.5)])

    def test_resumed_before_it_began_nothing_has_changed(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            breaks.pause(subscription.name, day("2026-02-01"))
            breaks.resume(subscription.name)
            self.assertEqual(frappe.get_doc("SP Subscription", subscription.name).breaks, [])
        self.assertEqual(
            self.billed_until(subscription, "2026-02-01")[1:], [("2026-02-01", "2026-02-28", 31)]
        )

    def test_pausing_and_resuming_again_and_again_bills_every_day_at_most_once_2306(self) -> None:
        subscription = self.running()
        for month in ("02", "03", "04"):
            with at(f"2026-{month}-05"):
                advance(subscription)
                breaks.pause(subscription.name)
            with at(f"2026-{month}-10"):
                breaks.resume(subscription.name)
                advance(subscription)
            with at(f"2026-{month}-20"):
                breaks.pause(subscription.name)
                breaks.resume(subscription.name)
                advance(subscription)
        spans = self.spans(subscription)
        self.assertEqual([start for start, _end, _total in spans], [f"2026-0{m}-01" for m in (1, 2, 3, 4)])
        self.assertTrue(all(total == 31 for _start, _end, total in spans))

    def test_refused_when_it_makes_no_sense(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            with self.assert_refused("not paused"):
                breaks.resume(subscription.name)
            with self.assert_refused("ends after it begins"):
                breaks.pause(subscription.name, day("2026-02-10"), day("2026-02-01"))
            breaks.pause(subscription.name, day("2026-02-01"), day("2026-02-10"))
            with self.assert_refused("a pause from"):
                breaks.pause(subscription.name, day("2026-02-10"), day("2026-02-20"))
            cancellation.cancel(subscription.name, "Now")
            with self.assert_refused("Restart it first"):
                breaks.pause(subscription.name)
            with self.assert_refused("Restart it first"):
                breaks.skip(subscription.name)


class TestSkip(PausingCase):
    def test_the_next_period_is_left_out_and_the_others_stay(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            start, end = breaks.skip(subscription.name)
        self.assertEqual((str(start), str(end)), ("2026-02-01", "2026-02-28"))
        self.assertEqual(
            self.billed_until(subscription, "2026-03-01")[1:], [("2026-03-01", "2026-03-31", 31)]
        )

    def test_twice_leaves_out_two_periods(self) -> None:
        subscription = self.running()
        with at("2026-01-10"):
            breaks.skip(subscription.name)
            breaks.skip(subscription.name)
        self.assertEqual(
            self.billed_until(subscription, "2026-04-01")[1:], [("2026-04-01", "2026-04-30", 31)]
        )

    def test_after_the_last_period_there_is_none_to_skip(self) -> None:
        subscription = self.running(end_date="2026-01-31")
        with at("2026-01-10"), self.assert_refused("no further period"):
            breaks.skip(subscription.name)
