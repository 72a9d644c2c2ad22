"""What is printed: a confirmation of a subscription, and an invoice that says which period it bills."""

import frappe

from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    last_invoice,
    line,
    make_recurrence,
    make_subscription,
)


class TestPrinting(BillingCase):
    def test_a_confirmation_says_what_when_and_how_much(self) -> None:
        with at("2026-01-01"):
            recurrence = make_recurrence(interval_count=3)
            subscription = make_subscription("2026-01-01", recurrence=recurrence, lines=[line(30, qty=2)])
            printed = frappe.get_print("SP Subscription", subscription.name, "Subscription Confirmation")
        for words in (subscription.customer_name, "every 3 months", "30.00", "60.00"):
            self.assertIn(words, printed)

    def test_an_invoice_says_which_period_it_bills(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence={"make_sales_order": 0})
            advance(subscription)
            invoice = last_invoice(subscription)
            printed = frappe.get_print("Sales Invoice", invoice.name, "Subscription Invoice")
        dates = [frappe.utils.formatdate(day) for day in ("2026-01-01", "2026-01-31")]
        self.assertIn("period {} to {}".format(*dates), printed)
        self.assertIn(subscription.name, printed)
