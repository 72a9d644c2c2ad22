"""A trial that ends without a way to pay follows the plan: asks for the money, pauses, or cancels."""

import frappe

from subscription_plus.tests.support.billing import (
    advance,
    at,
    counts,
    events_of,
    live,
    mails_about,
    make_plan,
    make_subscription,
    periods_of,
)
from subscription_plus.tests.support.stripe import PaymentsCase, statuses


class TestTrialsWithoutAMethod(PaymentsCase):
    """The trial's last day is 14 January."""

    def trying(self, choice: str, **values):
        plan = make_plan(trial_without_method=choice)
        with at("2026-01-01"):
            values = {"plan": plan.name, "lines": None, "trial_until": "2026-01-14", **values}
            return make_subscription("2026-01-01", **values)

    def now(self, subscription):
        return frappe.get_doc("SP Subscription", subscription.name)

    def test_by_default_the_money_is_asked_for(self) -> None:
        subscription = self.trying("Ask to Pay")
        live(subscription, "2026-01-01", "2026-01-16")
        self.assertEqual(counts(subscription), (1, 1, 0))
        self.assertEqual(self.now(subscription).status, "Active")

    def test_cancel_ends_it_with_the_trial_and_bills_nothing(self) -> None:
        subscription = self.trying("Cancel")
        live(subscription, "2026-01-01", "2026-02-16")
        doc = self.now(subscription)
        self.assertEqual((doc.status, str(doc.cancellation_date)), ("Cancelled", "2026-01-14"))
        self.assertEqual((counts(subscription), periods_of(subscription)), ((0, 0, 0), []))
        self.assertEqual(len(events_of(subscription, "Cancelled")), 1)

    def test_cancel_bills_nothing_either_where_nothing_ran_for_weeks(self) -> None:
        subscription = self.trying("Cancel")
        with at("2026-01-02"):
            advance(subscription)
        with at("2026-03-20"):
            advance(subscription)
        self.assertEqual(str(self.now(subscription).cancellation_date), "2026-01-14")
        self.assertEqual(periods_of(subscription), [])

    def test_pause_waits_for_a_method_and_counts_periods_from_the_day_it_comes(self) -> None:
        subscription = self.trying("Pause")
        live(subscription, "2026-01-01", "2026-01-19")
        self.assertEqual((self.now(subscription).status, periods_of(subscription)), ("Paused", []))
        with at("2026-01-20"):
            self.register(subscription)
        self.assertEqual(self.now(subscription).status, "Active")
        self.assertEqual([str(row.start_date) for row in periods_of(subscription)], ["2026-01-20"])
        self.assertEqual(statuses(subscription), ["Succeeded"])
        self.assert_paid_once(subscription)
        live(subscription, "2026-02-01", "2026-02-21")
        self.assertEqual(str(periods_of(subscription)[-1].start_date), "2026-02-20")

    def test_the_mails_before_and_after_the_trial_hold_a_link_to_register_a_method(self) -> None:
        subscription = self.trying("Pause", send_emails=1, contact_email="payer@example.com")
        live(subscription, "2026-01-01", "2026-01-16")
        ending, waiting = sorted(
            mails_about("SP Subscription", subscription.name), key=lambda mail: "waits" in mail
        )
        self.assertIn("trial ends", ending)
        self.assertIn("waits", waiting)
        for mail in (ending, waiting):
            self.assertIn("/account/register?token=", mail)

    def test_the_mail_before_the_trials_end_asks_for_no_method_where_one_is_there(self) -> None:
        subscription = self.trying("Pause", send_emails=1, contact_email="payer@example.com")
        with at("2026-01-05"):
            self.register(subscription)
        live(subscription, "2026-01-06", "2026-01-14")
        [ending] = mails_about("SP Subscription", subscription.name)
        self.assertNotIn("/account/register", ending)

    def test_with_a_method_it_is_charged_on_the_first_day_whatever_the_plan_says(self) -> None:
        for choice in ("Pause", "Cancel"):
            with self.subTest(choice):
                subscription = self.trying(choice)
                with at("2026-01-05"):
                    self.register(subscription)
                live(subscription, "2026-01-14", "2026-01-16")
                self.assertEqual(statuses(subscription), ["Succeeded"])
                self.assertEqual(str(periods_of(subscription)[0].start_date), "2026-01-15")

    def test_who_pays_by_hand_needs_no_method(self) -> None:
        subscription = self.trying("Cancel", charge_automatically=0)
        live(subscription, "2026-01-01", "2026-01-16")
        self.assertEqual(counts(subscription), (1, 1, 0))

    def test_a_pause_that_a_person_made_does_not_end_by_a_method(self) -> None:
        from subscription_plus.sp_billing import breaks

        subscription = self.trying("Ask to Pay")
        with at("2026-01-10"):
            breaks.pause(subscription.name, frappe.utils.getdate("2026-01-16"))
        live(subscription, "2026-01-15", "2026-01-17")
        with at("2026-01-20"):
            self.register(subscription)
        self.assertEqual(self.now(subscription).status, "Paused")
