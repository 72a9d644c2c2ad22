"""Two runs of one subscription, the second one between two transactions of the first."""

from unittest.mock import patch

import frappe
from frappe.model.naming import make_autoname

from subscription_plus.sp_billing import pipeline
from subscription_plus.sp_billing.transactions import billing_session, unit_of_work
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    invoices_of,
    line,
    make_coupon,
    make_subscription,
    periods_of,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class TestInterleavedRuns(BillingCase):
    def bill_between(self, subscription) -> None:
        """One run, and before it begins its first period another one that bills just that."""
        begin, others = pipeline._Billing._begin_period_or_finish, [subscription]

        def another_first(billing):
            if others:
                self.set_settings(periods_per_run=1)
                advance(others.pop())
                self.set_settings(periods_per_run=24)
            return begin(billing)

        with patch.object(pipeline._Billing, "_begin_period_or_finish", another_first):
            advance(subscription)

    def test_a_set_up_fee_that_another_run_billed_is_not_billed_again(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", recurrence=INVOICE_ONLY, lines=[line(30), line(100, once=1)]
            )
        with at("2026-03-05"):
            self.bill_between(subscription)
        self.assertEqual([invoice.grand_total for invoice in invoices_of(subscription)], [130, 30, 30])

    def test_a_coupon_that_another_run_counted_is_not_counted_again(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY, coupon=make_coupon())
        with at("2026-03-05"):
            self.bill_between(subscription)
        self.assertEqual([period.total for period in periods_of(subscription)], [27, 30, 30])
        subscription.reload()
        self.assertEqual(subscription.coupon_periods_used, 1)

    def test_a_number_series_that_another_worker_began_at_the_same_moment_is_gone_on_with(self) -> None:
        series, losses = masters.unique("SP-"), [1, 1]

        def number() -> str:
            if losses:
                losses.pop()
                # What Frappe does when it finds no row, and another transaction commits one meanwhile.
                make_series(1, series)
            return make_autoname(f"{series}.####")

        make_series(1, series)
        with billing_session():
            self.assertEqual(unit_of_work(number), f"{series}0002")


def make_series(current: int, name: str) -> None:
    frappe.db.sql("INSERT INTO `tabSeries` (`name`, `current`) VALUES (%s, %s)", (name, current))
