"""After a person was at a subscription nothing is asked of the customer for a while; Update Now ends the wait."""

import frappe

from subscription_plus.api import subscriptions as api
from subscription_plus.sp_billing import breaks
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    advance_if_due,
    at,
    counts,
    events_of,
    make_subscription,
    try_to_advance,
)


class TestEditWindow(BillingCase):
    def setUp(self) -> None:
        super().setUp()
        self.set_settings(edit_window_minutes=60)

    def test_a_new_subscription_is_billed_after_the_window_not_before(self) -> None:
        with at("2026-01-01", "09:00"):
            subscription = make_subscription("2026-01-01")
            advance_if_due(subscription)
        with at("2026-01-01", "09:59"):
            advance_if_due(subscription)
            self.assertEqual(try_to_advance(subscription).documents, [])
            self.assertEqual(counts(subscription), (0, 0, 0))
        with at("2026-01-01", "10:01"):
            advance_if_due(subscription)
        self.assertEqual(counts(subscription), (1, 1, 0))

    def test_update_now_ends_the_window(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            answer = api.update_now(subscription.name)
        self.assertEqual([row["doctype"] for row in answer["documents"]], ["Sales Order", "Payment Request"])
        self.assertEqual((answer["periods"], answer["error"]), (1, None))
        self.assertEqual(len(events_of(subscription, "Update Now")), 1)

    def test_a_change_by_a_person_opens_it_again(self) -> None:
        with at("2026-01-01", "09:00"):
            subscription = make_subscription("2026-02-01")
        with at("2026-02-01", "09:00"):
            subscription.reload()
            subscription.lines[0].qty = 2
            subscription.save()
            advance_if_due(subscription)
            self.assertEqual(counts(subscription), (0, 0, 0))
        with at("2026-02-01", "10:05"):
            advance_if_due(subscription)
        self.assertEqual(counts(subscription), (1, 1, 0))

    def test_a_verb_opens_no_window(self) -> None:
        with at("2026-01-01", "09:00"):
            subscription = make_subscription("2026-01-01")
        with at("2026-02-01", "09:00"):
            breaks.pause(subscription.name, frappe.utils.getdate("2026-03-01"))
            advance(subscription)
        self.assertEqual(counts(subscription), (2, 2, 0))

    def test_the_window_loses_no_day(self) -> None:
        with at("2025-12-31", "23:30"):
            subscription = make_subscription("2025-12-31", recurrence={"unit": "Day", "interval_count": 1})
        with at("2026-01-01", "00:40"):
            advance_if_due(subscription)
        self.assertEqual(counts(subscription)[0], 2)
