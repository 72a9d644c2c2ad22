"""The flows a period can take: which documents it makes, in which order, and how they stand at the end."""

import frappe

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    invoices_of,
    last_invoice,
    last_order,
    line,
    live,
    make_subscription,
    pay_invoice,
    pay_order,
    periods_of,
)


class TestOrderRequestPaymentInvoice(BillingCase):
    def test_nothing_before_the_day_one_of_each_on_it_and_nothing_after(self) -> None:
        with at("2026-01-20"):
            subscription = make_subscription("2026-02-01")
        self.assertEqual(
            live(subscription, "2026-01-20", "2026-02-28"),
            [("2026-02-01", "Sales Order"), ("2026-02-01", "Payment Request")],
        )

    def test_the_payment_brings_the_invoice_and_all_is_settled_50588(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01")
            advance(subscription)
            self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")
        with at("2026-02-03"):
            pay_order(subscription)
            advance(subscription)
            advance(subscription)
        self.assertEqual(counts(subscription), (1, 1, 1))
        self.assert_paid_in_full(subscription)
        self.assertEqual(last_invoice(subscription).advances[0].allocated_amount, 30)

    def test_the_order_says_what_it_is_for(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01")
            advance(subscription)
        order, period = last_order(subscription), periods_of(subscription)[0]
        self.assertEqual((order.sp_subscription, order.sp_billing_period), (subscription.name, period.name))
        self.assertEqual((str(period.start_date), str(period.end_date)), ("2026-02-01", "2026-02-28"))
        self.assertEqual(period.name, f"{subscription.name}-2026-02-01")
        self.assertEqual((order.grand_total, period.total, period.outstanding), (30, 30, 30))

    def test_the_next_period_does_not_wait_for_the_payment_of_the_last_one(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01")
        made = live(subscription, "2026-02-01", "2026-03-02")
        self.assertEqual([day for day, kind in made if kind == "Sales Order"], ["2026-02-01", "2026-03-01"])


class TestInvoiceFirst(BillingCase):
    def test_order_invoice_request_then_the_payment_closes_the_period(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", recurrence={"invoice_before_payment": 1})
            made = [doctype for doctype, _name in advance(subscription).documents]
            self.assertEqual(made, ["Sales Order", "Sales Invoice", "Payment Request"])
            pay_invoice(subscription)
            self.assertEqual(advance(subscription).documents, [])
        self.assert_paid_in_full(subscription)

    def test_the_request_asks_for_the_invoice(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", recurrence={"invoice_before_payment": 1})
            advance(subscription)
        period = periods_of(subscription)[0]
        asked_for = frappe.db.get_value("Payment Request", period.payment_request, "reference_name")
        self.assertEqual(asked_for, period.sales_invoice)

    def test_the_invoice_is_due_after_the_recurrences_days(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", recurrence={"invoice_before_payment": 1, "days_until_due": 14}
            )
            advance(subscription)
        self.assertEqual(str(last_invoice(subscription).due_date), "2026-02-15")
        self.assertEqual(str(periods_of(subscription)[0].due_date), "2026-02-15")


class TestFewerDocuments(BillingCase):
    def test_without_orders_the_invoice_comes_first(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", recurrence={"make_sales_order": 0})
            made = [doctype for doctype, _name in advance(subscription).documents]
            self.assertEqual(made, ["Sales Invoice", "Payment Request"])
            pay_invoice(subscription)
            advance(subscription)
        self.assertEqual(counts(subscription), (0, 1, 1))
        self.assert_paid_in_full(subscription)

    def test_without_requests_the_order_waits_for_its_payment(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", recurrence={"make_payment_request": 0})
            advance(subscription)
            self.assertEqual(counts(subscription), (1, 0, 0))
            pay_order(subscription)
            advance(subscription)
        self.assertEqual(counts(subscription), (1, 0, 1))
        self.assert_paid_in_full(subscription)

    def test_without_orders_and_requests_there_is_an_invoice_and_nothing_else(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", recurrence={"make_sales_order": 0, "make_payment_request": 0}
            )
        made = live(subscription, "2026-02-01", "2026-02-05")
        self.assertEqual(made, [("2026-02-01", "Sales Invoice")])


class TestDraftInvoice(BillingCase):
    def test_a_draft_waits_for_a_person_and_is_never_made_twice_28253(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", recurrence={"make_sales_order": 0, "submit_invoice": 0}
            )
        made = live(subscription, "2026-02-01", "2026-02-10")
        self.assertEqual(made, [("2026-02-01", "Sales Invoice")])
        self.assertEqual(periods_of(subscription)[0].status, "Draft Invoice")

    def test_submitted_by_a_person_it_is_requested_and_paid(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", recurrence={"make_sales_order": 0, "submit_invoice": 0}
            )
            advance(subscription)
            last_invoice(subscription).submit()
            self.work_off()
            self.assertEqual(counts(subscription), (0, 1, 1))
            pay_invoice(subscription)
            self.work_off()
        self.assert_paid_in_full(subscription)

    def test_after_the_payment_of_the_order_the_draft_holds_its_advance(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", recurrence={"submit_invoice": 0})
            advance(subscription)
            pay_order(subscription)
            self.work_off()
            invoice = last_invoice(subscription)
            self.assertEqual((invoice.docstatus, invoice.total_advance), (0, 30))
            invoice.submit()
            self.work_off()
        self.assert_paid_in_full(subscription)

    def test_a_draft_that_a_person_deletes_leaves_the_period_void(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", recurrence={"make_sales_order": 0, "submit_invoice": 0}
            )
            advance(subscription)
            last_invoice(subscription).delete()
            self.work_off()
            self.assertEqual(advance(subscription).documents, [])
        self.assertEqual(periods_of(subscription)[0].status, "Void")


class TestNothingToPay(BillingCase):
    def test_a_zero_total_asks_for_no_money_and_makes_no_invoice(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", lines=[line(0)])
            advance(subscription)
        self.assertEqual(counts(subscription), (1, 0, 0))
        self.assertEqual(periods_of(subscription)[0].status, "Nothing to Bill")

    def test_a_zero_total_makes_an_invoice_where_that_is_wanted(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", lines=[line(0)], recurrence={"invoice_zero_total": 1}
            )
            advance(subscription)
        self.assertEqual(counts(subscription), (1, 0, 1))
        self.assertEqual(
            (last_invoice(subscription).grand_total, last_invoice(subscription).status), (0, "Paid")
        )

    def test_a_free_line_stays_free_though_the_list_has_a_price(self) -> None:
        item = masters.make_item().name
        masters.make_item_price(item, 55)
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", lines=[line(0, item=item), line(10)])
            advance(subscription)
            pay_order(subscription)
            advance(subscription)
        self.assertEqual([row.rate for row in invoices_of(subscription)[0].items], [0, 10])
        self.assert_paid_in_full(subscription)

    def test_a_full_discount_is_free_too(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", lines=[line(30, discount_percentage=100)])
            advance(subscription)
        self.assertEqual(counts(subscription), (1, 0, 0))
        self.assertEqual(last_order(subscription).grand_total, 0)

    def test_a_period_in_which_no_line_counts_makes_no_document(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", lines=[line(30, from_date="2026-03-01")])
            advance(subscription)
        self.assertEqual(counts(subscription), (0, 0, 0))
        self.assertEqual(periods_of(subscription)[0].status, "Nothing to Bill")
