"""What a line costs: list or fixed, on the period's first day, in its currency, with discounts and dates."""

from decimal import Decimal

from frappe.utils import getdate

from subscription_plus.erp.prices import Asked, PriceBook
from subscription_plus.sp_billing.reading import Reading
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    events_of,
    invoices_of,
    last_invoice,
    last_order,
    line,
    make_subscription,
    pay_order,
    periods_of,
    try_to_advance,
)
from subscription_plus.tests.support.queries import queries_of
from subscription_plus.tests.support.terms import (
    make_customer_in,
    make_exchange_rate,
    make_price_list,
    make_pricing_rule,
    one_account_for_all_currencies,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class TestPriceList(BillingCase):
    def test_the_price_is_the_one_of_the_periods_first_day(self) -> None:
        item = masters.make_item().name
        masters.make_item_price(item, 40, valid_upto="2026-02-14")
        masters.make_item_price(item, 44, valid_from="2026-02-15")
        with at("2026-01-20"):
            subscription = make_subscription(
                "2026-01-20", lines=[line(None, item=item, qty=2)], recurrence=INVOICE_ONLY
            )
        with at("2026-03-25"):
            advance(subscription)
        self.assertEqual([row.total for row in periods_of(subscription)], [80, 88, 88])

    def test_a_fixed_rate_stays_though_the_list_says_otherwise(self) -> None:
        item = masters.make_item().name
        masters.make_item_price(item, 55)
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(12, item=item)])
            advance(subscription)
        self.assertEqual(last_order(subscription).items[0].rate, 12)

    def test_a_line_may_have_a_list_of_its_own(self) -> None:
        item = masters.make_item().name
        masters.make_item_price(item, 50)
        other = make_price_list()
        masters.make_item_price(item, 70, price_list=other)
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(None, item=item, price_list=other)])
            advance(subscription)
        self.assertEqual(last_order(subscription).grand_total, 70)

    def test_pricing_rules_of_the_site_apply_to_list_prices(self) -> None:
        item = masters.make_item().name
        masters.make_item_price(item, 100)
        make_pricing_rule(item, 10)
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", lines=[line(None, item=item)], recurrence=INVOICE_ONLY
            )
            advance(subscription)
        row = last_invoice(subscription).items[0]
        self.assertEqual((row.price_list_rate, row.discount_percentage, row.rate), (100, 10, 90))

    def test_a_pricing_rule_counts_in_the_forecast_as_long_as_it_is_valid(self) -> None:
        item = masters.make_item().name
        masters.make_item_price(item, 100)
        make_pricing_rule(item, 10, valid_from="2026-02-01", valid_upto="2026-03-31")
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(None, item=item)])
            expected = [
                one.net for one in Reading.of(subscription).coming(subscription, getdate("2026-05-01"))
            ]
        self.assertEqual(expected, [100, 90, 90, 100, 100])

    def test_pricing_rules_of_other_items_cost_nothing(self) -> None:
        item, other = masters.make_item().name, masters.make_item().name
        masters.make_item_price(item, 100)
        make_pricing_rule(other, 10)
        customer = masters.make_customer().name

        def priced() -> None:
            book = PriceBook.read([item])
            for month in range(1, 13):
                on = getdate(f"2026-{month:02}-01")
                asked = Asked(item, masters.PRICE_LIST, "EUR", customer, masters.COMPANY, on, Decimal(1))
                self.assertEqual(book.quote(asked).rate, 100)

        self.assertLessEqual(queries_of(priced), 4)

    def test_a_fixed_rate_is_not_discounted_by_pricing_rules(self) -> None:
        item = masters.make_item().name
        make_pricing_rule(item, 10)
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(100, item=item)])
            advance(subscription)
        self.assertEqual(last_order(subscription).grand_total, 100)


class TestMissingPrice(BillingCase):
    def _without_price(self):
        return make_subscription("2026-01-01", lines=[line(None)], recurrence=INVOICE_ONLY)

    def test_the_error_names_item_list_currency_and_day_42149(self) -> None:
        with at("2026-01-01"):
            subscription = self._without_price()
            error = try_to_advance(subscription).error
        for word in (subscription.lines[0].item, masters.PRICE_LIST, "EUR", "2026"):
            self.assertIn(word, error)
        subscription.reload()
        self.assertEqual(subscription.error_message, error)
        self.assertEqual((subscription.error_count, subscription.billing_status), (1, "Failed"))

    def test_no_period_is_used_up_by_a_failure_27521(self) -> None:
        with at("2026-01-01"):
            subscription = self._without_price()
            try_to_advance(subscription)
            self.assertEqual((periods_of(subscription), counts(subscription)), ([], (0, 0, 0)))

    def test_the_first_success_clears_the_error_and_bills_what_was_missed(self) -> None:
        with at("2026-01-01"):
            subscription = self._without_price()
            try_to_advance(subscription)
            masters.make_item_price(subscription.lines[0].item, 20)
        with at("2026-02-01"):
            advance(subscription)
        subscription.reload()
        self.assertEqual((subscription.error_message, subscription.error_count), (None, 0))
        self.assertEqual([row.total for row in periods_of(subscription)], [20, 20])

    def test_a_price_in_another_currency_is_no_price_29029(self) -> None:
        with at("2026-01-01"):
            subscription = self._without_price()
            dollars = make_price_list("USD")
            masters.make_item_price(subscription.lines[0].item, 20, price_list=dollars)
            subscription.lines[0].price_list = dollars
            subscription.save()
            self.assertIn("EUR", try_to_advance(subscription).error)

    def test_the_same_failure_again_is_one_line_in_the_history(self) -> None:
        with at("2026-01-01"):
            subscription = self._without_price()
            try_to_advance(subscription)
            try_to_advance(subscription)
        self.assertEqual(len(events_of(subscription, "Failed")), 1)


class TestCurrencies(BillingCase):
    def _first_invoice(self, currency: str, rate: float, worth: float):
        make_exchange_rate(currency, worth)
        with at("2026-01-15"):
            subscription = make_subscription(
                "2026-01-15",
                customer=make_customer_in(currency),
                currency=currency,
                lines=[line(rate)],
                recurrence={**INVOICE_ONLY, "billing_day": 1},
            )
            advance(subscription)
        return last_invoice(subscription)

    def test_a_share_of_yen_is_whole_yen(self) -> None:
        invoice = self._first_invoice("JPY", 1000, worth=0.006)
        self.assertEqual((invoice.currency, invoice.grand_total), ("JPY", 548))

    def test_dollars_are_invoiced_in_dollars_to_a_company_in_euro(self) -> None:
        invoice = self._first_invoice("USD", 100, worth=0.9)
        self.assertEqual((invoice.currency, invoice.grand_total), ("USD", 54.84))
        self.assertEqual((invoice.conversion_rate, invoice.base_grand_total), (0.9, 49.36))

    def test_dinars_are_rounded_as_finely_as_the_site_keeps_money(self) -> None:
        invoice = self._first_invoice("KWD", 10, worth=3)
        self.assertEqual((invoice.currency, invoice.grand_total), ("KWD", 5.48))

    def test_the_customers_dollars_pay_the_whole_flow(self) -> None:
        make_exchange_rate("USD", 0.9)
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", customer=make_customer_in("USD"), currency="USD", lines=[line(100)]
            )
            advance(subscription)
            pay_order(subscription)
            advance(subscription)
        self.assert_paid_in_full(subscription)

    def test_a_debt_in_euro_for_an_invoice_in_dollars_is_known_in_dollars(self) -> None:
        make_exchange_rate("USD", 0.9)
        with at("2026-01-01"), one_account_for_all_currencies():
            subscription = make_subscription(
                "2026-01-01", currency="USD", lines=[line(100)], recurrence=INVOICE_ONLY
            )
            advance(subscription)
        period = periods_of(subscription)[0]
        self.assertEqual((period.currency, period.total, period.outstanding), ("USD", 100, 100))
        self.assertEqual(last_invoice(subscription).outstanding_amount, 90)


class TestLines(BillingCase):
    def test_a_set_up_fee_is_billed_once(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", lines=[line(30), line(99, once=1)], recurrence=INVOICE_ONLY
            )
        with at("2026-03-01"):
            advance(subscription)
        self.assertEqual([row.total for row in periods_of(subscription)], [129, 30, 30])

    def test_a_set_up_fee_is_whole_in_a_stub(self) -> None:
        with at("2026-01-15"):
            subscription = make_subscription(
                "2026-01-15",
                lines=[line(31), line(99, once=1)],
                recurrence={**INVOICE_ONLY, "billing_day": 1},
            )
            advance(subscription)
        self.assertEqual(periods_of(subscription)[0].total, 17 + 99)

    def test_a_line_counts_between_its_dates_prorated_inside_a_period(self) -> None:
        dated = line(31, from_date="2026-01-11", to_date="2026-02-14")
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(10), dated], recurrence=INVOICE_ONLY)
        with at("2026-03-01"):
            advance(subscription)
        self.assertEqual([row.total for row in periods_of(subscription)], [10 + 21, 10 + 15.5, 10])

    def test_a_line_that_is_not_prorated_counts_whole_in_every_period_it_touches(self) -> None:
        dated = line(31, from_date="2026-01-11", to_date="2026-02-14", prorate=0)
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(10), dated], recurrence=INVOICE_ONLY)
        with at("2026-03-01"):
            advance(subscription)
        self.assertEqual([row.total for row in periods_of(subscription)], [41, 41, 10])

    def test_a_whole_period_costs_the_whole_rate_23681(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", lines=[line(19.99, qty=3)])
            advance(subscription)
        row = last_order(subscription).items[0]
        self.assertEqual((row.qty, row.rate, row.amount), (3, 19.99, 59.97))


class TestDiscounts(BillingCase):
    def _first_total(self, start: str = "2026-01-01", **values) -> float:
        with at(start):
            subscription = make_subscription(start, recurrence={**INVOICE_ONLY, "billing_day": 1}, **values)
            advance(subscription)
        return invoices_of(subscription)[0].grand_total

    def test_of_a_line(self) -> None:
        self.assertEqual(self._first_total(lines=[line(80, discount_percentage=25), line(10)]), 70)

    def test_of_all_in_percent(self) -> None:
        terms = {"apply_discount_on": "Net Total", "additional_discount_percentage": 10}
        self.assertEqual(self._first_total(lines=[line(80), line(20)], **terms), 90)

    def test_of_all_as_an_amount(self) -> None:
        terms = {"apply_discount_on": "Grand Total", "discount_amount": 15}
        self.assertEqual(self._first_total(lines=[line(80)], **terms), 65)

    def test_an_amount_is_prorated_with_its_period(self) -> None:
        terms = {"apply_discount_on": "Net Total", "discount_amount": 31}
        self.assertEqual(self._first_total("2026-01-15", lines=[line(62)], **terms), 17)
