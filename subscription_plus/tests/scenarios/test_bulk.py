"""One verb over many subscriptions: those that can be are done, each that cannot is named, nothing is half done."""

from unittest import mock

import frappe

from subscription_plus.sp_billing import bulk, cancellation
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import BillingCase, at, counts, line, make_subscription


class TestBulk(BillingCase):
    def run_for(self, action, subscriptions, **values):
        """The log of a bulk action, and what was told at its end."""
        with mock.patch.object(frappe, "publish_realtime") as told:
            run = bulk.start(action, [each.name for each in subscriptions], values)
            self.work_off()
        done = [call for call in told.call_args_list if call.args[0] == "sp_bulk_done"]
        return frappe.get_doc("SP Billing Run", run), done[0].args[1]

    def test_update_now_bills_what_is_due_of_each(self) -> None:
        with at("2026-01-01"):
            many = [make_subscription("2026-01-01") for _ in range(3)]
            run, told = self.run_for("Update Now", many)
        self.assertEqual([counts(each) for each in many], [(1, 1, 0)] * 3)
        self.assertEqual((run.action, run.looked_at, run.documents, run.failed), ("Update Now", 3, 6, 0))
        self.assertEqual(told["failed"], 0)

    def test_one_that_fails_is_named_and_stops_nothing(self) -> None:
        with at("2026-01-01"):
            good, bad, other = (make_subscription("2026-01-01") for _ in range(3))
            cancellation.cancel(bad.name)
            run, told = self.run_for("Cancel", [good, bad, other], at="Period End", reason="Closing")
        self.assertEqual(run.failed, 1)
        self.assertRegex(run.failures, rf"^{bad.name}: It is cancelled already")
        self.assertIn(bad.name, told["message"])
        self.assertEqual(bulk.state(run.name), {"finished": True, **told})
        frappe.set_user(self.user("Accounts User"))
        with self.assertRaises(frappe.PermissionError):
            bulk.state(run.name)
        for each in (good, other):
            each.reload()
            self.assertEqual(
                (str(each.cancellation_date), each.cancellation_reason), ("2026-01-31", "Closing")
            )

    def test_how_far_it_is_can_be_asked_while_it_goes_on(self) -> None:
        seen = []

        def look(_name, _values) -> int:
            seen.append(bulk.state(run))
            return 0

        with at("2026-01-01"), mock.patch.dict(bulk.VERBS, {"Pause": look}):
            run = bulk.start("Pause", [make_subscription("2026-01-01").name for _ in range(3)])
            self.work_off()
        self.assertEqual(
            [(state["finished"], state.get("position"), state.get("total")) for state in seen],
            [(False, None, None), (False, 1, 3), (False, 2, 3)],
        )

    def test_pause_pauses(self) -> None:
        with at("2026-01-01"):
            many = [make_subscription("2026-01-01") for _ in range(2)]
            self.run_for("Pause", many, from_date="2026-01-01", until="2026-03-31")
        for each in many:
            self.assertEqual(frappe.db.get_value("SP Subscription", each.name, "status"), "Paused")

    def test_prices_change_by_percent_from_the_next_period_on(self) -> None:
        with at("2026-01-10"):
            many = [make_subscription("2026-01-01", lines=[line(rate)]) for rate in (30, 19.99)]
            listed = make_subscription("2026-01-01", lines=[priced_by_list()])
            run, _told = self.run_for("Change Price", [*many, listed], percentage=5)
        self.assertEqual(run.failed, 1)
        self.assertIn("no line with a fixed rate", run.failures)
        for each, rates in zip(many, ([30, 31.5], [19.99, 20.99]), strict=True):
            each.reload()
            self.assertEqual([row.fixed_rate for row in each.lines], rates[-len(each.lines) :])

    def test_an_item_gets_a_new_rate_others_keep_theirs(self) -> None:
        with at("2026-01-10"):
            item = masters.make_item().name
            subscription = make_subscription("2026-02-01", lines=[line(30, item=item), line(7)])
            self.run_for("Change Price", [subscription], item=item, rate=33)
            subscription.reload()
        self.assertEqual(sorted(row.fixed_rate for row in subscription.lines), [7, 33])

    def test_a_person_who_may_not_write_them_changes_none(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            frappe.set_user(self.user("Auditor"))
            with self.assertRaises(frappe.PermissionError):
                self.run_for("Pause", [subscription])
        self.assertEqual(frappe.db.get_value("SP Subscription", subscription.name, "status"), "Active")

    def test_an_unknown_action_and_no_choice_are_refused(self) -> None:
        with self.assert_refused("cannot be done"):
            bulk.start("Delete", ["SUB-1"])
        with self.assert_refused("at least one"):
            bulk.start("Pause", [])


def priced_by_list():
    item = masters.make_item()
    masters.make_item_price(item, 12)
    return {"item": item.name, "qty": 1, "price_determination": "Price List"}
