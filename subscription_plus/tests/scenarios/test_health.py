"""The health check says what is due and not billed, and nothing else."""

import frappe

from subscription_plus.api import health as api
from subscription_plus.api.subscriptions import cancel
from subscription_plus.sp_billing import health
from subscription_plus.tests.support.billing import BillingCase, advance, at, make_subscription


class TestHealth(BillingCase):
    def test_due_for_more_than_three_hours_and_not_billed_is_late(self) -> None:
        with at("2026-01-10", "08:00"):
            subscription = make_subscription("2026-01-10").name
        with at("2026-01-10", "10:00"):
            self.assertNotIn(subscription, self.late())
        with at("2026-01-10", "12:00"):
            self.assertIn(subscription, self.late())
            self.assertFalse(api.status()["healthy"])
            advance(subscription)
            self.assertNotIn(subscription, self.late())

    def test_an_ended_subscription_is_never_late(self) -> None:
        with at("2026-01-10"):
            subscription = make_subscription("2026-02-01").name
            cancel(subscription, "Now")
        with at("2026-03-01"):
            advance(subscription)
        self.assertIsNone(frappe.db.get_value("SP Subscription", subscription, "next_billing_at"))
        with at("2026-04-01"):
            self.assertNotIn(subscription, self.late())

    def late(self) -> list[str]:
        return [row["subscription"] for row in health.report(limit=1000)["late"]]
