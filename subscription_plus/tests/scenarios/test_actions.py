"""The list of verbs a document offers a person: what makes sense now, with what each asks."""

import frappe

from subscription_plus.api import actions
from subscription_plus.sp_billing import breaks, cancellation
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    last_order,
    make_subscription,
    periods_of,
)

ALWAYS = ["Update Now"]
RUNNING = [
    "Skip Next Period",
    "Change Quantity",
    "Change Plan",
    "Change Price",
    "Link Invoice",
    "Payment Method",
]


class TestActions(BillingCase):
    def labels(self, subscription) -> list[str]:
        return [row["label"] for row in actions.of("SP Subscription", subscription.name)]

    def billed(self):
        subscription = make_subscription("2026-01-01")
        advance(subscription)
        return subscription

    def test_a_running_one_can_be_cancelled_paused_and_changed(self) -> None:
        with at("2026-01-01"):
            labels = self.labels(self.billed())
        self.assertEqual(set(labels), {*ALWAYS, *RUNNING, "Cancel Subscription", "Pause"})

    def test_a_paused_one_can_be_resumed(self) -> None:
        with at("2026-01-01"):
            subscription = self.billed()
            breaks.pause(subscription.name)
            labels = self.labels(subscription)
        self.assertIn("Resume", labels)
        self.assertNotIn("Pause", labels)

    def test_a_cancellation_can_be_undone_until_its_day_then_it_can_be_restarted(self) -> None:
        with at("2026-01-05"):
            subscription = self.billed()
            cancellation.cancel(subscription.name)
            self.assertIn("Undo Cancellation", self.labels(subscription))
        with at("2026-02-01"):
            advance(subscription)
            self.assertEqual(set(self.labels(subscription)), {*ALWAYS, "Restart"})

    def test_each_calls_a_method_that_may_be_called_by_post(self) -> None:
        with at("2026-01-01"):
            for action in actions.of("SP Subscription", self.billed().name):
                method = frappe.get_attr(action["method"])
                frappe.is_whitelisted(method)
                self.assertIn("POST", frappe.allowed_http_methods_for_whitelisted_func[method])

    def test_a_void_period_can_be_billed_again_others_offer_nothing(self) -> None:
        with at("2026-01-01"):
            subscription = self.billed()
            period = periods_of(subscription)[0].name
            self.assertEqual(actions.of("SP Billing Period", period), [])
            last_order(subscription).cancel()
            self.work_off()
            offered = actions.of("SP Billing Period", period)
        self.assertEqual([row["label"] for row in offered], ["Bill Again"])

    def test_other_documents_offer_nothing(self) -> None:
        with at("2026-01-01"):
            order = last_order(self.billed())
        self.assertEqual(actions.of("Sales Order", order.name), [])
