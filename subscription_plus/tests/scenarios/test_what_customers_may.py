"""What customers do with their own subscriptions: what the plan allows, in time, and nothing of the staff's choices."""

import frappe
from frappe.utils import getdate

from subscription_plus.api import subscriptions as api
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    events_of,
    line,
    make_plan,
    make_subscription,
)
from subscription_plus.tests.support.booking import make_user

ALL = {
    f"customer_may_{right}": 1
    for right in ("cancel", "restart", "pause", "skip", "change_quantity", "change_plan")
}
NONE = dict.fromkeys(ALL, 0)
TODAY = "2026-01-10"


class CustomerCase(BillingCase):
    def setUp(self) -> None:
        super().setUp()
        self.customer = masters.make_customer().name
        self.own, self.stranger = make_user(self.customer), make_user(masters.make_customer().name)

    def subscribed(self, **plan):
        """A monthly subscription from the first of January, billed once."""
        with at("2026-01-01"):
            of_plan = {"plan": make_plan(**plan).name} if plan else {}
            subscription = make_subscription("2026-01-01", customer=self.customer, **of_plan)
            advance(subscription)
            frappe.db.commit()
        return subscription.reload()

    def verbs(self, subscription) -> dict:
        name, row = subscription.name, subscription.lines[0].name
        other = make_plan(published=1, customer_may_change_plan=1).name
        frappe.db.commit()
        return {
            "pause": lambda: api.pause(name, "2026-03-01", "2026-03-31"),
            "resume": lambda: api.resume(name),
            "skip": lambda: api.skip(name),
            "quantity": lambda: api.change_quantity(name, row, 2),
            "plan": lambda: api.change_plan(name, other),
            "cancel": lambda: api.cancel(name, reason="Moving away"),
            "undo": lambda: api.undo_cancellation(name),
        }

    def refused(self, *verbs, error=frappe.PermissionError) -> None:
        for number, verb in enumerate(verbs):
            with self.subTest(number), self.assertRaises(error):
                verb()
            frappe.db.rollback()


class TestByThePlan(CustomerCase):
    def test_a_plan_that_allows_everything_lets_customers_do_it(self) -> None:
        subscription = self.subscribed(**ALL, max_quantity=5)
        verbs = self.verbs(subscription)
        with at(TODAY), self.set_user(self.own):
            for title, verb in verbs.items():
                with self.subTest(title):
                    verb()
        self.assertEqual({row.user for row in events_of(subscription, "Paused")}, {self.own})
        self.assertEqual(subscription.reload().plan != "", True)

    def test_a_plan_that_allows_nothing_refuses_and_nothing_is_written(self) -> None:
        subscription = self.subscribed(**NONE)
        verbs, before = self.verbs(subscription), len(events_of(subscription))
        with at(TODAY), self.set_user(self.own):
            self.refused(*verbs.values())
        self.assertEqual(len(events_of(subscription)), before)

    def test_without_a_plan_and_by_a_new_one_customers_cancel_and_no_more(self) -> None:
        for subscription in (self.subscribed(), self.subscribed(customer_may_pause=0)):
            verbs = self.verbs(subscription)
            allowed = [verbs.pop("cancel"), verbs.pop("undo")]
            with at(TODAY), self.set_user(self.own):
                self.refused(*verbs.values())
                for verb in allowed:
                    verb()
            self.assertEqual(subscription.reload().cancellation_date, None)

    def test_another_customer_may_nothing_and_cannot_tell_what_exists(self) -> None:
        subscription = self.subscribed(**ALL)
        verbs = self.verbs(subscription)
        with at(TODAY):
            for user in (self.stranger, "Guest"):
                with self.set_user(user):
                    self.refused(*verbs.values(), lambda: api.cancel("SUB-there-is-none"))

    def test_what_bills_is_for_the_staff(self) -> None:
        subscription = self.subscribed(**ALL)
        name = subscription.name
        with at(TODAY), self.set_user(self.own):
            self.refused(lambda: api.update_now(name), lambda: api.add_line(name, subscription.lines[0].item))

    def test_the_staff_do_what_no_plan_allows(self) -> None:
        subscription = self.subscribed(**NONE)
        with at(TODAY), self.set_user(self.user("Sales User")):
            self.assertEqual(api.cancel(subscription.name, at="Now")["last_day"], getdate(TODAY))


class TestCancelling(CustomerCase):
    def cancel(self, subscription, **how):
        with self.set_user(self.own):
            return api.cancel(subscription.name, **how)["last_day"]

    def test_it_ends_with_the_period(self) -> None:
        with at(TODAY):
            self.assertEqual(self.cancel(self.subscribed()), getdate("2026-01-31"))

    def test_after_the_days_of_notice_it_ends_with_the_next_period(self) -> None:
        subscription = self.subscribed(customer_notice_days=14)
        with at("2026-01-17"):
            self.assertEqual(self.cancel(subscription), getdate("2026-01-31"))
            frappe.db.rollback()
        with at("2026-01-18"):
            self.assertEqual(self.cancel(subscription), getdate("2026-02-28"))

    def test_a_later_day_may_be_chosen_and_no_earlier_one(self) -> None:
        subscription = self.subscribed()
        with at(TODAY):
            with self.assert_refused("or later"):
                self.cancel(subscription, at="Date", date="2026-01-30")
            frappe.db.rollback()
            last = self.cancel(subscription, at="Date", date="2026-03-10")
        self.assertEqual(last, getdate("2026-03-10"))

    def test_what_costs_the_house_money_is_for_the_staff(self) -> None:
        name = self.subscribed().name
        with at(TODAY), self.set_user(self.own):
            self.refused(
                lambda: api.cancel(name, at="Now"),
                lambda: api.cancel(name, prorate=0),
                lambda: api.cancel(name, credit_unused_days=1),
            )

    def test_not_before_the_minimum_term_is_over(self) -> None:
        subscription = self.subscribed(minimum_term=12)
        with at(TODAY), self.assert_refused("committed until"):
            self.cancel(subscription)

    def test_it_withdraws_what_was_asked_for_beyond_the_end(self) -> None:
        subscription = self.subscribed(**ALL)
        with at("2026-01-31"):
            frappe.db.set_value(
                "SP Recurrence Period",
                subscription.recurrence_period,
                {"bill_at": "Days Before Start", "days_before": 5},
            )
            frappe.clear_cache(doctype="SP Recurrence Period")
            frappe.clear_document_cache("SP Recurrence Period", subscription.recurrence_period)
            advance(subscription)
            frappe.db.commit()
            self.assertEqual(counts(subscription)[0], 2)
            self.assertEqual(self.cancel(subscription), getdate("2026-01-31"))
        self.assertEqual(counts(subscription)[0], 1)

    def test_an_ended_one_begins_again_where_the_plan_allows_it(self) -> None:
        subscription = self.subscribed(**ALL)
        with at(TODAY):
            self.cancel(subscription)
            frappe.db.commit()
        with at("2026-02-05"), self.set_user(self.own):
            self.refused(lambda: api.restart(subscription.name, on="2026-02-05"))
            api.restart(subscription.name)
        self.assertEqual(subscription.reload().status, "Active")


class TestChanging(CustomerCase):
    def test_the_quantity_goes_in_steps_of_the_plans_and_not_beyond_it(self) -> None:
        subscription = self.subscribed(**ALL, max_quantity=3, lines=[line(30, 2), line(50, once=1)])
        desk, fee = subscription.lines
        with at(TODAY), self.set_user(self.own):
            for wrong in (0, 1, 3, 0.5, 8):
                with self.assert_refused("Take 2 to 6"):
                    api.change_quantity(subscription.name, desk.name, wrong)
                frappe.db.rollback()
            with self.assert_refused("paid once"):
                api.change_quantity(subscription.name, fee.name, 1)
            frappe.db.rollback()
            answer = api.change_quantity(subscription.name, desk.name, 6)
        self.assertEqual(answer["from"], getdate("2026-02-01"))

    def test_after_the_days_of_notice_a_change_counts_a_period_later(self) -> None:
        subscription = self.subscribed(**ALL, max_quantity=3, customer_notice_days=14)
        with at("2026-01-20"), self.set_user(self.own):
            answer = api.change_quantity(subscription.name, subscription.lines[0].name, 2)
        self.assertEqual(answer["from"], getdate("2026-03-01"))

    def test_a_pause_is_as_long_as_the_plan_lets_it_be(self) -> None:
        subscription = self.subscribed(**ALL, longest_pause_days=31)
        with at(TODAY), self.set_user(self.own):
            for until in (None, "2026-04-01"):
                with self.assert_refused("31 days at most"):
                    api.pause(subscription.name, "2026-03-01", until)
                frappe.db.rollback()
            api.pause(subscription.name, "2026-03-01", "2026-03-31")

    def test_only_to_a_plan_that_is_open_to_changes(self) -> None:
        subscription = self.subscribed(**ALL)
        plan = make_plan(published=1).name
        frappe.db.commit()
        with at(TODAY), self.set_user(self.own), self.assert_refused("yourself"):
            api.change_plan(subscription.name, plan)

    def test_only_to_a_plan_that_is_published(self) -> None:
        subscription = self.subscribed(**ALL)
        plan = make_plan().name
        frappe.db.commit()
        with at(TODAY), self.set_user(self.own), self.assertRaises(frappe.PageDoesNotExistError):
            api.change_plan(subscription.name, plan)

    def test_pauses_and_skips_keep_the_notice(self) -> None:
        subscription = self.subscribed(**ALL, customer_notice_days=7)
        with at("2026-01-28"), self.set_user(self.own):
            for verb, words in (
                (lambda: api.pause(subscription.name, "2026-02-01"), "or later"),
                (lambda: api.skip(subscription.name), "too late"),
            ):
                with self.assert_refused(words):
                    verb()
                frappe.db.rollback()
            api.pause(subscription.name, "2026-02-04")
            self.refused(lambda: api.resume(subscription.name, new_anchor=1))
            with self.assert_refused("today or later"):
                api.resume(subscription.name, "2026-01-27")
