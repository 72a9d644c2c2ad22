"""Who may do what: roles on the records and on every verb; history and periods are written by nobody."""

import frappe
from frappe import client

from subscription_plus.api import actions, health
from subscription_plus.api import subscriptions as api
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    events_of,
    line,
    make_plan,
    make_recurrence,
    make_subscription,
    periods_of,
)


class PermissionCase(BillingCase):
    def billed(self):
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            frappe.db.commit()
        return subscription

    def as_role(self, *roles: str):
        return self.set_user(self.user(*roles))


class TestVerbs(PermissionCase):
    def test_each_is_refused_to_someone_without_a_role(self) -> None:
        subscription, plan = self.billed(), make_plan()
        period = periods_of(subscription)[0].name
        name, row = subscription.name, subscription.lines[0].name
        verbs = {
            "preview": lambda: api.preview_periods(name),
            "update now": lambda: api.update_now(name),
            "cancel": lambda: api.cancel(name),
            "undo": lambda: api.undo_cancellation(name),
            "restart": lambda: api.restart(name),
            "pause": lambda: api.pause(name),
            "resume": lambda: api.resume(name),
            "skip": lambda: api.skip(name),
            "quantity": lambda: api.change_quantity(name, row, 2),
            "line": lambda: api.add_line(name, subscription.lines[0].item),
            "plan": lambda: api.change_plan(name, plan.name),
            "bill again": lambda: api.bill_again(period),
            "actions": lambda: actions.of("SP Subscription", name),
            "health": health.status,
        }
        before = len(events_of(subscription))
        with at("2026-01-05"), self.as_role():
            for title, verb in verbs.items():
                with self.subTest(verb=title), self.assertRaises(frappe.PermissionError):
                    verb()
        frappe.db.rollback()
        self.assertEqual(len(events_of(subscription)), before)

    def test_those_who_look_after_sales_and_accounts_may_use_them(self) -> None:
        for role in ("Sales User", "Accounts User", "Sales Manager", "Accounts Manager"):
            subscription = self.billed()
            with self.subTest(role=role), at("2026-01-05"), self.as_role(role):
                api.pause(subscription.name, "2026-02-01", "2026-02-28")
                api.resume(subscription.name)
                api.change_quantity(subscription.name, subscription.lines[0].name, 2)
                api.cancel(subscription.name)
                api.undo_cancellation(subscription.name)
                self.assertTrue(api.preview_periods(subscription.name, 1))
                self.assertTrue(actions.of("SP Subscription", subscription.name))

    def test_what_update_now_makes_does_not_depend_on_the_persons_rights(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence={"invoice_before_payment": 1})
            frappe.db.commit()
            with self.as_role("Sales User"):
                answer = api.update_now(subscription.name)
                self.assertEqual(frappe.session.user, self.user("Sales User"))
        self.assertEqual((len(answer["documents"]), answer["error"]), (3, None))
        self.assertEqual(events_of(subscription, "Update Now")[0].user, self.user("Sales User"))

    def test_a_subscription_that_does_not_exist_is_not_found(self) -> None:
        for verb in (api.cancel, api.update_now, api.preview_periods, api.skip):
            with self.subTest(verb=verb.__name__), self.assertRaises(frappe.DoesNotExistError):
                verb("SUB-0000-00000")


class TestRecords(PermissionCase):
    def may(self, role: str, doctype: str) -> set[str]:
        with self.as_role(role):
            return {
                right
                for right in ("read", "write", "create", "delete")
                if frappe.has_permission(doctype, right)
            }

    def test_users_make_subscriptions_and_managers_delete_them(self) -> None:
        user, manager = {"read", "write", "create"}, {"read", "write", "create", "delete"}
        self.assertEqual(self.may("Sales User", "SP Subscription"), user)
        self.assertEqual(self.may("Accounts User", "SP Subscription"), user)
        self.assertEqual(self.may("Sales Manager", "SP Subscription"), manager)
        self.assertEqual(self.may("Accounts Manager", "SP Subscription"), manager)

    def test_users_read_plans_and_managers_write_them(self) -> None:
        for doctype in ("SP Subscription Plan", "SP Recurrence Period", "SP Coupon"):
            with self.subTest(doctype=doctype):
                self.assertEqual(self.may("Sales User", doctype), {"read"})
                self.assertIn("write", self.may("Sales Manager", doctype))

    def test_history_periods_and_runs_are_read_only_for_all(self) -> None:
        for doctype in ("SP Billing Period", "SP Subscription Event", "SP Billing Run"):
            with self.subTest(doctype=doctype):
                self.assertEqual(self.may("Accounts Manager", doctype), {"read"})
                self.assertEqual(self.may("System Manager", doctype), {"read"})

    def test_a_sales_user_makes_a_subscription_from_a_plan(self) -> None:
        plan = make_plan(recurrence_period=make_recurrence(), lines=[line(25)])
        customer = masters.make_customer().name
        with at("2026-01-01"), self.as_role("Sales User"):
            subscription = make_subscription("2026-01-01", plan=plan.name, customer=customer)
        self.assertEqual((subscription.total, subscription.recurrence_period), (25, plan.recurrence_period))


class TestWrittenByNobody(PermissionCase):
    def refused(self, act) -> None:
        with self.assertRaises(frappe.PermissionError):
            act()
        frappe.db.rollback()

    def test_the_history_cannot_be_written_changed_or_deleted_over_rest(self) -> None:
        subscription = self.billed()
        event = events_of(subscription)[0].name
        kind = "SP Subscription Event"
        for user in ("Administrator", self.user("System Manager")):
            with self.subTest(user=user), self.set_user(user):
                values = {"doctype": kind, "subscription": subscription.name, "event_type": "Changed"}
                self.refused(lambda values=values: client.insert({**values, "at": "2026-01-01 00:00:00"}))
                self.refused(lambda: client.set_value(kind, event, "message", "Nothing happened"))
                self.refused(lambda: client.delete(kind, event))
        self.assertTrue(frappe.db.exists(kind, event))

    def test_a_period_cannot_be_written_changed_or_deleted_over_rest(self) -> None:
        subscription = self.billed()
        period = periods_of(subscription)[0].name
        with self.set_user("Administrator"):
            self.refused(lambda: client.set_value("SP Billing Period", period, "status", "Paid"))
            self.refused(lambda: client.delete("SP Billing Period", period))
        self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")

    def test_what_billing_owns_cannot_be_set_over_rest(self) -> None:
        subscription = self.billed()
        with at("2026-01-02"):
            client.set_value("SP Subscription", subscription.name, {"parked": 1, "status": "Cancelled"})
        subscription.reload()
        self.assertEqual((subscription.parked, subscription.status), (0, "Active"))
