"""What the app relies on in ERPNext's prices: price lists, validity, customers, units, pricing rules, exchange rates."""

from typing import Any

import erpnext
import frappe
from erpnext.accounts.doctype.pricing_rule.pricing_rule import apply_pricing_rule
from erpnext.accounts.party import get_party_details
from erpnext.setup.utils import get_exchange_rate
from erpnext.stock.get_item_details import get_item_details
from frappe.utils import flt

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.case import ERPNextCase


def details(item: Any, **values: Any) -> Any:
    """What ERPNext says about an item on a new order."""
    return get_item_details(
        {
            "doctype": "Sales Order",
            "item_code": item.name,
            "company": masters.COMPANY,
            "customer": masters.make_customer().name,
            "selling_price_list": masters.PRICE_LIST,
            "price_list": masters.PRICE_LIST,
            "price_list_currency": "EUR",
            "plc_conversion_rate": 1,
            "currency": "EUR",
            "conversion_rate": 1,
            "transaction_date": "2025-03-01",
            "qty": 1,
            **values,
        }
    )


class TestItemPrices(ERPNextCase):
    def test_the_price_of_the_list_is_found(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 42)
        self.assertEqual(details(item).price_list_rate, 42)

    def test_a_missing_price_is_no_error_and_leaves_the_rate_at_zero(self) -> None:
        self.assertEqual(flt(details(masters.make_item()).price_list_rate), 0)
        order = masters.make_sales_order(items=[{"item_code": masters.make_item(), "qty": 1}], submit=False)
        self.assertEqual(order.grand_total, 0)

    def test_a_price_is_valid_from_its_first_to_its_last_day(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 10, valid_from="2025-01-01", valid_upto="2025-02-28")
        masters.make_item_price(item, 12, valid_from="2025-03-01")
        self.assertEqual(details(item, transaction_date="2025-02-28").price_list_rate, 10)
        self.assertEqual(details(item, transaction_date="2025-03-01").price_list_rate, 12)
        self.assertEqual(flt(details(item, transaction_date="2024-12-31").price_list_rate), 0)

    def test_the_price_that_began_last_wins(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 10, valid_from="2025-01-01")
        masters.make_item_price(item, 12, valid_from="2025-02-01")
        self.assertEqual(details(item).price_list_rate, 12)

    def test_a_price_of_another_list_is_not_taken(self) -> None:
        item = masters.make_item()
        other = frappe.get_doc(
            {
                "doctype": "Price List",
                "price_list_name": masters.unique("Members"),
                "currency": "EUR",
                "selling": 1,
            }
        ).insert()
        masters.make_item_price(item, 10, price_list=other.name)
        self.assertEqual(flt(details(item).price_list_rate), 0)
        self.assertEqual(
            details(item, selling_price_list=other.name, price_list=other.name).price_list_rate, 10
        )

    def test_the_customers_own_price_wins(self) -> None:
        item, customer = masters.make_item(), masters.make_customer()
        masters.make_item_price(item, 10)
        masters.make_item_price(item, 8, customer=customer.name)
        self.assertEqual(details(item, customer=customer.name).price_list_rate, 8)
        self.assertEqual(details(item).price_list_rate, 10)

    def test_the_price_of_the_unit_wins_and_the_stock_units_is_multiplied(self) -> None:
        item = masters.make_item(
            uoms=[{"uom": "Year", "conversion_factor": 12}, {"uom": "Week", "conversion_factor": 0.25}]
        )
        masters.make_item_price(item, 10)
        masters.make_item_price(item, 100, uom="Year")
        self.assertEqual(details(item, uom="Year").price_list_rate, 100)
        self.assertEqual(details(item, uom="Week").price_list_rate, 2.5)
        self.assertEqual(details(item, uom="Unit").price_list_rate, 10)

    def test_a_second_price_for_the_same_thing_is_refused(self) -> None:
        item = masters.make_item()
        masters.make_item_price(item, 10)
        with self.assertRaises(frappe.ValidationError):
            masters.make_item_price(item, 11)

    def test_a_price_in_a_unit_that_the_item_does_not_have_is_refused(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            masters.make_item_price(masters.make_item(), 10, uom="Year")

    def test_the_currency_of_a_price_is_its_lists(self) -> None:
        price = masters.make_item_price(masters.make_item(), 10)
        self.assertEqual((price.currency, price.selling), ("EUR", 1))

    def test_the_price_list_of_a_customer_is_among_their_details(self) -> None:
        vip = frappe.get_doc(
            {
                "doctype": "Price List",
                "price_list_name": masters.unique("VIP"),
                "currency": "EUR",
                "selling": 1,
            }
        ).insert()
        customer = masters.make_customer(default_price_list=vip.name)
        details_of_party = get_party_details(customer.name, company=masters.COMPANY, doctype="Sales Order")
        self.assertEqual(details_of_party.selling_price_list, vip.name)

    def test_a_disabled_price_list_is_refused(self) -> None:
        closed = frappe.get_doc(
            {
                "doctype": "Price List",
                "price_list_name": masters.unique("Closed"),
                "currency": "EUR",
                "selling": 1,
                "enabled": 0,
            }
        ).insert()
        with self.assertRaises(frappe.ValidationError):
            details(
                masters.make_item(),
                selling_price_list=closed.name,
                price_list=closed.name,
                price_list_currency=None,
                plc_conversion_rate=None,
            )


class TestPricingRules(ERPNextCase):
    def rule(self, item: Any, **values: Any) -> Any:
        return frappe.get_doc(
            {
                "doctype": "Pricing Rule",
                "title": masters.unique("Rule"),
                "apply_on": "Item Code",
                "items": [{"item_code": item.name}],
                "selling": 1,
                "company": masters.COMPANY,
                "currency": "EUR",
                "price_or_product_discount": "Price",
                "rate_or_discount": "Discount Percentage",
                "valid_from": "2025-01-01",
                **values,
            }
        ).insert()

    def order_of(self, item: Any, **values: Any) -> Any:
        rows = [{"item_code": item, "qty": 1}]
        return masters.make_sales_order(items=rows, date="2025-03-01", submit=False, **values)

    def priced_item(self) -> Any:
        item = masters.make_item()
        masters.make_item_price(item, 100)
        return item

    def test_a_percentage_comes_off_the_price(self) -> None:
        item = self.priced_item()
        rule = self.rule(item, discount_percentage=15)
        line = self.order_of(item).items[0]
        self.assertEqual((line.price_list_rate, line.discount_percentage, line.rate), (100, 15, 85))
        self.assertIn(rule.name, line.pricing_rules)

    def test_an_amount_comes_off_the_price(self) -> None:
        item = self.priced_item()
        self.rule(item, rate_or_discount="Discount Amount", discount_amount=30)
        self.assertEqual(self.order_of(item).items[0].rate, 70)

    def test_a_rate_replaces_the_price(self) -> None:
        item = self.priced_item()
        self.rule(item, rate_or_discount="Rate", rate=55)
        self.assertEqual(self.order_of(item).items[0].rate, 55)

    def test_it_can_be_asked_without_a_document(self) -> None:
        item, customer = self.priced_item(), masters.make_customer()
        self.rule(item, discount_percentage=15)
        asked = {
            "doctype": "Sales Order",
            "items": [
                {"doctype": "Sales Order Item", "item_code": item.name, "qty": 1, "price_list_rate": 100}
            ],
            "customer": customer.name,
            "currency": "EUR",
            "conversion_rate": 1,
            "plc_conversion_rate": 1,
            "price_list": masters.PRICE_LIST,
            "company": masters.COMPANY,
            "transaction_date": "2025-03-01",
            "ignore_pricing_rule": 0,
        }
        answer = apply_pricing_rule(asked)[0]
        self.assertEqual((answer["price_or_product_discount"], answer["discount_percentage"]), ("Price", 15))

    def test_it_is_not_applied_where_pricing_rules_are_ignored(self) -> None:
        item = self.priced_item()
        self.rule(item, discount_percentage=15)
        self.assertEqual(self.order_of(item, ignore_pricing_rule=1).items[0].rate, 100)

    def test_it_is_not_applied_outside_its_dates(self) -> None:
        item = self.priced_item()
        self.rule(item, discount_percentage=15, valid_from="2025-01-01", valid_upto="2025-02-28")
        self.assertEqual(self.order_of(item).items[0].rate, 100)

    def test_it_is_applied_to_its_customer_only(self) -> None:
        item, customer = self.priced_item(), masters.make_customer()
        self.rule(item, discount_percentage=15, applicable_for="Customer", customer=customer.name)
        self.assertEqual(self.order_of(item).items[0].rate, 100)
        self.assertEqual(self.order_of(item, customer=customer).items[0].rate, 85)

    def test_it_can_be_for_an_item_group(self) -> None:
        group = frappe.get_doc(
            {
                "doctype": "Item Group",
                "item_group_name": masters.unique("Rooms"),
                "parent_item_group": "All Item Groups",
            }
        ).insert()
        item = masters.make_item(item_group=group.name)
        masters.make_item_price(item, 100)
        self.rule(
            item,
            apply_on="Item Group",
            items=[],
            item_groups=[{"item_group": group.name}],
            discount_percentage=10,
        )
        self.assertEqual(self.order_of(item).items[0].rate, 90)

    def test_a_disabled_rule_is_not_applied(self) -> None:
        item = self.priced_item()
        self.rule(item, discount_percentage=15, disable=1)
        self.assertEqual(self.order_of(item).items[0].rate, 100)


class TestExchangeRates(ERPNextCase):
    def exchange(self, date: str, rate: float) -> None:
        frappe.get_doc(
            {
                "doctype": "Currency Exchange",
                "date": date,
                "from_currency": "SEK",
                "to_currency": "EUR",
                "exchange_rate": rate,
                "for_selling": 1,
                "for_buying": 1,
            }
        ).insert()

    def test_the_last_rate_up_to_the_day_counts(self) -> None:
        self.exchange("2025-01-01", 0.09)
        self.exchange("2025-03-01", 0.1)
        self.assertEqual(get_exchange_rate("SEK", "EUR", "2025-02-28"), 0.09)
        self.assertEqual(get_exchange_rate("SEK", "EUR", "2025-03-01"), 0.1)

    def test_a_currency_in_itself_is_one(self) -> None:
        self.assertEqual(get_exchange_rate("EUR", "EUR", "2025-03-01"), 1)


class TestTheCompany(ERPNextCase):
    def test_its_currency_and_default_accounts_are_known(self) -> None:
        company = frappe.get_doc("Company", masters.COMPANY)
        self.assertEqual(erpnext.get_company_currency(masters.COMPANY), "EUR")
        self.assertEqual(company.default_receivable_account, "Debtors - SPT")
        self.assertEqual(company.default_income_account, "Sales - SPT")
        self.assertEqual(company.default_cash_account, "Cash - SPT")
        self.assertEqual(company.cost_center, "Main - SPT")
        self.assertTrue(company.write_off_account and company.round_off_account)
        self.assertTrue(company.exchange_gain_loss_account)

    def test_a_session_has_a_default_company(self) -> None:
        self.assertTrue(frappe.db.exists("Company", erpnext.get_default_company()))
