"""What the app relies on in ERPNext's Sales Order: defaults, statuses, billing progress, cancelling, closing."""

import json
from typing import Any

import frappe
from erpnext.accounts.party import PartyDisabled
from erpnext.controllers.accounts_controller import update_child_qty_rate
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice, update_status
from erpnext.setup.doctype.terms_and_conditions.terms_and_conditions import get_terms_and_conditions
from frappe.tests.utils import change_settings
from frappe.utils import flt, getdate, nowdate

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.case import ERPNextCase


def rows_of_update(row: Any) -> dict[str, Any]:
    """A row as "Update Items" sends it where nothing is changed."""
    fields = ("item_code", "qty", "rate", "uom", "conversion_factor")
    return {
        "docname": row.name,
        "delivery_date": str(row.delivery_date),
        **{field: row.get(field) for field in fields},
    }


class TestAnOrdersDefaults(ERPNextCase):
    def test_the_items_name_description_unit_and_cost_center_are_filled_in(self) -> None:
        item = masters.make_item(item_name="Desk in the open space", description="A desk")
        order = masters.make_sales_order(items=[{"item_code": item, "qty": 1, "rate": 10}])
        row = order.items[0]
        self.assertEqual(row.item_name, "Desk in the open space")
        self.assertEqual(row.description, "A desk")
        self.assertEqual((row.uom, row.stock_uom, row.conversion_factor), ("Unit", "Unit", 1))
        self.assertEqual(row.stock_qty, 1)

    def test_a_rows_own_description_and_unit_are_kept(self) -> None:
        order = masters.make_sales_order(
            items=[
                {
                    "item_code": masters.make_item(),
                    "qty": 1,
                    "rate": 10,
                    "description": "March",
                    "uom": "Month",
                }
            ]
        )
        self.assertEqual(order.items[0].description, "March")
        self.assertEqual(order.items[0].uom, "Month")
        self.assertEqual(order.items[0].conversion_factor, 1)

    def test_the_conversion_factor_comes_from_the_items_units(self) -> None:
        item = masters.make_item(
            uoms=[{"uom": "Unit", "conversion_factor": 1}, {"uom": "Year", "conversion_factor": 12}]
        )
        order = masters.make_sales_order(items=[{"item_code": item, "qty": 2, "uom": "Year", "rate": 10}])
        self.assertEqual(order.items[0].conversion_factor, 12)
        self.assertEqual(order.items[0].stock_qty, 24)
        self.assertEqual(order.grand_total, 20)

    def test_the_items_sales_unit_is_used_where_the_row_names_none(self) -> None:
        item = masters.make_item(uoms=[{"uom": "Month", "conversion_factor": 2}], sales_uom="Month")
        order = masters.make_sales_order(items=[{"item_code": item, "qty": 1, "rate": 10}])
        self.assertEqual((order.items[0].uom, order.items[0].conversion_factor), ("Month", 2))

    def test_the_customers_name_is_filled_in(self) -> None:
        customer = masters.make_customer()
        self.assertEqual(masters.make_sales_order(customer).customer_name, customer.customer_name)

    def test_the_contact_of_the_customer_is_filled_in_with_its_email(self) -> None:
        customer = masters.make_customer()
        contact = frappe.get_doc(
            {
                "doctype": "Contact",
                "first_name": masters.unique("Ada"),
                "is_primary_contact": 1,
                "email_ids": [{"email_id": "ada@example.com", "is_primary": 1}],
                "links": [{"link_doctype": "Customer", "link_name": customer.name}],
            }
        ).insert()
        order = masters.make_sales_order(customer)
        self.assertEqual(order.contact_person, contact.name)
        self.assertEqual(order.contact_email, "ada@example.com")

    def test_the_delivery_date_is_passed_down_to_the_rows(self) -> None:
        order = masters.make_sales_order(date="2025-03-01")
        self.assertEqual(getdate(order.items[0].delivery_date), getdate("2025-03-01"))

    def test_an_order_without_delivery_date_is_refused_unless_nothing_is_delivered(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_order(delivery_date=None)
        order = masters.make_sales_order(delivery_date=None, skip_delivery_note=1)
        self.assertEqual(order.docstatus, 1)

    def test_a_delivery_date_before_the_orders_date_is_refused(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_order(date="2025-03-02", delivery_date="2025-03-01")

    def test_the_payment_schedule_of_an_order_without_terms_is_one_row_due_on_its_date(self) -> None:
        order = masters.make_sales_order(date="2025-03-01")
        self.assertEqual(len(order.payment_schedule), 1)
        row = order.payment_schedule[0]
        self.assertEqual(getdate(row.due_date), getdate("2025-03-01"))
        self.assertEqual((row.invoice_portion, row.payment_amount), (100, 100))

    def test_an_order_needs_no_fiscal_year(self) -> None:
        order = masters.make_sales_order(date=masters.day_without_fiscal_year())
        self.assertEqual(order.docstatus, 1)

    def test_zero_quantity_is_refused(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_order(items=[{"item_code": masters.make_item(), "qty": 0, "rate": 10}])

    def test_a_fraction_is_refused_for_a_unit_that_must_be_whole(self) -> None:
        unit = frappe.get_doc(
            {"doctype": "UOM", "uom_name": masters.unique("Seat"), "must_be_whole_number": 1}
        ).insert()
        item = masters.make_item(stock_uom=unit.name)
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_order(items=[{"item_code": item, "qty": 1.5, "rate": 10}])

    def test_a_disabled_customer_is_refused(self) -> None:
        customer = masters.make_customer(disabled=1)
        with self.assertRaises(PartyDisabled):
            masters.make_sales_order(customer)

    def test_a_disabled_item_is_refused(self) -> None:
        item = masters.make_item(disabled=1)
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_order(items=[{"item_code": item, "qty": 1, "rate": 10}])

    def test_the_name_follows_the_series_and_the_year(self) -> None:
        order = masters.make_sales_order()
        self.assertRegex(order.name, r"^SAL-ORD-\d{4}-\d{5}$")


class TestAnOrdersStatus(ERPNextCase):
    def test_a_draft_becomes_to_deliver_and_bill_when_submitted(self) -> None:
        order = masters.make_sales_order(submit=False)
        self.assertEqual(order.status, "Draft")
        order.submit()
        self.assertEqual(order.status, "To Deliver and Bill")
        self.assertEqual((order.billing_status, order.delivery_status), ("Not Billed", "Not Delivered"))

    def test_without_delivery_note_it_is_to_bill_and_then_completed(self) -> None:
        order = masters.make_sales_order(skip_delivery_note=1)
        self.assertEqual(order.status, "To Bill")
        masters.invoice_order(order)
        order.reload()
        self.assertEqual(
            (order.status, order.per_billed, order.billing_status), ("Completed", 100, "Fully Billed")
        )

    def test_a_service_that_is_billed_stays_to_deliver_with_a_delivery_note(self) -> None:
        order = masters.make_sales_order()
        masters.invoice_order(order)
        order.reload()
        self.assertEqual((order.status, order.per_billed), ("To Deliver", 100))

    def test_billing_a_part_counts_by_amount_and_the_next_invoice_takes_the_rest(self) -> None:
        order = masters.make_sales_order(
            items=[{"item_code": masters.make_item(), "qty": 4, "rate": 25}], skip_delivery_note=1
        )
        invoice = make_sales_invoice(order.name)
        invoice.items[0].qty = 1
        invoice.insert()
        invoice.submit()
        order.reload()
        self.assertEqual(
            (order.per_billed, order.status, order.billing_status), (25, "To Bill", "Partly Billed")
        )
        self.assertEqual(order.items[0].billed_amt, 25)
        rest = make_sales_invoice(order.name)
        self.assertEqual((rest.items[0].qty, rest.items[0].amount), (3, 75))

    def test_a_fully_billed_order_gives_an_invoice_without_rows(self) -> None:
        order = masters.make_sales_order()
        masters.invoice_order(order)
        self.assertEqual(len(make_sales_invoice(order.name).items), 0)

    def test_billing_more_than_ordered_is_refused(self) -> None:
        order = masters.make_sales_order()
        first = make_sales_invoice(order.name)
        second = make_sales_invoice(order.name)
        for invoice in (first, second):
            invoice.insert()
        first.submit()
        with self.assertRaises(frappe.ValidationError):
            second.submit()

    def test_cancelling_the_invoice_makes_the_order_unbilled_again(self) -> None:
        order = masters.make_sales_order(skip_delivery_note=1)
        invoice = masters.invoice_order(order)
        invoice.cancel()
        order.reload()
        self.assertEqual((order.per_billed, order.status, order.billing_status), (0, "To Bill", "Not Billed"))
        self.assertEqual(order.items[0].billed_amt, 0)

    def test_a_cancelled_order_is_cancelled(self) -> None:
        order = masters.make_sales_order()
        order.cancel()
        order.reload()
        self.assertEqual((order.docstatus, order.status), (2, "Cancelled"))

    def test_a_closed_order_can_be_reopened_but_neither_cancelled_nor_invoiced(self) -> None:
        order = masters.make_sales_order()
        invoice = make_sales_invoice(order.name)
        update_status("Closed", order.name)
        order.reload()
        self.assertEqual(order.status, "Closed")
        with self.assertRaises(frappe.ValidationError):
            invoice.insert()
        with self.assertRaises(frappe.ValidationError):
            frappe.get_doc("Sales Order", order.name).cancel()
        frappe.db.set_value(
            "Sales Order", order.name, "docstatus", 1
        )  # what the failed cancelling left behind
        order.reload()
        order.update_status("Draft")
        order.reload()
        self.assertEqual(order.status, "To Deliver and Bill")

    def test_an_order_with_a_submitted_invoice_cannot_be_cancelled(self) -> None:
        order = masters.make_sales_order()
        masters.invoice_order(order)
        order.reload()
        with self.assertRaises(frappe.LinkExistsError):
            order.cancel()

    def test_an_order_with_a_draft_invoice_cannot_be_cancelled(self) -> None:
        order = masters.make_sales_order()
        masters.invoice_order(order, submit=False)
        order.reload()
        with self.assertRaises(frappe.ValidationError):
            order.cancel()

    def test_an_order_with_a_submitted_payment_request_cannot_be_cancelled(self) -> None:
        order = masters.make_sales_order()
        masters.request_payment(order)
        order.reload()
        with self.assertRaises(frappe.LinkExistsError):
            order.cancel()

    def test_request_and_order_can_be_cancelled_in_this_order(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        payment = masters.pay(order)
        payment.cancel()
        request.reload()
        request.cancel()
        order.reload()
        order.cancel()
        self.assertEqual((request.status, order.status), ("Cancelled", "Cancelled"))

    def test_rows_that_are_left_out_are_taken_off_a_submitted_order(self) -> None:
        items = [{"item_code": masters.make_item(), "qty": 2, "rate": rate} for rate in (10, 30)]
        order = masters.make_sales_order(items=items)
        gone, kept = order.items
        update_child_qty_rate("Sales Order", json.dumps([rows_of_update(kept)]), order.name)
        order.reload()
        self.assertEqual([(row.name, row.idx) for row in order.items], [(kept.name, 1)])
        self.assertEqual((order.docstatus, order.grand_total, order.rounded_total), (1, 60, 60))
        self.assertEqual([row.payment_amount for row in order.payment_schedule], [60])
        self.assertFalse(frappe.db.exists("Sales Order Item", gone.name))

    def test_a_row_that_is_billed_is_not_taken_off(self) -> None:
        items = [{"item_code": masters.make_item(), "qty": 1, "rate": rate} for rate in (10, 30)]
        order = masters.make_sales_order(items=items)
        invoice = make_sales_invoice(order.name)
        invoice.items = invoice.items[:1]
        invoice.insert().submit()
        with self.assertRaisesRegex(frappe.ValidationError, "already been billed"):
            update_child_qty_rate("Sales Order", json.dumps([rows_of_update(order.items[1])]), order.name)

    def test_an_amended_order_takes_the_name_with_a_counter_and_starts_as_draft(self) -> None:
        order = masters.make_sales_order()
        order.cancel()
        amended = frappe.copy_doc(order)
        amended.amended_from = order.name
        amended.docstatus = 0
        amended.insert()
        self.assertEqual(amended.name, f"{order.name}-1")
        self.assertEqual(amended.status, "Draft")
        self.assertEqual(flt(amended.per_billed), 0)


class TestCustomersAndOrders(ERPNextCase):
    def test_an_order_above_the_credit_limit_is_refused(self) -> None:
        limits = [{"company": masters.COMPANY, "credit_limit": 150}]
        customer = masters.make_customer(credit_limits=limits)
        masters.make_sales_order(customer)
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_order(customer)

    def test_the_text_of_terms_is_rendered_for_a_document(self) -> None:
        terms = frappe.get_doc(
            {
                "doctype": "Terms and Conditions",
                "title": masters.unique("Terms"),
                "selling": 1,
                "terms": "<p>Dear {{ customer_name }}</p>",
            }
        ).insert()
        order = masters.make_sales_order(tc_name=terms.name)
        self.assertFalse(order.terms)
        text = get_terms_and_conditions(terms.name, order.as_dict())
        self.assertIn(f"Dear {order.customer_name}", text)

    def test_a_second_order_for_the_same_customer_purchase_order_is_refused(self) -> None:
        customer = masters.make_customer()
        masters.make_sales_order(customer, po_no="PO-1")
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_order(customer, po_no="PO-1")

    def test_the_same_item_twice_is_refused_unless_the_settings_allow_it(self) -> None:
        item = masters.make_item()
        rows = [{"item_code": item, "qty": 1, "rate": 10}, {"item_code": item, "qty": 1, "rate": 20}]
        with change_settings("Selling Settings", {"allow_multiple_items": 1}):
            self.assertEqual(masters.make_sales_order(items=rows).grand_total, 30)
        with (
            change_settings("Selling Settings", {"allow_multiple_items": 0}),
            self.assertRaises(frappe.ValidationError),
        ):
            masters.make_sales_order(items=rows)

    def test_the_date_is_todays_where_none_is_given(self) -> None:
        self.assertEqual(getdate(masters.make_sales_order().transaction_date), getdate(nowdate()))
