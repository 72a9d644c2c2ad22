"""The headline: one sentence that says where a subscription stands and what happens next, in the reader's language."""

import frappe
from frappe.utils import now_datetime

from subscription_plus.sp_billing import breaks, cancellation, facts, headline
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    line,
    make_subscription,
    pay_order,
    try_to_advance,
)


class TestHeadline(BillingCase):
    def said(self, subscription):
        doc = frappe.get_doc("SP Subscription", subscription.name)
        return headline.of(doc, facts.periods_of(doc.name), now_datetime())

    def assert_says(self, subscription, *parts: str, colour: str) -> None:
        said = self.said(subscription)
        for part in parts:
            self.assertIn(part, said.text)
        self.assertEqual(said.colour, colour)
        self.assertEqual(said.text.count("\n"), 0)

    def test_to_be_paid(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            self.assert_says(subscription, "30.00", "to be paid by", "is billed on", colour="orange")

    def test_past_due(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        with at("2026-01-20"):
            self.assert_says(subscription, "past due since", "is billed on", colour="red")

    def test_paid(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            pay_order(subscription)
            advance(subscription)
            self.assert_says(subscription, "All that was billed is paid", "is billed on", colour="green")

    def test_not_begun_on_trial_paused_cancelled_ended(self) -> None:
        with at("2026-01-01"):
            self.assert_says(make_subscription("2026-03-01"), "It begins on", colour="blue")
            on_trial = make_subscription("2026-01-01", trial_until="2026-01-14")
            self.assert_says(on_trial, "On trial until", "is billed on", colour="blue")
            paused = make_subscription("2026-01-01")
            breaks.pause(paused.name)
            self.assert_says(paused, "until someone resumes it", colour="yellow")
            cancelled = make_subscription("2026-02-01")
            cancellation.cancel(cancelled.name)
            self.assert_says(cancelled, "its last day is", colour="orange")
            ended = make_subscription("2026-01-01")
            cancellation.cancel(ended.name, "Now")
            self.assert_says(ended, "It ended on", "nothing more is billed", colour="gray")

    def test_the_edit_window_and_what_is_due(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            self.assert_says(subscription, "due and billed with the next run", colour="green")
            self.set_settings(edit_window_minutes=60)
            self.assert_says(make_subscription("2026-01-01"), "it can be edited until 10:00", colour="green")

    def test_a_failure_comes_before_all_else(self) -> None:
        with at("2026-01-01"):
            item = masters.make_item().name
            subscription = make_subscription("2026-01-01", lines=[line(None, item=item)])
            try_to_advance(subscription)
            self.assert_says(subscription, "Billing failed", item, colour="red")

    def test_in_french(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-03-01")
            frappe.local.lang = "fr"
            try:
                said = self.said(subscription).text
            finally:
                frappe.local.lang = "en"
        self.assertIn("Il commence le", said)
