"""SP Recurrence Period: refused where the engine could not count, fixed where subscriptions count on it."""

import frappe

from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    make_recurrence,
    make_subscription,
)
from subscription_plus.tests.support.case import OTHER_RECORDS

test_ignore = OTHER_RECORDS


class TestRecurrencePeriod(BillingCase):
    def test_a_period_lasts_at_least_one_unit(self) -> None:
        with self.assert_refused("at least one Month"):
            make_recurrence(interval_count=-1)

    def test_a_billing_day_is_a_day_of_the_month(self) -> None:
        with self.assert_refused("between 1 and 31"):
            make_recurrence(billing_day=32)

    def test_weeks_have_no_billing_day(self) -> None:
        name = make_recurrence(unit="Week", billing_day=15)
        self.assertEqual(frappe.db.get_value("SP Recurrence Period", name, "billing_day"), 0)

    def test_days_before_the_start_are_asked_for_and_kept_only_where_they_count(self) -> None:
        with self.assert_refused("how many days before"):
            make_recurrence(bill_at="Days Before Start")
        name = make_recurrence(bill_at="End of Period", days_before=5)
        self.assertEqual(frappe.db.get_value("SP Recurrence Period", name, "days_before"), 0)

    def test_in_use_its_calendar_is_fixed_and_its_documents_are_not(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        recurrence = frappe.get_doc("SP Recurrence Period", subscription.recurrence_period)
        recurrence.days_until_due = 30
        recurrence.save()
        recurrence.unit = "Year"
        with self.assert_refused("is in use"):
            recurrence.save()

    def test_unused_it_changes_freely(self) -> None:
        recurrence = frappe.get_doc("SP Recurrence Period", make_recurrence())
        recurrence.unit = "Quarter"
        recurrence.save()
