"""What has ended stays ended, and what was parked goes on when a person says so."""

import frappe

from subscription_plus.sp_billing import repair
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    make_subscription,
    try_to_advance,
)


class TestEnded(BillingCase):
    def test_terminal_stays_terminal_when_the_end_is_moved_57761(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", end_date="2026-01-31")
            advance(subscription)
        with at("2026-03-15"):
            advance(subscription)
            subscription.reload()
            self.assertEqual(subscription.status, "Completed")
            subscription.end_date = "2026-12-31"
            with self.assert_refused("Use Restart"):
                subscription.save()


class TestCircuitBreaker(BillingCase):
    def test_a_person_who_takes_it_up_again_lets_it_go_on_the_same_day(self) -> None:
        with at("2026-04-01"):
            subscription = make_subscription("2026-01-01")
            self.set_settings(max_documents_per_day=4, periods_per_run=2)
            advance(subscription)
            try_to_advance(subscription)
            self.assertTrue(frappe.db.get_value("SP Subscription", subscription.name, "parked"))
            self.assertEqual(counts(subscription)[0], 2)
            repair.take_up(subscription.name)
            advance(subscription)
        self.assertEqual(counts(subscription)[0], 4)
