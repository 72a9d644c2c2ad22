"""Credit notes for unused days: to the cent what was billed for them, after discounts, with tax, once."""

import frappe

from subscription_plus.sp_billing import cancellation
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    documents_of,
    invoices_of,
    last_invoice,
    line,
    make_coupon,
    make_subscription,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.terms import give_back

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}
AHEAD = {"bill_at": "Days Before Start", "days_before": 10}


class CreditCase(BillingCase):
    def credited(self, recurrence=INVOICE_ONLY, **values):
        """Billed for February 2026 (28 days), cancelled on the 10th, 18 days credited: the credit notes' total."""
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", recurrence=recurrence, **values)
            advance(subscription)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now", credit_unused_days=True)
            advance(subscription)
            advance(subscription)
        return sum(row.grand_total for row in invoices_of(subscription) if row.is_return)


class TestAmount(CreditCase):
    def test_after_an_additional_discount_in_percent(self) -> None:
        terms = {"apply_discount_on": "Net Total", "additional_discount_percentage": 50}
        self.assertEqual(self.credited(lines=[line(56)], **terms), -18)

    def test_after_an_additional_discount_as_an_amount(self) -> None:
        terms = {"apply_discount_on": "Net Total", "discount_amount": 28}
        self.assertEqual(self.credited(lines=[line(56)], **terms), -18)

    def test_after_an_additional_discount_on_the_grand_total(self) -> None:
        terms = {"apply_discount_on": "Grand Total", "discount_amount": 28}
        self.assertEqual(self.credited(lines=[line(56)], **terms), -18)

    def test_after_a_coupon_over_an_amount(self) -> None:
        coupon = make_coupon(discount_type="Amount", amount=28, currency="EUR", duration="For Ever")
        self.assertEqual(self.credited(lines=[line(56)], coupon=coupon), -18)

    def test_with_its_tax(self) -> None:
        taxes = masters.make_tax_template(20).name
        self.assertEqual(self.credited(lines=[line(28)], taxes_and_charges=taxes), -21.6)

    def test_with_tax_that_the_price_includes(self) -> None:
        taxes = masters.make_tax_template(20, included=True).name
        self.assertEqual(self.credited(lines=[line(28)], taxes_and_charges=taxes), -18)

    def test_of_a_broken_number_of_units(self) -> None:
        item = masters.make_item(stock_uom="Hour").name
        self.assertEqual(self.credited(lines=[line(11.11, qty=2.5, item=item)]), -17.86)
        self.assertEqual(self.credited(lines=[line(11.11, qty=0.5, item=item)]), -3.57)

    def test_of_a_line_that_counts_only_part_of_the_period(self) -> None:
        dated = line(28, from_date="2026-02-08", to_date="2026-02-14")
        self.assertEqual(self.credited(lines=[dated]), -4)

    def test_of_nothing_makes_no_note(self) -> None:
        self.assertEqual(self.credited(lines=[line(50, once=1)]), 0)


class TestWhatPeopleGaveBack(CreditCase):
    def after_a_return_of(self, units: int) -> list[float]:
        """3 units of 28, some given back by a person, then cancelled with credit: the notes of the app."""
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", recurrence=INVOICE_ONLY, lines=[line(28, qty=3)])
            advance(subscription)
            note = give_back(last_invoice(subscription), units)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now", credit_unused_days=True)
            advance(subscription)
        notes = [row for row in invoices_of(subscription) if row.is_return and row.name != note.name]
        return [row.grand_total for row in notes]

    def test_after_all_was_given_back_nothing_is_left_to_credit(self) -> None:
        self.assertEqual(self.after_a_return_of(3), [])

    def test_after_a_part_no_more_than_the_rest_is_credited(self) -> None:
        self.assertEqual(self.after_a_return_of(1), [-54])
        self.assertEqual(self.after_a_return_of(2), [-28])


class TestPeriodsBilledAhead(CreditCase):
    def ahead(self, pay: bool):
        """Monthly from 1 January 2026, billed ten days ahead: February is billed on 22 January."""
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=AHEAD)
            advance(subscription)
            pay_order(subscription)
            advance(subscription)
        with at("2026-01-22"):
            advance(subscription)
            if pay:
                pay_order(subscription)
                advance(subscription)
        return subscription

    def test_an_unpaid_order_of_a_period_that_never_comes_is_withdrawn(self) -> None:
        subscription = self.ahead(pay=False)
        with at("2026-01-25"):
            cancellation.cancel(subscription.name)
            advance(subscription)
        self.assertEqual(counts(subscription), (1, 1, 1))
        self.assertEqual([str(row.start_date) for row in periods_of(subscription)], ["2026-01-01"])

    def test_a_paid_period_that_never_comes_is_credited_whole(self) -> None:
        subscription = self.ahead(pay=True)
        with at("2026-01-25"):
            cancellation.cancel(subscription.name, credit_unused_days=True)
        with at("2026-01-31"):
            advance(subscription)
        notes = [row for row in invoices_of(subscription) if row.is_return]
        self.assertEqual([row.grand_total for row in notes], [-30])

    def test_a_whole_credited_period_is_billed_again_after_a_restart(self) -> None:
        subscription = self.ahead(pay=True)
        with at("2026-01-25"):
            cancellation.cancel(subscription.name, credit_unused_days=True)
        with at("2026-01-31"):
            advance(subscription)
        with at("2026-02-01"):
            cancellation.restart(subscription.name, new_anchor=False)
            advance(subscription)
        spans = [(str(row.start_date), bool(row.credit_note)) for row in periods_of(subscription)]
        self.assertEqual(sorted(spans), [("2026-01-01", False), ("2026-02-01", False), ("2026-02-01", True)])

    def test_a_set_up_fee_of_a_withdrawn_order_is_in_the_order_that_takes_its_place(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", lines=[line(28), line(99, once=1)])
            advance(subscription)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now")
            advance(subscription)
        (order,) = documents_of(subscription, "Sales Order")
        self.assertEqual(order.grand_total, 10 + 99)

    def test_a_coupon_of_a_withdrawn_order_counts_in_the_order_that_takes_its_place(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", lines=[line(28)], coupon=make_coupon(percentage=50)
            )
            advance(subscription)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now")
            advance(subscription)
        (order,) = documents_of(subscription, "Sales Order")
        self.assertEqual(order.grand_total, 5)
        self.assertEqual(frappe.db.get_value("SP Subscription", subscription.name, "coupon_periods_used"), 1)
