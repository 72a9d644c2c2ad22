"""Taking native ERPNext and Dokos subscriptions over: a dry run first, the next billing date kept, never both billing."""

import frappe

from subscription_plus.erp import earlier_subscriptions as earlier
from subscription_plus.sp_billing import importing
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import BillingCase, at, live
from subscription_plus.tests.support.counter import make_native_plan, make_native_subscription


class TestTakingOverERPNext(BillingCase):
    def take_over(self, native):
        result = importing.take_over([native.name])
        self.assertEqual(result["failed"], {})
        return frappe.get_doc("SP Subscription", result["made"][0]["name"])

    def test_a_dry_run_says_what_would_be_made_and_makes_nothing(self) -> None:
        with at("2026-01-10"):
            native = make_native_subscription(make_native_plan(), ("2026-02-01", "2026-02-28"))
            before = frappe.db.count("SP Subscription")
            offered = importing.offer()
        row = next(row for row in offered["rows"] if row["name"] == native.name)
        self.assertEqual(offered["platform"], "ERPNext")
        self.assertEqual((row["customer"], str(row["next_start"])), (native.party, "2026-02-01"))
        self.assertIsNone(row["problem"])
        self.assertEqual(frappe.db.count("SP Subscription"), before)

    def test_billing_goes_on_at_the_next_date_and_only_here(self) -> None:
        with at("2026-01-10"):
            native = make_native_subscription(make_native_plan(), ("2026-02-01", "2026-02-28"))
            subscription = self.take_over(native)
        self.assertEqual(frappe.db.get_value("Subscription", native.name, "status"), "Cancelled")
        made = live(subscription, "2026-01-10", "2026-03-01")
        self.assertEqual(made, [("2026-02-01", "Sales Invoice"), ("2026-03-01", "Sales Invoice")])
        totals = frappe.get_all("SP Billing Period", {"subscription": subscription.name}, pluck="total")
        self.assertEqual(totals, [40, 40])

    def test_a_period_that_has_its_invoice_is_not_billed_again(self) -> None:
        with at("2026-01-10"):
            native = make_native_subscription(make_native_plan(), ("2026-01-01", "2026-01-31"))
            invoice = masters.make_sales_invoice(native.party, date="2026-01-01")
            frappe.db.set_value(
                "Sales Invoice",
                invoice.name,
                {"subscription": native.name, "from_date": "2026-01-01", "to_date": "2026-01-31"},
            )
            subscription = self.take_over(native)
        self.assertEqual(str(subscription.next_billing_date), "2026-02-01")

    def test_arrears_intervals_and_rates_by_month_are_kept(self) -> None:
        with at("2026-01-10"):
            plan = make_native_plan(billing_interval_count=3, price_determination="Monthly Rate", cost=10)
            native = make_native_subscription(
                plan,
                ("2026-01-01", "2026-03-31"),
                generate_invoice_at="End of the current subscription period",
            )
            subscription = self.take_over(native)
        self.assertEqual(str(subscription.next_billing_date), "2026-04-01")
        self.assertEqual(subscription.lines[0].fixed_rate, 30)

    def test_two_with_the_same_rhythm_share_a_recurrence_period(self) -> None:
        with at("2026-01-10"):
            plan = make_native_plan(billing_interval="Week", billing_interval_count=5)
            first, second = (
                self.take_over(make_native_subscription(plan, ("2026-02-01", "2026-03-07"))) for _ in range(2)
            )
        self.assertEqual(first.recurrence_period, second.recurrence_period)

    def test_none_is_taken_over_twice(self) -> None:
        with at("2026-01-10"):
            native = make_native_subscription(make_native_plan(), ("2026-02-01", "2026-02-28"))
            subscription = self.take_over(native)
            again = importing.take_over([native.name])
        self.assertEqual(again["made"], [])
        self.assertIn(subscription.name, again["failed"][native.name])

    def test_what_cannot_be_taken_over_says_why_and_goes_on_where_it_is(self) -> None:
        with at("2026-01-10"):
            plan = make_native_plan(billing_interval="Week", price_determination="Monthly Rate")
            native = make_native_subscription(plan, ("2026-02-01", "2026-02-07"))
            result = importing.take_over([native.name])
        self.assertIn("monthly rate", result["failed"][native.name])
        self.assertEqual(frappe.db.get_value("Subscription", native.name, "status"), "Active")

    def test_it_needs_the_right_to_import(self) -> None:
        from subscription_plus.api import desk

        frappe.set_user(self.user("Sales User"))
        with self.assertRaises(frappe.PermissionError):
            desk.take_over(["x"])


class TestReadingDokos(BillingCase):
    """No host of these tests is Dokos: what is read is a document with its fields."""

    def read(self, **values):
        defaults = {
            "name": "ACC-SUB-2023-00001",
            "customer": "A Customer",
            "company": masters.COMPANY,
            "currency": "EUR",
            "start": "2023-01-01",
            "current_invoice_start": "2026-02-01",
            "current_invoice_end": "2026-02-28",
            "billing_interval": "Month",
            "billing_interval_count": 1,
            "generate_invoice_at_period_start": 1,
            "create_sales_order": 1,
            "generate_payment_request": 1,
            "submit_invoice": 1,
            "plans": [
                frappe._dict(item="Desk", qty=2, price_determination="Fixed rate", fixed_rate=30),
                frappe._dict(item="Room", qty=1, price_determination="Based on price list", booked_item="R1"),
            ],
        }
        return earlier._of_dokos(frappe._dict({**defaults, **values}))

    def test_lines_prices_places_and_flow_are_read(self) -> None:
        found = self.read()
        self.assertEqual((found.customer, found.unit, found.count), ("A Customer", "Month", 1))
        self.assertEqual(
            (found.bill_at, found.make_order, found.make_request), ("Start of Period", True, True)
        )
        self.assertEqual(str(found.next_start), "2026-02-01")
        self.assertEqual((found.lines[0]["fixed_rate"], found.lines[0]["qty"]), (30, 2))
        self.assertEqual(
            (found.lines[1]["price_determination"], found.lines[1]["booked_item"]), ("Price List", "R1")
        )

    def test_arrears_and_an_end_that_is_set_are_read(self) -> None:
        found = self.read(generate_invoice_at_period_start=0, cancellation_date="2026-12-31")
        self.assertEqual((found.bill_at, str(found.end_date)), ("End of Period", "2026-12-31"))
