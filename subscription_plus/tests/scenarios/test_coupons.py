"""Coupons: for how many periods they count, for how many subscriptions, and for whom not."""

import frappe

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    documents_of,
    invoices_of,
    line,
    make_coupon,
    make_subscription,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class TestHowLong(BillingCase):
    def totals(self, recurrence=None, **coupon):
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                recurrence=recurrence or INVOICE_ONLY,
                lines=[line(80), line(20)],
                coupon=make_coupon(**coupon),
            )
        with at("2026-04-01"):
            advance(subscription)
        return [invoice.grand_total for invoice in invoices_of(subscription)]

    def test_once(self) -> None:
        self.assertEqual(self.totals(percentage=10), [90, 100, 100, 100])

    def test_for_some_periods(self) -> None:
        self.assertEqual(
            self.totals(percentage=10, duration="For Some Periods", periods=2), [90, 90, 100, 100]
        )

    def test_for_ever(self) -> None:
        self.assertEqual(self.totals(percentage=10, duration="For Ever"), [90, 90, 90, 90])

    def test_an_amount(self) -> None:
        amount = {"discount_type": "Amount", "amount": 15, "currency": "EUR"}
        self.assertEqual(self.totals(**amount), [85, 100, 100, 100])

    def test_a_percentage_follows_the_lines_own_discount(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                recurrence=INVOICE_ONLY,
                lines=[line(100, discount_percentage=50)],
                coupon=make_coupon(percentage=10),
            )
            advance(subscription)
        self.assertEqual(invoices_of(subscription)[0].grand_total, 45)

    def test_an_amount_stands_beside_an_additional_percentage(self) -> None:
        for flow in (INVOICE_ONLY, {"make_payment_request": 0}):
            with self.subTest(flow), at("2026-01-01"):
                subscription = make_subscription(
                    "2026-01-01",
                    recurrence=flow,
                    lines=[line(80), line(20)],
                    apply_discount_on="Net Total",
                    additional_discount_percentage=10,
                    coupon=make_coupon(
                        discount_type="Amount", amount=15, currency="EUR", duration="For Ever"
                    ),
                )
                advance(subscription)
                made = "Sales Invoice" if flow is INVOICE_ONLY else "Sales Order"
                self.assertEqual([doc.grand_total for doc in documents_of(subscription, made)], [75])
                revenue = frappe.get_all(
                    "SP Revenue Movement", {"subscription": subscription.name}, pluck="mrr"
                )
                self.assertEqual(revenue, [75])

    def test_a_period_that_is_tried_again_uses_it_once(self) -> None:
        item = masters.make_item().name
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                recurrence=INVOICE_ONLY,
                lines=[line(None, item=item)],
                coupon=make_coupon(percentage=10),
            )
            with self.assertRaises(AssertionError):
                advance(subscription)
            masters.make_item_price(item, 100)
            advance(subscription)
        self.assertEqual(invoices_of(subscription)[0].grand_total, 90)


class TestWhoMayUseIt(BillingCase):
    def refused(self, words: str, **coupon) -> None:
        with at("2026-03-01"), self.assert_refused(words):
            make_subscription("2026-03-01", coupon=make_coupon(**coupon))

    def test_not_before_and_not_after_its_dates(self) -> None:
        self.refused("not valid yet", valid_from="2026-03-02")
        self.refused("was valid until", valid_until="2026-02-28")

    def test_not_disabled_nor_in_another_currency(self) -> None:
        self.refused("disabled", disabled=1)
        self.refused("its amount is in USD", discount_type="Amount", amount=5, currency="USD")

    def test_no_more_often_than_it_may_be_used(self) -> None:
        with at("2026-03-01"):
            coupon = make_coupon(max_uses=1)
            make_subscription("2026-03-01", coupon=coupon)
            with self.assert_refused("used up"):
                make_subscription("2026-03-01", coupon=coupon)

    def test_taken_off_before_it_counted_it_can_be_used_by_another(self) -> None:
        with at("2026-03-01"):
            coupon = make_coupon(max_uses=1)
            first = make_subscription("2026-03-01", coupon=coupon)
            first.coupon = None
            first.save()
            make_subscription("2026-03-01", coupon=coupon)
