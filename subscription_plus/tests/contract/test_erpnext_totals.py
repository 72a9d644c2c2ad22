"""What the app relies on in ERPNext's totals: rates, discounts, taxes, rounding, currencies."""

import json
from typing import Any

import frappe
from erpnext.accounts.party import set_taxes
from erpnext.controllers.accounts_controller import get_default_taxes_and_charges, get_taxes_and_charges
from frappe.model.document import Document

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.case import ERPNextCase


def row(rate: float | None = None, qty: float = 1, **values: Any) -> dict[str, Any]:
    item = {"item_code": masters.make_item(), "qty": qty, **values}
    return item if rate is None else {**item, "rate": rate}


def tax(rate: float, **values: Any) -> dict[str, Any]:
    return {
        "charge_type": "On Net Total",
        "account_head": masters.make_tax_account(rate),
        "description": f"VAT {rate:g}%",
        "rate": rate,
        "cost_center": masters.COST_CENTER,
        **values,
    }


def order(*items: dict[str, Any], **values: Any) -> Document:
    return masters.make_sales_order(items=list(items), submit=False, **values)


class TestRates(ERPNextCase):
    def test_amounts_are_rounded_by_row_and_summed(self) -> None:
        document = order(row(33.333, 3), row(0.015, 1))
        self.assertEqual([line.rate for line in document.items], [33.33, 0.02])
        self.assertEqual([line.amount for line in document.items], [99.99, 0.02])
        self.assertEqual((document.total, document.net_total, document.grand_total), (100.01, 100.01, 100.01))
        self.assertEqual(document.total_qty, 4)

    def test_quantities_have_three_decimals(self) -> None:
        item = masters.make_item(stock_uom="Hour")
        self.assertEqual(order({"item_code": item, "qty": 0.3333, "rate": 10}).items[0].qty, 0.333)

    def test_a_discount_in_percent_comes_off_the_price_list_rate(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 80)
        document = order({"item_code": item, "qty": 1, "discount_percentage": 25})
        line = document.items[0]
        self.assertEqual((line.price_list_rate, line.rate, line.discount_amount), (80, 60, 20))

    def test_a_given_rate_wins_over_a_discount_in_percent(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 80)
        line = order({"item_code": item, "qty": 1, "rate": 50, "discount_percentage": 25}).items[0]
        self.assertEqual((line.price_list_rate, line.rate, line.discount_amount), (80, 50, 30))

    def test_a_discount_needs_a_price_list_rate_to_come_off(self) -> None:
        line = order(row(100, price_list_rate=100, discount_percentage=10)).items[0]
        self.assertEqual(line.rate, 100)

    def test_a_rate_of_zero_is_replaced_by_the_price_list_rate(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 80)
        for ignore in (0, 1):
            line = order({"item_code": item, "qty": 1, "rate": 0}, ignore_pricing_rule=ignore).items[0]
            self.assertEqual((line.rate, line.amount), (80, 80))

    def test_a_hundred_percent_discount_makes_a_line_free(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 80)
        document = order({"item_code": item, "qty": 2, "discount_percentage": 100})
        self.assertEqual((document.items[0].rate, document.grand_total), (0, 0))

    def test_an_order_of_zero_total_can_be_submitted_and_is_billed_when_invoiced(self) -> None:
        document = order(row(discount_percentage=100, price_list_rate=50), skip_delivery_note=1)
        document.submit()
        self.assertEqual(document.status, "To Bill")
        invoice = masters.invoice_order(document)
        invoice.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount, invoice.grand_total), ("Paid", 0, 0))
        document.reload()
        self.assertEqual((document.per_billed, document.status), (100, "Completed"))

    def test_a_negative_rate_is_refused(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_order(items=[row(-10), row(100)])


class TestTaxes(ERPNextCase):
    def test_a_tax_on_the_net_total_is_added(self) -> None:
        document = order(row(19.99), taxes=[tax(20)])
        self.assertEqual(document.taxes[0].tax_amount, 4.0)
        self.assertEqual((document.net_total, document.total_taxes_and_charges), (19.99, 4.0))
        self.assertEqual((document.grand_total, document.taxes[0].total), (23.99, 23.99))

    def test_a_tax_in_the_price_is_taken_out_of_it(self) -> None:
        document = order(row(100), taxes=[tax(20, included_in_print_rate=1)])
        line = document.items[0]
        self.assertEqual((line.rate, line.net_rate, line.net_amount), (100, 83.33, 83.33))
        self.assertEqual((document.net_total, document.grand_total), (83.33, 100))
        self.assertEqual(document.taxes[0].tax_amount, 16.67)

    def test_the_cent_that_rounding_loses_in_inclusive_prices_comes_back_in_the_grand_total(self) -> None:
        document = order(*[row(9.99) for _ in range(7)], taxes=[tax(20, included_in_print_rate=1)])
        self.assertEqual(document.grand_total, 69.93)
        self.assertEqual(document.net_total, 58.24)

    def test_a_tax_on_the_previous_total_counts_what_stands_above_it(self) -> None:
        document = order(row(100), taxes=[tax(10), tax(5, charge_type="On Previous Row Total", row_id="1")])
        self.assertEqual([line.tax_amount for line in document.taxes], [10, 5.5])
        self.assertEqual(document.grand_total, 115.5)

    def test_a_tax_on_the_previous_amount_counts_that_rows_tax(self) -> None:
        document = order(row(100), taxes=[tax(10), tax(5, charge_type="On Previous Row Amount", row_id="1")])
        self.assertEqual([line.tax_amount for line in document.taxes], [10, 0.5])

    def test_an_actual_charge_is_added_as_it_is(self) -> None:
        document = order(row(70), row(30), taxes=[tax(0, charge_type="Actual", tax_amount=7.5), tax(20)])
        self.assertEqual([line.tax_amount for line in document.taxes], [7.5, 20])
        self.assertEqual(document.grand_total, 127.5)

    def test_the_tax_of_each_item_is_kept_as_json(self) -> None:
        document = order(row(100), taxes=[tax(20)])
        detail = json.loads(document.taxes[0].item_wise_tax_detail)
        self.assertEqual(detail, {document.items[0].item_code: [20.0, 20.0]})

    def test_the_rows_of_a_template_can_be_read_and_put_on_a_document(self) -> None:
        template = masters.make_tax_template(20)
        rows = get_taxes_and_charges("Sales Taxes and Charges Template", template.name)
        self.assertEqual([(line["charge_type"], line["rate"]) for line in rows], [("On Net Total", 20)])
        self.assertNotIn("name", rows[0])
        self.assertEqual(order(row(100), taxes_and_charges=template.name, taxes=rows).grand_total, 120)

    def test_naming_a_template_alone_adds_no_rows(self) -> None:
        template = masters.make_tax_template(20)
        document = masters.make_sales_order(submit=False)
        document.taxes_and_charges = template.name
        document.save()
        self.assertEqual((len(document.taxes), document.grand_total), (0, 100))

    def test_setting_the_missing_values_brings_the_rows_of_a_template(self) -> None:
        template = masters.make_tax_template(20)
        document = masters.make_sales_order(submit=False)
        document.taxes_and_charges = template.name
        document.run_method("set_missing_values")
        document.save()
        self.assertEqual(document.grand_total, 120)

    def test_the_tax_rule_of_a_customer_names_its_template(self) -> None:
        template = masters.make_tax_template(20)
        customer = masters.make_customer()
        frappe.get_doc(
            {
                "doctype": "Tax Rule",
                "tax_type": "Sales",
                "customer": customer.name,
                "sales_tax_template": template.name,
                "company": masters.COMPANY,
            }
        ).insert()
        document = masters.make_sales_order(customer, submit=False)
        self.assertEqual(document.taxes_and_charges, template.name)
        self.assertEqual(len(document.taxes), 0)

    def test_the_tax_rule_can_be_asked_by_itself(self) -> None:
        template = masters.make_tax_template(20)
        customer = masters.make_customer()
        frappe.get_doc(
            {
                "doctype": "Tax Rule",
                "tax_type": "Sales",
                "customer": customer.name,
                "sales_tax_template": template.name,
                "company": masters.COMPANY,
                "from_date": "2025-01-01",
                "to_date": "2025-12-31",
            }
        ).insert()

        def chosen(day: str, party: str = customer.name) -> str | None:
            return set_taxes(party, "Customer", day, masters.COMPANY, customer_group=masters.CUSTOMER_GROUP)

        self.assertEqual(chosen("2025-06-01"), template.name)
        self.assertNotEqual(chosen("2026-06-01"), template.name)
        self.assertNotEqual(chosen("2025-06-01", masters.make_customer().name), template.name)

    def test_the_default_template_of_the_company_can_be_asked(self) -> None:
        template = masters.make_tax_template(20, is_default=1)
        default = get_default_taxes_and_charges("Sales Taxes and Charges Template", company=masters.COMPANY)
        self.assertEqual(default["taxes_and_charges"], template.name)
        self.assertEqual([line["rate"] for line in default["taxes"]], [20])
        template.is_default = 0
        template.save()

    def test_an_items_tax_template_replaces_the_rate_of_its_account(self) -> None:
        account = masters.make_tax_account(20)
        template = frappe.get_doc(
            {
                "doctype": "Item Tax Template",
                "title": masters.unique("Books"),
                "company": masters.COMPANY,
                "taxes": [{"tax_type": account, "tax_rate": 5.5}],
            }
        ).insert()
        document = order(row(100), row(100, item_tax_template=template.name), taxes=[tax(20)])
        self.assertEqual(document.taxes[0].tax_amount, 25.5)

    def test_the_taxes_of_an_order_are_copied_to_its_invoice(self) -> None:
        document = masters.make_sales_order(items=[row(100)], taxes=[tax(20)])
        invoice = masters.invoice_order(document)
        self.assertEqual((invoice.grand_total, invoice.outstanding_amount), (120, 120))


class TestAdditionalDiscount(ERPNextCase):
    def test_a_percentage_of_the_net_total_lowers_the_tax_too(self) -> None:
        document = order(
            row(100), taxes=[tax(20)], apply_discount_on="Net Total", additional_discount_percentage=10
        )
        self.assertEqual((document.discount_amount, document.net_total, document.grand_total), (10, 90, 108))
        self.assertEqual((document.items[0].net_amount, document.items[0].amount), (90, 100))

    def test_a_percentage_of_the_grand_total_is_spread_over_net_and_tax(self) -> None:
        document = order(
            row(100), taxes=[tax(20)], apply_discount_on="Grand Total", additional_discount_percentage=10
        )
        self.assertEqual((document.discount_amount, document.grand_total), (12, 108))
        self.assertEqual((document.net_total, document.taxes[0].tax_amount_after_discount_amount), (90, 18))
        self.assertEqual(document.taxes[0].tax_amount, 20)

    def test_an_amount_is_spread_over_the_items_without_losing_a_cent(self) -> None:
        document = order(row(10), row(10), row(10), apply_discount_on="Net Total", discount_amount=10)
        self.assertEqual(document.grand_total, 20)
        self.assertEqual(sum(round(line.net_amount * 100) for line in document.items), 2000)

    def test_an_amount_off_the_grand_total_of_inclusive_prices_is_exact(self) -> None:
        document = order(
            row(49.9),
            row(19.9),
            taxes=[tax(20, included_in_print_rate=1)],
            apply_discount_on="Grand Total",
            discount_amount=7.77,
        )
        self.assertEqual(document.grand_total, 62.03)

    def test_a_discount_above_the_total_is_refused(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            order(row(10), apply_discount_on="Grand Total", discount_amount=11)

    def test_an_amount_on_the_order_is_not_given_again_on_its_second_invoice(self) -> None:
        document = masters.make_sales_order(
            items=[row(25, 4)], apply_discount_on="Net Total", discount_amount=10
        )
        self.assertEqual(document.grand_total, 90)
        invoice = masters.invoice_order(document)
        self.assertEqual(invoice.grand_total, 90)


class TestRoundingAndCurrencies(ERPNextCase):
    def test_euros_are_rounded_to_the_cent(self) -> None:
        document = order(row(33.33))
        self.assertEqual((document.grand_total, document.rounded_total), (33.33, 33.33))

    def test_a_currency_without_small_coins_is_rounded_to_whole_units_and_so_are_its_payments(self) -> None:
        document = order(row(33.33), currency="INR", conversion_rate=0.01)
        self.assertEqual((document.grand_total, document.rounded_total), (33.33, 33))
        document.submit()
        request = masters.request_payment(document)
        self.assertEqual((request.currency, request.grand_total), ("INR", 33))

    def test_the_rounded_total_can_be_switched_off(self) -> None:
        document = order(row(33.33), disable_rounded_total=1)
        self.assertEqual((document.grand_total, document.rounded_total), (33.33, 0))

    def test_amounts_in_company_currency_follow_the_conversion_rate(self) -> None:
        document = order(
            row(100), taxes=[tax(20)], currency="USD", conversion_rate=0.9, price_list_currency="EUR"
        )
        self.assertEqual((document.grand_total, document.base_grand_total), (120, 108))
        self.assertEqual((document.items[0].base_rate, document.items[0].base_net_amount), (90, 90))

    def test_a_price_in_another_currency_is_converted(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 90)
        document = order({"item_code": item, "qty": 1}, currency="USD", conversion_rate=0.9)
        self.assertEqual((document.items[0].price_list_rate, document.grand_total), (100, 100))

    def test_a_foreign_currency_needs_a_rate_of_exchange(self) -> None:
        frappe.get_doc(
            {
                "doctype": "Currency Exchange",
                "date": "2020-01-01",
                "from_currency": "GBP",
                "to_currency": "EUR",
                "exchange_rate": 1.2,
                "for_selling": 1,
            }
        ).insert(ignore_if_duplicate=True)
        document = order(row(100), currency="GBP", conversion_rate=None)
        self.assertEqual((document.conversion_rate, document.base_grand_total), (1.2, 120))
