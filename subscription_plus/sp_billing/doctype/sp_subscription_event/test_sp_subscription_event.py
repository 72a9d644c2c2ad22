"""SP Subscription Event: only ever added, and only by the app, whoever asks."""

import frappe

from subscription_plus.sp_billing import events
from subscription_plus.tests.support.billing import BillingCase, events_of, make_subscription
from subscription_plus.tests.support.case import OTHER_RECORDS

test_ignore = OTHER_RECORDS


class TestEvent(BillingCase):
    def setUp(self) -> None:
        super().setUp()
        self.subscription = make_subscription("2026-01-01")

    def test_the_app_adds_them_with_what_was_before_and_after(self) -> None:
        events.record(self.subscription.name, "Changed", "A word", before={"plan": "A"}, after={"plan": "B"})
        (event,) = events_of(self.subscription, "Changed")
        self.assertEqual((event.message, event.user), ("A word", "Administrator"))
        self.assertEqual(frappe.parse_json(event.before), {"plan": "A"})
        self.assertEqual(frappe.parse_json(event.after), {"plan": "B"})

    def test_nobody_inserts_changes_or_deletes_one(self) -> None:
        event = frappe.get_doc("SP Subscription Event", events_of(self.subscription)[0].name)
        event.message = "Nothing happened"
        for act in (event.save, event.delete, frappe.copy_doc(event).insert):
            with self.assertRaises(frappe.PermissionError):
                act()

    def test_permissions_that_are_ignored_make_no_difference(self) -> None:
        event = frappe.get_doc("SP Subscription Event", events_of(self.subscription)[0].name)
        with self.assertRaises(frappe.PermissionError):
            event.save(ignore_permissions=True)
        with self.assertRaises(frappe.PermissionError):
            frappe.delete_doc("SP Subscription Event", event.name, ignore_permissions=True, force=True)
