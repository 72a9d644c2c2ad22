"""What the app relies on in ERPNext's Payment Request: making, statuses, booking, cancelling, and its surprises."""

import frappe
from erpnext.accounts.doctype.payment_request.payment_request import make_payment_request
from frappe.utils import getdate

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.case import ERPNextCase


def request_of(document, **arguments):
    return make_payment_request(
        dt=document.doctype, dn=document.name, mute_email=1, return_doc=True, **arguments
    )


class TestMakingARequest(ERPNextCase):
    def test_it_takes_amount_currency_party_and_recipient(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order, submit=False)
        self.assertEqual((request.grand_total, request.currency), (100, "EUR"))
        self.assertEqual((request.party_type, request.party), ("Customer", order.customer))
        self.assertEqual((request.reference_doctype, request.reference_name), ("Sales Order", order.name))
        self.assertEqual(request.email_to, "payer@example.com")
        self.assertEqual((request.payment_request_type, request.company), ("Inward", masters.COMPANY))
        self.assertEqual((request.status, request.docstatus), ("Draft", 0))

    def test_submitted_it_is_requested_and_all_of_it_is_outstanding(self) -> None:
        request = masters.request_payment(masters.make_sales_order())
        request.reload()
        self.assertEqual((request.status, request.outstanding_amount), ("Requested", 100))

    def test_the_recipient_falls_back_to_the_owner_of_the_order(self) -> None:
        order = masters.make_sales_order()
        self.assertEqual(request_of(order).email_to, order.owner)

    def test_submit_doc_submits_a_new_request(self) -> None:
        request = request_of(masters.make_sales_order(), submit_doc=1)
        self.assertEqual(request.docstatus, 1)

    def test_submit_doc_does_not_submit_a_draft_that_exists(self) -> None:
        order = masters.make_sales_order()
        draft = masters.request_payment(order, submit=False)
        again = request_of(order, submit_doc=1)
        self.assertEqual((again.name, again.docstatus), (draft.name, 0))

    def test_without_return_doc_it_comes_as_a_dict(self) -> None:
        order = masters.make_sales_order()
        values = make_payment_request(dt="Sales Order", dn=order.name, mute_email=1)
        self.assertEqual((values["doctype"], values["grand_total"]), ("Payment Request", 100))

    def test_a_second_request_for_the_whole_amount_is_refused(self) -> None:
        order = masters.make_sales_order()
        masters.request_payment(order)
        with self.assertRaisesRegex(frappe.ValidationError, "Payment Request is already created"):
            request_of(order)

    def test_an_order_of_nothing_gets_no_request(self) -> None:
        item = masters.make_item()
        order = masters.make_sales_order(
            items=[{"item_code": item, "qty": 1, "price_list_rate": 10, "discount_percentage": 100}]
        )
        with self.assertRaisesRegex(frappe.ValidationError, "Payment Entry is already created"):
            request_of(order)

    def test_after_a_part_payment_the_next_request_is_for_the_rest(self) -> None:
        order = masters.make_sales_order()
        masters.pay(order, 40)
        order.reload()
        self.assertEqual(masters.request_payment(order).grand_total, 60)

    def test_a_fully_billed_order_without_advance_still_gets_a_request_that_cannot_be_booked(self) -> None:
        order = masters.make_sales_order()
        masters.invoice_order(order)
        order.reload()
        request = masters.request_payment(order)
        with self.assertRaisesRegex(
            frappe.ValidationError, "Can only make payment against unbilled Sales Order"
        ):
            request.set_as_paid()

    def test_requests_on_an_order_and_on_its_invoice_can_be_open_together(self) -> None:
        order = masters.make_sales_order()
        of_order = masters.request_payment(order)
        invoice = masters.invoice_order(order)
        of_invoice = masters.request_payment(invoice)
        of_invoice.set_as_paid()
        for request in (of_order, of_invoice):
            request.reload()
        self.assertEqual((of_order.status, of_invoice.status), ("Requested", "Paid"))

    def test_the_request_for_an_invoice_asks_what_is_outstanding(self) -> None:
        invoice = masters.make_sales_invoice()
        masters.pay(invoice, 30)
        invoice.reload()
        self.assertEqual(masters.request_payment(invoice).grand_total, 70)

    def test_a_request_in_a_foreign_currency_is_in_that_currency(self) -> None:
        order = masters.make_sales_order(currency="USD", conversion_rate=0.9)
        request = masters.request_payment(order)
        self.assertEqual((request.currency, request.grand_total), ("USD", 100))
        self.assertEqual((request.party_account_currency, request.outstanding_amount), ("EUR", 90))

    def test_other_documents_get_no_request(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            make_payment_request(dt="Quotation", dn="x", mute_email=1)

    def test_muted_it_sends_nothing(self) -> None:
        before = frappe.db.count("Email Queue")
        masters.request_payment(masters.make_sales_order())
        self.assertEqual(frappe.db.count("Email Queue"), before)

    def test_there_is_no_method_for_an_authorised_payment(self) -> None:
        request = masters.request_payment(masters.make_sales_order())
        self.assertFalse(hasattr(request, "on_payment_authorized"))


class TestBookingARequest(ERPNextCase):
    def test_set_as_paid_makes_a_submitted_payment_entry(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        payment = request.set_as_paid()
        self.assertEqual(
            (payment.doctype, payment.docstatus, payment.payment_type), ("Payment Entry", 1, "Receive")
        )
        self.assertEqual(
            (payment.party, payment.paid_amount, payment.unallocated_amount), (order.customer, 100, 0)
        )
        self.assertEqual((payment.reference_no, getdate(payment.posting_date)), (request.name, getdate()))
        row = payment.references[0]
        self.assertEqual(
            (row.reference_name, row.allocated_amount, row.payment_request), (order.name, 100, request.name)
        )
        request.reload()
        order.reload()
        self.assertEqual((request.status, request.outstanding_amount, order.advance_paid), ("Paid", 0, 100))

    def test_without_mode_of_payment_it_is_booked_to_the_default_bank_account(self) -> None:
        payment = masters.request_payment(masters.make_sales_order()).set_as_paid()
        self.assertEqual(payment.paid_to, masters.BANK_ACCOUNT)

    def test_the_entry_can_be_made_without_being_saved(self) -> None:
        request = masters.request_payment(masters.make_sales_order())
        payment = request.create_payment_entry(submit=False)
        self.assertTrue(payment.is_new())
        payment.reference_date = payment.posting_date = getdate("2025-04-01")
        payment.reference_no = "abc"
        payment.insert()
        payment.submit()
        request.reload()
        self.assertEqual(request.status, "Paid")

    def test_a_second_time_it_raises(self) -> None:
        request = masters.request_payment(masters.make_sales_order())
        request.set_as_paid()
        with self.assertRaises(frappe.ValidationError):
            request.set_as_paid()
        request.reload()
        with self.assertRaises(frappe.ValidationError):
            request.set_as_paid()

    def test_a_payment_of_the_order_by_hand_pays_the_request(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        payment = masters.pay(order)
        self.assertEqual(payment.references[0].payment_request, request.name)
        request.reload()
        self.assertEqual((request.status, request.outstanding_amount), ("Paid", 0))

    def test_a_part_payment_leaves_the_rest_outstanding(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        masters.pay(order, 30)
        request.reload()
        self.assertEqual((request.status, request.outstanding_amount), ("Partially Paid", 70))
        masters.pay(order, 70)
        request.reload()
        self.assertEqual((request.status, request.outstanding_amount), ("Paid", 0))

    def test_cancelling_the_payment_opens_the_request_again(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        payment = request.set_as_paid()
        payment.reload()
        payment.cancel()
        request.reload()
        order.reload()
        self.assertEqual(
            (request.status, request.outstanding_amount, order.advance_paid), ("Requested", 100, 0)
        )

    def test_a_user_without_rights_on_payment_entries_cannot_book_it(self) -> None:
        request = masters.request_payment(masters.make_sales_order())
        with self.set_user("Guest"), self.assertRaises(frappe.PermissionError):
            request.set_as_paid()


class TestCancellingARequest(ERPNextCase):
    def test_an_open_request_can_be_cancelled(self) -> None:
        request = masters.request_payment(masters.make_sales_order())
        request.cancel()
        request.reload()
        self.assertEqual((request.docstatus, request.status), (2, "Cancelled"))

    def test_a_paid_request_raises_after_docstatus_was_written(self) -> None:
        request = masters.request_payment(masters.make_sales_order())
        request.set_as_paid()
        request.reload()
        frappe.db.savepoint("before_cancel")
        with self.assertRaisesRegex(frappe.ValidationError, "Payment Entry already exists"):
            request.cancel()
        self.assertEqual(frappe.db.get_value("Payment Request", request.name, "docstatus"), 2)
        frappe.db.rollback(save_point="before_cancel")
        self.assertEqual(frappe.db.get_value("Payment Request", request.name, "docstatus"), 1)

    def test_after_cancelling_a_new_request_can_be_made(self) -> None:
        order = masters.make_sales_order()
        masters.request_payment(order).cancel()
        self.assertEqual(masters.request_payment(order).status, "Requested")
