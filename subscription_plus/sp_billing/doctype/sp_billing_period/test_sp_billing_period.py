"""SP Billing Period: its name is the guard; nobody writes or deletes it."""

import frappe

from subscription_plus.engine.planning import next_piece
from subscription_plus.sp_billing import facts, periods
from subscription_plus.tests.support.billing import BillingCase, advance, at, make_subscription, periods_of
from subscription_plus.tests.support.case import OTHER_RECORDS

test_ignore = OTHER_RECORDS


class TestBillingPeriod(BillingCase):
    def test_a_second_period_on_the_same_day_is_impossible(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            piece = next_piece(facts.facts(subscription))
            name = periods.name_of(subscription.name, piece.start)
            periods.create(subscription, piece, name)
            with self.assertRaises(frappe.DuplicateEntryError):
                periods.create(subscription, piece, name)

    def test_it_is_not_written_by_hand(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        row = frappe.get_doc("SP Billing Period", periods_of(subscription)[0].name)
        row.status = "Paid"
        with self.assertRaises(frappe.PermissionError):
            row.save()
        with self.assertRaises(frappe.PermissionError):
            frappe.new_doc("SP Billing Period", subscription=subscription.name).insert()

    def test_it_is_not_deleted_its_days_would_be_billed_again(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        with self.assertRaises(frappe.PermissionError):
            frappe.delete_doc("SP Billing Period", periods_of(subscription)[0].name)
