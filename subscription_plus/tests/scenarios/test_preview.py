"""The preview is what is then billed: the same periods, days and totals."""

from subscription_plus.api import subscriptions as api
from subscription_plus.sp_billing import breaks, changes
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    line,
    make_coupon,
    make_subscription,
    periods_of,
    today,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class TestPreview(BillingCase):
    def assert_billed_as_shown(self, subscription, until: str, already: int = 0) -> None:
        shown = [
            (row["start"], row["end"], row["billing_date"], row["total"])
            for row in api.preview_periods(subscription.name, 24)
            if str(row["billing_date"]) <= until
        ]
        with at(until):
            advance(subscription)
        billed = [
            (row.start_date, row.end_date, row.billing_date, row.total) for row in periods_of(subscription)
        ]
        self.assertEqual(billed[already:], shown)

    def test_with_stub_fee_discount_coupon_and_dated_lines(self) -> None:
        with at("2026-01-15"):
            subscription = make_subscription(
                "2026-01-15",
                recurrence={**INVOICE_ONLY, "billing_day": 1},
                lines=[
                    line(31, qty=2),
                    line(99, once=1),
                    line(10, discount_percentage=25, from_date="2026-02-10", to_date="2026-04-09"),
                ],
                coupon=make_coupon(percentage=10, duration="For Some Periods", periods=2),
            )
            self.assert_billed_as_shown(subscription, "2026-05-01")

    def test_across_pauses_and_skipped_periods_1920_5522(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY)
            advance(subscription)
        with at("2026-01-10"):
            breaks.skip(subscription.name)
            breaks.pause(subscription.name, today().replace(month=4, day=5), today().replace(month=5, day=20))
            self.assert_billed_as_shown(subscription, "2026-07-01", already=1)

    def test_in_arrears_until_the_end(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                end_date="2026-03-15",
                recurrence={**INVOICE_ONLY, "bill_at": "End of Period"},
            )
            self.assertEqual(len(api.preview_periods(subscription.name, 12)), 3)
            self.assert_billed_as_shown(subscription, "2026-06-01")

    def test_after_a_change_of_quantity_and_of_price(self) -> None:
        item = masters.make_item().name
        masters.make_item_price(item, 20, valid_upto="2026-02-28")
        masters.make_item_price(item, 22, valid_from="2026-03-01")
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", recurrence=INVOICE_ONLY, lines=[line(None, item=item)]
            )
            advance(subscription)
            changes.change_quantity(subscription.name, subscription.lines[0].name, 3)
            self.assert_billed_as_shown(subscription, "2026-03-01", already=1)

    def test_it_names_the_documents_and_writes_nothing(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(30), line(9, once=1)])
            shown = api.preview_periods(subscription.name, 2)
        self.assertEqual(shown[0]["documents"], ["Sales Order", "Payment Request", "Sales Invoice"])
        self.assertEqual([len(row["lines"]) for row in shown], [2, 1])
        self.assertEqual((counts(subscription), periods_of(subscription)), ((0, 0, 0), []))
        subscription.reload()
        self.assertIsNone(subscription.lines[1].billed_once_in)

    def test_it_shows_at_least_one_and_at_most_sixty(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            self.assertEqual(len(api.preview_periods(subscription.name, 0)), 1)
            self.assertEqual(len(api.preview_periods(subscription.name, 1000)), 60)
