"""What customers read of themselves over REST: their own, in named fields, by pages, with few queries."""

from unittest import mock

import frappe

from subscription_plus.api import account, credits, plans
from subscription_plus.sp_billing import pipeline
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import advance, at, make_plan, make_subscription
from subscription_plus.tests.support.booking import BookingCase, make_user
from subscription_plus.tests.support.queries import queries_of

TODAY = "2026-01-10"


class AccountCase(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        self.own, self.stranger = make_user(self.customer), make_user(masters.make_customer().name)

    def subscribed(self, number: int = 1) -> list[str]:
        names = []
        for _number in range(number):
            with at("2026-01-01"):
                subscription = make_subscription("2026-01-01", customer=self.customer)
                advance(subscription)
            names.append(subscription.name)
        return names


class TestReading(AccountCase):
    def test_customers_see_their_subscriptions_and_nobody_elses(self) -> None:
        (name,) = self.subscribed()
        with at(TODAY), self.set_user(self.own):
            (row,) = account.subscriptions()
            self.assertEqual((row["name"], row["status"], row["total"]), (name, "Active", 30))
            self.assertEqual(account.subscription(name)["lines"][0]["qty"], 1)
            self.assertEqual(account.subscription(name)["may"], ["cancel"])
            self.assertEqual(account.periods(name)[0]["outstanding"], 30)
            self.assertEqual([event["event_type"] for event in account.history(name)], ["Created"])
            self.assertEqual(account.me()["customers"][0]["name"], self.customer)
        with at(TODAY), self.set_user(self.stranger):
            self.assertEqual(account.subscriptions(), [])
            for read in (account.subscription, account.periods, account.history):
                with self.assertRaises(frappe.PermissionError):
                    read(name)
            for listed in (
                account.subscriptions,
                account.documents,
                account.payment_methods,
                account.bookings,
            ):
                with self.assertRaises(frappe.PermissionError):
                    listed(customer=self.customer)

    def test_nothing_of_the_houses_own_is_handed_out(self) -> None:
        (name,) = self.subscribed()
        frappe.db.set_value("SP Subscription", name, "error_message", "Traceback of the house")
        with at(TODAY), self.set_user(self.own):
            given = frappe.as_json(
                [account.subscriptions(), account.subscription(name), account.periods(name)]
            )
            self.assertNotIn("Traceback", given)
            with self.assert_refused("no field error_message"):
                account.subscriptions(fields=["name", "error_message"])
            with self.assert_refused("no field"):
                account.periods(name, fields='["name", "1 as x"]')

    def test_documents_of_each_kind(self) -> None:
        (name,) = self.subscribed()
        with at(TODAY), self.set_user(self.own):
            orders = account.documents("Sales Order")
            requests = account.documents("Payment Request", subscription=name, open_only=1)
            self.assertEqual([(row["total"], row["subscription"]) for row in orders], [(30, name)])
            self.assertEqual([row["outstanding"] for row in requests], [30])
            self.assertEqual(account.documents("Sales Invoice"), [])

    def test_lists_come_by_pages_in_the_fields_asked_for(self) -> None:
        names = self.subscribed(3)
        with at(TODAY), self.set_user(self.own):
            first = account.subscriptions(limit=2, fields=["name"])
            rest = account.subscriptions(start=2, limit=2, fields='["name"]')
        self.assertEqual([list(row) for row in first + rest], [["name"]] * 3)
        self.assertEqual({row["name"] for row in first + rest}, set(names))

    def test_staff_name_a_customer(self) -> None:
        (name,) = self.subscribed()
        with at(TODAY), self.set_user(self.user("Sales User")):
            self.assertEqual(account.subscriptions(self.customer)[0]["name"], name)
            with self.assert_refused("which customer"):
                account.subscriptions()


class TestSubscribing(AccountCase):
    def test_what_is_offered_is_what_can_be_chosen(self) -> None:
        plan = make_plan(published=1, trial_days=3)
        for user in ("Guest", self.own):
            with self.set_user(user):
                offered = {row["plan"]: row for row in plans.offered()}
            self.assertEqual(offered[plan.name]["trial_days"], 3)
            self.assertTrue(offered[plan.name]["url"].endswith(f"/plans/{plan.route}"))

    def test_a_customer_looks_and_subscribes(self) -> None:
        plan = make_plan(published=1)
        frappe.db.commit()
        with at(TODAY), self.set_user(self.own):
            shown = plans.preview(plan.name, count=2)
            made = plans.subscribe(plan.name, online=0)
        self.assertEqual([row["to_pay"] for row in shown], [30, 30])
        self.assertEqual(frappe.db.get_value("Sales Order", made["sales_order"], "customer"), self.customer)
        self.assertTrue(made["payment_request"])
        self.assertIsNone(made["error"])

    def test_why_it_could_not_be_billed_is_the_houses_own(self) -> None:
        plan = make_plan(published=1)
        frappe.db.commit()
        broken = mock.patch.object(pipeline, "composing")
        with at(TODAY), self.set_user(self.own), broken as composing:
            composing.compose.side_effect = ValueError("secrets of the house")
            made = plans.subscribe(plan.name, online=0)
        self.assertIn("look into it", made["error"])
        self.assertNotIn("secrets", frappe.as_json(made))


class TestQueries(AccountCase):
    """The number of queries of a list does not grow with its rows."""

    def count(self, call) -> int:
        call()  # what is cached is cached
        return queries_of(call)

    def test_lists_cost_the_same_for_one_row_and_for_many(self) -> None:
        lists = {
            "subscriptions": account.subscriptions,
            "orders": lambda: account.documents("Sales Order"),
            "invoices": account.documents,
            "methods": account.payment_methods,
            "bookings": account.bookings,
            "balance": credits.balance,
            "movements": credits.movements,
            "plans": plans.offered,
        }
        self.subscribed()
        make_plan(published=1)
        with at(TODAY), self.set_user(self.own):
            before = {name: self.count(call) for name, call in lists.items()}
        self.subscribed(3)
        for _number in range(3):
            make_plan(published=1)
        with at(TODAY), self.set_user(self.own):
            after = {name: self.count(call) for name, call in lists.items()}
        self.assertEqual(after, before)
        for name, queries in after.items():
            self.assertLessEqual(queries, 4, name)

    def test_one_subscription_costs_few_queries_whatever_its_lines(self) -> None:
        (name,) = self.subscribed()
        with at(TODAY), self.set_user(self.own):
            for call, most in (
                (lambda: account.subscription(name), 12),
                (lambda: account.periods(name), 13),
                (lambda: account.history(name), 13),
            ):
                self.assertLessEqual(self.count(call), most)
