"""Declined charges and what the policy does about them: soft and hard, each step once, over with the payment."""

import frappe

from subscription_plus.sp_payments import notices
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    advance,
    at,
    events_of,
    mails_about,
    make_subscription,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.stripe import (
    MAIL,
    SEPA,
    PaymentsCase,
    attempts_of,
    make_policy,
    newest_attempt,
    next_run,
    statuses,
)

RETRIES = ({"days": 3, "retry": 1}, {"days": 7, "retry": 1})


class DecliningCase(PaymentsCase):
    def declined(self, code="insufficient_funds", steps=RETRIES, **values):
        """January was paid by card; on 1 February its bank declines, for this reason."""
        if steps:
            values["dunning_policy"] = make_policy(*steps)
        subscription = self.subscribed(send_emails=1, contact_email=MAIL, **values)
        self.turns(subscription, decline=code)
        next_run(subscription, "2026-02-01")
        return subscription

    def days(self, subscription, first, last):
        """The hourly run, twice on each day of February."""
        for day in range(first, last + 1):
            next_run(subscription, f"2026-02-{day:02}")
            next_run(subscription, f"2026-02-{day:02}", "17:00")

    def value(self, subscription, field):
        return frappe.db.get_value("SP Subscription", subscription.name, field)

    def mails(self, subscription):
        return mails_about("Payment Request", periods_of(subscription)[1].payment_request)


class TestSoftDeclines(DecliningCase):
    def test_tried_again_on_the_policys_days_and_on_no_other(self) -> None:
        subscription = self.declined()
        tries = {}
        for day in range(2, 12):
            self.days(subscription, day, day)
            tries[day] = len(attempts_of(subscription, kind="Charge")) - 2
        self.assertEqual([day for day in tries if tries[day] != tries.get(day - 1, 0)], [4, 8])
        self.assertEqual(statuses(subscription), ["Succeeded", "Failed", "Failed", "Failed"])
        self.assertEqual(self.captured(subscription), 3000)

    def test_paid_by_a_retry_dunning_is_over(self) -> None:
        subscription = self.declined()
        self.assertIsNotNone(periods_of(subscription)[1].dunning_since)
        self.turns(subscription, decline=None)
        self.days(subscription, 2, 5)
        self.assertEqual(statuses(subscription), ["Succeeded", "Failed", "Succeeded"])
        self.assertIsNone(periods_of(subscription)[1].dunning_since)
        self.assertEqual([row.event_type for row in events_of(subscription)].count("Dunning Ended"), 1)
        self.assert_paid_in_full(subscription)
        self.assert_books_agree()

    def test_the_card_stays_alive(self) -> None:
        self.assertEqual(self.card(self.declined()).status, "Active")

    def test_the_customer_is_told_once_with_a_link_and_the_reason(self) -> None:
        subscription = self.declined()
        next_run(subscription, "2026-02-01", "10:00")
        self.assertEqual(len(self.mails(subscription)), 2)  # the request, and the failure
        self.assertIn("/account/pay?token=", self.mails(subscription)[-1])

    def test_without_a_policy_it_is_tried_once(self) -> None:
        subscription = self.declined(steps=())
        self.days(subscription, 2, 10)
        self.assertEqual(statuses(subscription), ["Succeeded", "Failed"])

    def test_the_history_tells_it(self) -> None:
        subscription = self.declined()
        self.turns(subscription, decline=None)
        self.days(subscription, 2, 5)
        story = [row.event_type for row in events_of(subscription)]
        wanted = ["Payment Failed", "Dunning Started", "Dunning Step", "Payment Succeeded", "Dunning Ended"]
        self.assertEqual([kind for kind in story if kind in wanted][2:], wanted)


class TestHardDeclines(DecliningCase):
    def test_the_card_is_dead_and_never_tried_again(self) -> None:
        subscription = self.declined("stolen_card")
        self.assertEqual(self.card(subscription).status, "Dead")
        self.days(subscription, 2, 12)
        self.assertEqual(statuses(subscription), ["Succeeded", "Failed"])
        self.assertEqual(newest_attempt(subscription).decline_code, "stolen_card")

    def test_another_card_is_charged_at_once_and_dunning_is_over(self) -> None:
        subscription = self.declined("lost_card")
        with at("2026-02-02"):
            self.register(subscription, "pm_card_mastercard")
        self.assertEqual(statuses(subscription), ["Succeeded", "Failed", "Succeeded"])
        self.assertIsNone(periods_of(subscription)[1].dunning_since)
        self.assertEqual(self.card(subscription).brand, "mastercard")
        self.assert_paid_in_full(subscription)
        next_run(subscription, "2026-03-01")
        self.assertEqual(statuses(subscription)[-1], "Succeeded")
        self.assert_books_agree()

    def test_a_card_registered_for_one_subscription_pays_what_the_customers_others_owe(self) -> None:
        first = self.declined("lost_card")
        second = self.subscribed(customer=first.customer, method=None)
        next_run(second, "2026-01-02")
        with at("2026-02-02"):
            self.register(second, "pm_card_mastercard")
            self.work_off()
        self.assertEqual(statuses(first), ["Succeeded", "Failed", "Succeeded"])
        self.assertIsNone(periods_of(first)[1].dunning_since)
        self.assert_paid_in_full(first)
        defaults = frappe.get_all(
            "SP Payment Method", {"customer": first.customer, "is_default": 1}, pluck="brand"
        )
        self.assertEqual(defaults, ["mastercard"])
        self.assert_books_agree()

    def test_paid_on_a_page_dunning_is_over(self) -> None:
        subscription = self.declined("lost_card")
        with at("2026-02-02"):
            self.pay_page(subscription, "pm_card_amex")
            advance(subscription)
        self.assertIsNone(periods_of(subscription)[1].dunning_since)
        self.assert_paid_in_full(subscription)

    def test_paid_by_hand_dunning_is_over(self) -> None:
        subscription = self.declined("lost_card")
        with at("2026-02-02"):
            pay_order(subscription)
            self.work_off()
        self.assertIsNone(periods_of(subscription)[1].dunning_since)
        self.assertEqual(self.value(subscription, "billing_status"), "Up to Date")


class TestSteps(DecliningCase):
    def stepped(self, action):
        subscription = self.declined("lost_card", ({"days": 2}, {"days": 5, "action": action}))
        self.days(subscription, 2, 5)
        before = self.value(subscription, ["status", "restricted", "unpaid"])
        self.days(subscription, 6, 9)
        return subscription, before

    def test_each_is_taken_once_on_its_day(self) -> None:
        mail = frappe.db.get_single_value("SP Settings", "payment_failed_template")
        steps = ({"days": 0, "email_template": mail}, {"days": 3, "email_template": mail}, {"days": 7})
        subscription = self.declined("lost_card", steps)
        seen = []
        for day in range(1, 12):
            self.days(subscription, day, day)
            seen.append(len(events_of(subscription, "Dunning Step")))
        self.assertEqual(seen, [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
        self.assertEqual(len(self.mails(subscription)), 4)  # the request, the failure, and two steps

    def test_missed_days_are_made_up_for(self) -> None:
        subscription = self.declined("lost_card", ({"days": 2}, {"days": 4}, {"days": 20}))
        next_run(subscription, "2026-02-10")
        self.assertEqual(len(events_of(subscription, "Dunning Step")), 2)

    def test_restrict_and_open_again_by_the_payment(self) -> None:
        subscription, before = self.stepped("Restrict")
        self.assertEqual((before, self.value(subscription, "restricted")), (("Active", 0, 0), 1))
        with at("2026-02-10"):
            self.pay_page(subscription)
            advance(subscription)
        self.assertEqual(self.value(subscription, "restricted"), 0)

    def test_mark_unpaid_and_back_by_the_payment(self) -> None:
        subscription, _before = self.stepped("Mark Unpaid")
        self.assertEqual(self.value(subscription, ["unpaid", "billing_status"]), (1, "Unpaid"))
        with at("2026-02-10"):
            pay_order(subscription)
            self.work_off()
            advance(subscription)
        self.assertEqual(self.value(subscription, ["unpaid", "billing_status"]), (0, "Up to Date"))

    def test_pause(self) -> None:
        subscription, _before = self.stepped("Pause")
        self.assertEqual(self.value(subscription, "status"), "Paused")

    def test_cancel(self) -> None:
        subscription, _before = self.stepped("Cancel")
        self.assertEqual(self.value(subscription, "status"), "Cancelled")
        self.days(subscription, 10, 12)
        self.assertEqual(len(events_of(subscription, "Cancelled")), 1)


class TestManualPayers(DecliningCase):
    def test_the_grace_counts_from_the_due_date(self) -> None:
        policy = make_policy({"days": 0}, {"days": 5, "action": "Restrict"}, grace_days=3)
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", dunning_policy=policy, recurrence={"days_until_due": 4}
            )
            advance(subscription)
        steps = {}
        for day in range(2, 16):
            self.days(subscription, day, day)
            steps[day] = len(events_of(subscription, "Dunning Step"))
        # Due on the 5th, three days of grace: dunning begins on the 9th, its second step is on the 14th.
        self.assertEqual([day for day in steps if steps[day] != steps.get(day - 1, 0)], [9, 14])
        self.assertEqual(self.value(subscription, "restricted"), 1)
        with at("2026-02-16"):
            pay_order(subscription)
            self.work_off()
        self.assertEqual(self.value(subscription, "restricted"), 0)


class TestExpiringCards(DecliningCase):
    def test_the_customer_is_told_once_and_the_card_expires(self) -> None:
        self.set_settings(card_notice_days=14)
        subscription = self.subscribed(method="pm_card_expiringSoon", send_emails=1, contact_email=MAIL)
        card = self.card(subscription)
        self.assertEqual(str(card.expires_on), "2026-01-31")
        told = {}
        for day in (10, 16, 17, 18, 19, 30):
            with at(f"2026-01-{day}"):
                notices.send_due()
            told[day] = len(mails_about("SP Payment Method", card.name))
        self.assertEqual(told, {10: 0, 16: 0, 17: 1, 18: 1, 19: 1, 30: 1})
        with at("2026-02-01"):
            notices.send_due()
        self.assertEqual(self.card(subscription).status, "Expired")

    def test_a_mandate_never_does(self) -> None:
        subscription = self.subscribed(method=SEPA)
        with at("2026-06-01"):
            notices.send_due()
        self.assertEqual(self.card(subscription).status, "Active")


class TestThePolicyInForce(DecliningCase):
    def test_the_subscriptions_else_the_plans_else_the_settings(self) -> None:
        from subscription_plus.sp_payments.dunning import policy_of
        from subscription_plus.tests.support.billing import make_plan

        own, plans, sites = (make_policy({"days": 1}) for _ in range(3))
        self.set_settings(dunning_policy=sites)
        plan = make_plan(dunning_policy=plans).name
        customer = masters.make_customer().name
        with at("2026-01-01"):
            found = [
                policy_of(make_subscription("2026-01-01", customer=customer, **values))
                for values in ({"plan": plan, "dunning_policy": own}, {"plan": plan}, {})
            ]
        self.assertEqual(found, [own, plans, sites])
