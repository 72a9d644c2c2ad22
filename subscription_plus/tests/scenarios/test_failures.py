"""Subscriptions that fail: each for itself, in words, with back-off, parked in the end, never stopping others."""

import datetime as dt

import frappe

from subscription_plus.api import subscriptions as api
from subscription_plus.sp_billing import dispatcher
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    advance_if_due,
    at,
    counts,
    events_of,
    line,
    make_subscription,
    try_to_advance,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


def without_price():
    """A subscription that cannot be billed before somebody adds a price."""
    return make_subscription("2026-01-01", lines=[line(None)], recurrence=INVOICE_ONLY)


class TestBackOff(BillingCase):
    def test_it_is_tried_again_after_one_two_and_four_hours(self) -> None:
        with at("2026-01-01", "00:00"):
            subscription = without_price()
        waits = []
        for hour in ("01:00", "02:30", "05:00"):
            with at("2026-01-01", hour):
                try_to_advance(subscription)
                subscription.reload()
                waits.append(
                    round((subscription.next_billing_at - subscription.error_at) / dt.timedelta(hours=1))
                )
        self.assertEqual(waits, [1, 2, 4])

    def test_before_that_the_hourly_run_leaves_it_alone(self) -> None:
        with at("2026-01-01", "01:00"):
            subscription = without_price()
            try_to_advance(subscription)
        with at("2026-01-01", "01:59"):
            advance_if_due(subscription)
        subscription.reload()
        self.assertEqual(subscription.error_count, 1)

    def test_saving_it_tries_again_at_once(self) -> None:
        with at("2026-01-01"):
            subscription = without_price()
            try_to_advance(subscription)
            subscription.reload()
            subscription.lines[0].update({"price_determination": "Fixed Rate", "fixed_rate": 9})
            subscription.save()
            advance_if_due(subscription)
        self.assertEqual(counts(subscription), (0, 0, 1))


class TestParking(BillingCase):
    def parked(self):
        self.set_settings(max_failures=2)
        with at("2026-01-01"):
            subscription = without_price()
            try_to_advance(subscription)
            try_to_advance(subscription)
        subscription.reload()
        return subscription

    def test_after_some_failures_it_waits_for_a_person_who_is_told(self) -> None:
        self.user("Accounts Manager")
        subscription = self.parked()
        self.assertEqual(
            (subscription.parked, subscription.next_billing_at, subscription.billing_status),
            (1, None, "Failed"),
        )
        self.assertEqual(len(events_of(subscription, "Parked")), 1)
        self.assertTrue(frappe.get_all("Email Queue", {"message": ("like", f"%{subscription.name}%")}))

    def test_a_price_alone_does_not_set_it_going_update_now_does(self) -> None:
        subscription = self.parked()
        masters.make_item_price(subscription.lines[0].item, 20)
        with at("2026-01-03"):
            advance(subscription)
            self.assertEqual(counts(subscription), (0, 0, 0))
            api.update_now(subscription.name)
        self.assertEqual(counts(subscription), (0, 0, 1))
        self.assertEqual(len(events_of(subscription, "Taken Up Again")), 1)
        subscription.reload()
        self.assertEqual((subscription.parked, subscription.error_message), (0, None))

    def test_more_documents_a_day_than_any_real_one_would_make_park_it(self) -> None:
        self.set_settings(max_documents_per_day=3, periods_per_run=2)
        with at("2025-01-01"):
            subscription = make_subscription("2025-01-01", recurrence=INVOICE_ONLY)
        with at("2026-01-01"):
            outcomes = [try_to_advance(subscription) for _ in range(4)]
        self.assertIn("limit is 3", outcomes[2].error)
        self.assertEqual(outcomes[3].documents, [])
        self.assertLessEqual(counts(subscription)[2], 4)


class TestOthersGoOn(BillingCase):
    def test_failing_ones_stop_nothing_and_say_what_is_wrong_48941(self) -> None:
        with at("2026-01-01"):
            good = [make_subscription("2026-01-01", recurrence=INVOICE_ONLY) for _ in range(2)]
            priceless = without_price()
            disabled = make_subscription("2026-01-01")
            frappe.db.set_value("Customer", disabled.customer, "disabled", 1)
            good.append(make_subscription("2026-01-01", recurrence=INVOICE_ONLY))
            run = frappe.get_doc("SP Billing Run", dispatcher.dispatch(inline=True))
        self.assertEqual([counts(row) for row in good], [(0, 0, 1)] * 3)
        self.assertEqual((run.looked_at, run.billed, run.failed), (5, 3, 2))
        for subscription, word in ((priceless, "no price"), (disabled, "disabled")):
            subscription.reload()
            self.assertIn(word, subscription.error_message)
            self.assertIn(subscription.name, run.failures)

    def test_an_error_nobody_foresaw_is_logged_and_named(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY)
            frappe.db.set_value("SP Subscription Line", {"parent": subscription.name}, "item", "Gone")
            error = try_to_advance(subscription).error
        self.assertTrue(error)
        self.assertEqual(counts(subscription), (0, 0, 0))
