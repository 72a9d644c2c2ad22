"""After days without the job: every missed period, oldest first, bounded, with the dates it would have had."""

import frappe

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    advance_if_due,
    at,
    counts,
    invoices_of,
    last_invoice,
    last_order,
    live,
    make_subscription,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.terms import books_frozen_until

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class TestMissedDays(BillingCase):
    def test_seventy_days_without_the_job_leave_no_gap_53308_46080(self) -> None:
        with at("2026-01-10"):
            subscription = make_subscription("2026-01-10", recurrence=INVOICE_ONLY)
            advance_if_due(subscription)
        with at("2026-03-21"):
            made = advance_if_due(subscription).documents
            self.assertEqual(len(made), 2)
            self.assertEqual(advance(subscription).documents, [])
        self.assertEqual(
            [str(row.start_date) for row in periods_of(subscription)],
            ["2026-01-10", "2026-02-10", "2026-03-10"],
        )

    def test_day_by_day_or_in_one_jump_the_documents_are_the_same(self) -> None:
        customer = masters.make_customer().name
        with at("2026-01-31"):
            daily = make_subscription("2026-01-31", recurrence=INVOICE_ONLY, customer=customer)
            jump = make_subscription("2026-01-31", recurrence=INVOICE_ONLY, customer=customer)
        live(daily, "2026-01-31", "2026-04-05")
        with at("2026-04-05"):
            advance(jump)
        self.assertEqual(
            *[
                [
                    (str(row.posting_date), str(row.from_date), str(row.to_date), row.grand_total)
                    for row in found
                ]
                for found in (invoices_of(daily), invoices_of(jump))
            ]
        )

    def test_one_run_makes_no_more_periods_than_the_settings_say_and_the_next_goes_on(self) -> None:
        self.set_settings(periods_per_run=2)
        with at("2025-11-01"):
            subscription = make_subscription("2025-11-01", recurrence=INVOICE_ONLY)
        with at("2026-03-15"):
            for expected in (2, 4, 5, 5):
                advance_if_due(subscription)
                self.assertEqual(counts(subscription)[2], expected)
            self.assertEqual(
                [str(row.start_date) for row in periods_of(subscription)][:2], ["2025-11-01", "2025-12-01"]
            )

    def test_billed_is_what_the_rows_say_not_what_posting_dates_say_56872(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY)
            masters.make_sales_invoice(
                subscription.customer, date="2026-01-01", sp_subscription=subscription.name
            )
            self.assertEqual(len(advance(subscription).documents), 1)
        with at("2026-02-01"):
            frappe.db.set_value(
                "Sales Invoice", last_invoice(subscription).name, "posting_date", "2026-02-01"
            )
            self.assertEqual(len(advance(subscription).documents), 1)


class TestAccountingDates(BillingCase):
    def test_a_late_invoice_carries_the_billing_date(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY)
        with at("2026-02-20"):
            advance(subscription)
        self.assertEqual(
            [str(row.posting_date) for row in invoices_of(subscription)], ["2026-01-01", "2026-02-01"]
        )

    def test_a_late_order_carries_the_billing_date(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
        with at("2026-01-20"):
            advance(subscription)
        self.assertEqual(str(last_order(subscription).transaction_date), "2026-01-01")

    def test_an_invoice_after_the_payment_carries_the_day_of_the_payment(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        with at("2026-01-12"):
            pay_order(subscription, date="2026-01-11")
            advance(subscription)
        self.assertEqual(str(last_invoice(subscription).posting_date), "2026-01-11")

    def test_an_invoice_paid_before_its_period_carries_the_billing_date(self) -> None:
        recurrence = {"bill_at": "Days Before Start", "days_before": 5}
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-03", recurrence=recurrence)
        with at("2026-01-03"):
            advance(subscription)
            pay_order(subscription, date="2026-01-02")
            advance(subscription)
        self.assertEqual(str(last_invoice(subscription).posting_date), "2026-01-03")

    def test_where_the_books_are_closed_it_is_posted_today_and_says_why(self) -> None:
        with at("2026-01-15"):
            subscription = make_subscription("2026-01-15", recurrence=INVOICE_ONLY)
        with at("2026-02-10"), books_frozen_until("2026-01-31"):
            advance(subscription)
        invoice = last_invoice(subscription)
        self.assertEqual((str(invoice.posting_date), str(invoice.from_date)), ("2026-02-10", "2026-01-15"))
        comments = frappe.get_all(
            "Comment", {"reference_name": invoice.name, "comment_type": "Comment"}, pluck="content"
        )
        self.assertEqual(len(comments), 1)
        self.assertIn("books are closed", comments[0])
