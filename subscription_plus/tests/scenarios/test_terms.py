"""What ERPNext applies to a subscription's documents: taxes, payment terms, dimensions, texts, deferred revenue."""

import frappe

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    last_invoice,
    last_order,
    line,
    make_subscription,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.terms import make_cost_center, make_named, make_payment_terms

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}
INVOICE_FIRST = {"invoice_before_payment": 1}


class TestTaxes(BillingCase):
    def test_the_template_is_on_order_request_and_invoice(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", lines=[line(100)], taxes_and_charges=masters.make_tax_template(20).name
            )
            advance(subscription)
            self.assertEqual(last_order(subscription).grand_total, 120)
            request = frappe.get_doc("Payment Request", periods_of(subscription)[0].payment_request)
            self.assertEqual(request.grand_total, 120)
            pay_order(subscription)
            advance(subscription)
        self.assertEqual(last_invoice(subscription).grand_total, 120)
        self.assertEqual(counts(subscription), (1, 1, 1))
        self.assert_paid_in_full(subscription)

    def test_an_invoice_without_order_has_them_too(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                lines=[line(100)],
                taxes_and_charges=masters.make_tax_template(20).name,
                recurrence=INVOICE_ONLY,
            )
            advance(subscription)
        self.assertEqual(last_invoice(subscription).grand_total, 120)

    def test_prices_that_include_tax_stay_what_the_customer_pays(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                lines=[line(120)],
                taxes_and_charges=masters.make_tax_template(20, included=True).name,
                recurrence=INVOICE_ONLY,
            )
            advance(subscription)
        invoice = last_invoice(subscription)
        self.assertEqual((invoice.grand_total, invoice.net_total), (120, 100))


class TestPaymentTerms(BillingCase):
    def test_an_order_in_two_parts_is_invoiced_in_the_same_parts(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                lines=[line(100)],
                payment_terms_template=make_payment_terms((50, 10), (50, 40)),
                recurrence=INVOICE_FIRST,
            )
            advance(subscription)
        parts = [
            (str(row.due_date), row.payment_amount) for row in last_invoice(subscription).payment_schedule
        ]
        self.assertEqual(parts, [("2026-01-11", 50), ("2026-02-10", 50)])

    def test_paid_before_the_invoice_the_parts_are_settled_too(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", lines=[line(100)], payment_terms_template=make_payment_terms((50, 0), (50, 30))
            )
            advance(subscription)
            pay_order(subscription)
            advance(subscription)
        self.assert_paid_in_full(subscription)


class TestWhatIsCarriedOn(BillingCase):
    def test_cost_centre_letter_head_and_terms_reach_order_and_invoice(self) -> None:
        terms = {
            "cost_center": make_cost_center(),
            "letter_head": make_named("Letter Head", "letter_head_name", content="<p>Us</p>"),
            "tc_name": make_named("Terms and Conditions", "title", selling=1, terms="<p>No refunds.</p>"),
        }
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_FIRST, **terms)
            advance(subscription)
        for document in (last_order(subscription), last_invoice(subscription)):
            self.assertEqual({field: document.get(field) for field in terms}, terms)

    def test_the_recurrences_unit_stands_on_the_row(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", recurrence={**INVOICE_ONLY, "billing_interval_uom": "Month"}
            )
            advance(subscription)
        self.assertEqual(last_invoice(subscription).items[0].uom, "Month")

    def test_an_invoice_says_for_which_days_it_is(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY)
            advance(subscription)
        invoice = last_invoice(subscription)
        self.assertEqual((str(invoice.from_date), str(invoice.to_date)), ("2026-01-01", "2026-01-31"))


class TestDeferredRevenue(BillingCase):
    def test_it_is_spread_over_the_period(self) -> None:
        item = masters.make_item(enable_deferred_revenue=1, no_of_months=1).name
        account = f"SP Deferred - {masters.ABBR}"
        if not frappe.db.exists("Account", account):
            values = {
                "account_name": "SP Deferred",
                "parent_account": f"Current Liabilities - {masters.ABBR}",
                "company": masters.COMPANY,
            }
            frappe.get_doc({"doctype": "Account", **values}).insert()
        frappe.db.set_value("Company", masters.COMPANY, "default_deferred_revenue_account", account)
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", lines=[line(12, item=item)], recurrence=INVOICE_ONLY
            )
            advance(subscription)
        row = last_invoice(subscription).items[0]
        self.assertEqual(row.enable_deferred_revenue, 1)
        self.assertEqual(
            (str(row.service_start_date), str(row.service_end_date)), ("2026-01-01", "2026-01-31")
        )
