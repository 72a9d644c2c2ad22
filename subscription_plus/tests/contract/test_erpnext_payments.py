"""What the app relies on in ERPNext's Payment Entry: allocation, outstanding amounts, cancelling, advances."""

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from frappe.tests.utils import change_settings
from frappe.utils import add_days, getdate, nowdate

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.case import ERPNextCase

OWN_ADVANCES_ONLY = {"allocate_advances_automatically": 1, "only_include_allocated_payments": 1}


def unallocated_payment(customer: str, amount: float):
    """Money on account: a Payment Entry without references."""
    payment = frappe.get_doc(
        {
            "doctype": "Payment Entry",
            "payment_type": "Receive",
            "company": masters.COMPANY,
            "posting_date": "2025-03-01",
            "party_type": "Customer",
            "party": customer,
            "paid_from": "Debtors - SPT",
            "paid_to": masters.BANK_ACCOUNT,
            "paid_amount": amount,
            "received_amount": amount,
            "source_exchange_rate": 1,
            "target_exchange_rate": 1,
            "reference_no": "on account",
            "reference_date": "2025-03-01",
        }
    )
    payment.insert()
    payment.submit()
    return payment


class TestPayingAnOrder(ERPNextCase):
    def test_the_entry_for_an_order_is_filled_in(self) -> None:
        order = masters.make_sales_order()
        payment = get_payment_entry("Sales Order", order.name)
        self.assertEqual(
            (payment.payment_type, payment.party_type, payment.party), ("Receive", "Customer", order.customer)
        )
        self.assertEqual((payment.paid_from, payment.paid_to), ("Debtors - SPT", masters.BANK_ACCOUNT))
        self.assertEqual((payment.paid_amount, payment.received_amount), (100, 100))
        self.assertEqual(
            (payment.total_allocated_amount, payment.unallocated_amount, payment.difference_amount),
            (100, 0, 0),
        )
        row = payment.references[0]
        self.assertEqual((row.total_amount, row.outstanding_amount, row.allocated_amount), (100, 100, 100))
        self.assertEqual(getdate(payment.posting_date), getdate(nowdate()))

    def test_the_payment_becomes_the_orders_advance_and_does_not_bill_it(self) -> None:
        order = masters.make_sales_order()
        payment = masters.pay(order)
        order.reload()
        self.assertEqual(
            (order.advance_paid, order.per_billed, order.status), (100, 0, "To Deliver and Bill")
        )
        self.assertEqual((payment.status, payment.docstatus), ("Submitted", 1))

    def test_a_payment_in_parts_adds_up(self) -> None:
        order = masters.make_sales_order()
        masters.pay(order, 30)
        masters.pay(order, 30)
        order.reload()
        self.assertEqual(order.advance_paid, 60)
        self.assertEqual(get_payment_entry("Sales Order", order.name).paid_amount, 40)

    def test_more_than_the_order_cannot_be_allocated_to_it(self) -> None:
        order = masters.make_sales_order()
        with self.assertRaisesRegex(frappe.ValidationError, "cannot be greater than outstanding"):
            masters.pay(order, 150)

    def test_what_is_paid_beyond_stays_unallocated(self) -> None:
        order = masters.make_sales_order()
        payment = masters.pay(order, paid_amount=150, received_amount=150)
        self.assertEqual((payment.total_allocated_amount, payment.unallocated_amount), (100, 50))

    def test_an_order_that_is_paid_takes_no_further_payment(self) -> None:
        order = masters.make_sales_order()
        masters.pay(order)
        with self.assertRaises(frappe.ValidationError):
            masters.pay(order)

    def test_cancelling_takes_the_advance_back(self) -> None:
        order = masters.make_sales_order()
        payment = masters.pay(order)
        payment.cancel()
        order.reload()
        payment.reload()
        self.assertEqual((order.advance_paid, payment.status), (0, "Cancelled"))

    def test_a_bank_account_needs_reference_number_and_date(self) -> None:
        order = masters.make_sales_order()
        payment = get_payment_entry("Sales Order", order.name)
        payment.reference_no = None
        with self.assertRaises(frappe.ValidationError):
            payment.insert()

    def test_a_closed_order_takes_no_payment(self) -> None:
        order = masters.make_sales_order()
        order.update_status("Closed")
        with self.assertRaises(frappe.ValidationError):
            masters.pay(order)

    def test_a_payment_needs_a_fiscal_year(self) -> None:
        order = masters.make_sales_order()
        with self.assertRaises(frappe.ValidationError):
            masters.pay(order, date=masters.day_without_fiscal_year())

    def test_the_mode_of_payment_may_be_anything_and_does_not_change_the_account(self) -> None:
        payment = masters.pay(masters.make_sales_order(), mode_of_payment="Cash")
        self.assertEqual(payment.paid_to, masters.BANK_ACCOUNT)

    def test_the_rest_of_an_order_may_be_too_much_by_the_noise_of_a_float(self) -> None:
        order = masters.make_sales_order(items=[{"item_code": masters.make_item(), "qty": 1, "rate": 40}])
        masters.pay(order, 33.33)
        with self.assertRaisesRegex(frappe.ValidationError, "cannot be greater than outstanding"):
            masters.pay(order)
        masters.pay(order, 6.67)
        order.reload()
        self.assertEqual(order.advance_paid, 40)


class TestPayingAnInvoice(ERPNextCase):
    def test_a_payment_in_full_makes_it_paid(self) -> None:
        invoice = masters.make_sales_invoice()
        masters.pay(invoice)
        invoice.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Paid", 0))

    def test_a_part_makes_it_partly_paid(self) -> None:
        invoice = masters.make_sales_invoice(due_date=add_days(nowdate(), 30))
        masters.pay(invoice, 40)
        invoice.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Partly Paid", 60))

    def test_cancelling_the_payment_makes_it_unpaid_again(self) -> None:
        invoice = masters.make_sales_invoice(due_date=add_days(nowdate(), 30))
        masters.pay(invoice).cancel()
        invoice.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Unpaid", 100))

    def test_more_than_outstanding_cannot_be_allocated(self) -> None:
        invoice = masters.make_sales_invoice()
        with self.assertRaises(frappe.ValidationError):
            masters.pay(invoice, 101)

    def test_one_payment_can_pay_two_invoices(self) -> None:
        customer = masters.make_customer()
        first, second = masters.make_sales_invoice(customer), masters.make_sales_invoice(customer)
        payment = get_payment_entry("Sales Invoice", first.name)
        payment.append(
            "references",
            {
                "reference_doctype": "Sales Invoice",
                "reference_name": second.name,
                "total_amount": 100,
                "outstanding_amount": 100,
                "allocated_amount": 100,
            },
        )
        payment.update(
            {"paid_amount": 200, "received_amount": 200, "reference_no": "1", "reference_date": nowdate()}
        )
        payment.insert()
        payment.submit()
        for invoice in (first, second):
            invoice.reload()
            self.assertEqual(invoice.status, "Paid")

    def test_another_customers_invoice_cannot_be_paid(self) -> None:
        payment = get_payment_entry("Sales Invoice", masters.make_sales_invoice().name)
        payment.party = masters.make_customer().name
        payment.update({"reference_no": "1", "reference_date": nowdate()})
        with self.assertRaises(frappe.ValidationError):
            payment.insert()

    def test_a_draft_invoice_cannot_be_paid(self) -> None:
        invoice = masters.make_sales_invoice(submit=False)
        with self.assertRaises(frappe.ValidationError):
            masters.pay(invoice)

    def test_an_invoice_that_is_paid_cannot_be_cancelled_away_from_its_payment_unless_it_is_unlinked(
        self,
    ) -> None:
        invoice = masters.make_sales_invoice()
        payment = masters.pay(invoice)
        invoice.reload()
        with (
            change_settings("Accounts Settings", {"unlink_payment_on_cancellation_of_invoice": 0}),
            self.assertRaises(frappe.LinkExistsError),
        ):
            invoice.cancel()
        frappe.db.set_value("Sales Invoice", invoice.name, "docstatus", 1)
        invoice = frappe.get_doc("Sales Invoice", invoice.name)
        invoice.cancel()
        payment.reload()
        self.assertEqual((len(payment.references), payment.unallocated_amount), (0, 100))

    def test_a_foreign_invoice_is_outstanding_in_the_currency_of_the_receivable_account(self) -> None:
        with change_settings(
            "Accounts Settings", {"allow_multi_currency_invoices_against_single_party_account": 1}
        ):
            invoice = masters.make_sales_invoice(currency="USD", conversion_rate=0.9)
        self.assertEqual((invoice.grand_total, invoice.base_grand_total), (100, 90))
        invoice.reload()
        self.assertEqual((invoice.outstanding_amount, invoice.party_account_currency), (90, "EUR"))
        payment = masters.pay(invoice)
        self.assertEqual((payment.paid_amount, payment.paid_from_account_currency), (90, "EUR"))
        invoice.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Paid", 0))

    def test_without_that_setting_a_foreign_invoice_on_a_receivable_account_of_the_company_is_refused(
        self,
    ) -> None:
        with (
            change_settings(
                "Accounts Settings", {"allow_multi_currency_invoices_against_single_party_account": 0}
            ),
            self.assertRaises(frappe.ValidationError),
        ):
            masters.make_sales_invoice(currency="USD", conversion_rate=0.9)


class TestAdvancesOnTheInvoice(ERPNextCase):
    def test_the_invoice_of_a_paid_order_does_not_take_the_advance_by_itself(self) -> None:
        order = masters.make_sales_order()
        masters.pay(order)
        invoice = masters.invoice_order(order)
        invoice.reload()
        self.assertEqual((invoice.outstanding_amount, len(invoice.advances)), (100, 0))
        self.assertIn(invoice.status, ("Unpaid", "Overdue"))

    def test_its_own_advance_only_is_taken_when_told_so(self) -> None:
        order = masters.make_sales_order()
        masters.pay(order)
        unallocated_payment(order.customer, 500)
        invoice = masters.invoice_order(order, **OWN_ADVANCES_ONLY)
        invoice.reload()
        self.assertEqual(
            (invoice.status, invoice.outstanding_amount, invoice.total_advance), ("Paid", 0, 100)
        )
        self.assertEqual(len(invoice.advances), 1)

    def test_money_on_account_is_taken_where_it_is_not_excluded(self) -> None:
        order = masters.make_sales_order()
        payment = unallocated_payment(order.customer, 500)
        invoice = masters.invoice_order(order, allocate_advances_automatically=1)
        invoice.reload()
        payment.reload()
        self.assertEqual((invoice.status, payment.unallocated_amount), ("Paid", 400))

    def test_the_advance_of_another_order_is_not_taken(self) -> None:
        customer = masters.make_customer()
        paid, open_order = masters.make_sales_order(customer), masters.make_sales_order(customer)
        masters.pay(paid)
        for flags in ({"allocate_advances_automatically": 1}, OWN_ADVANCES_ONLY):
            invoice = masters.invoice_order(open_order, submit=False, **flags)
            self.assertEqual(len(invoice.advances), 0)
            invoice.delete()

    def test_set_advances_can_be_called_before_saving(self) -> None:
        from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

        order = masters.make_sales_order()
        payment = masters.pay(order)
        invoice = make_sales_invoice(order.name)
        invoice.only_include_allocated_payments = 1
        invoice.set_advances()
        row = invoice.advances[0]
        self.assertEqual((row.reference_type, row.reference_name), ("Payment Entry", payment.name))
        self.assertEqual((row.advance_amount, row.allocated_amount), (100, 100))

    def test_on_submit_the_reference_moves_to_the_invoice_and_loses_its_request(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        payment = request.set_as_paid()
        invoice = masters.invoice_order(order, **OWN_ADVANCES_ONLY)
        payment.reload()
        self.assertEqual(len(payment.references), 1)
        row = payment.references[0]
        self.assertEqual((row.reference_doctype, row.reference_name), ("Sales Invoice", invoice.name))
        self.assertFalse(row.payment_request)
        self.assertEqual(row.allocated_amount, 100)
        order.reload()
        request.reload()
        self.assertEqual((order.advance_paid, request.status), (100, "Paid"))
        self.assertEqual((payment.unallocated_amount, payment.total_allocated_amount), (0, 100))

    def test_an_advance_larger_than_the_invoice_stays_with_the_order_for_the_rest(self) -> None:
        order = masters.make_sales_order(items=[{"item_code": masters.make_item(), "qty": 4, "rate": 25}])
        payment = masters.pay(order)
        from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

        invoice = make_sales_invoice(order.name)
        invoice.items[0].qty = 1
        invoice.update(OWN_ADVANCES_ONLY)
        invoice.insert()
        invoice.submit()
        invoice.reload()
        self.assertEqual((invoice.grand_total, invoice.status), (25, "Paid"))
        payment.reload()
        rows = {(row.reference_doctype, row.allocated_amount) for row in payment.references}
        self.assertEqual(rows, {("Sales Order", 75), ("Sales Invoice", 25)})
        order.reload()
        self.assertEqual(order.advance_paid, 100)

    def test_an_advance_smaller_than_the_invoice_leaves_it_partly_paid(self) -> None:
        order = masters.make_sales_order()
        masters.pay(order, 30)
        invoice = masters.invoice_order(order, date=nowdate(), **OWN_ADVANCES_ONLY)
        invoice.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Partly Paid", 70))

    def test_a_payment_dated_after_the_invoice_is_taken_too(self) -> None:
        order = masters.make_sales_order(date="2025-03-01")
        masters.pay(order, date="2025-06-01")
        invoice = masters.invoice_order(order, date="2025-03-01", **OWN_ADVANCES_ONLY)
        invoice.reload()
        self.assertEqual(invoice.status, "Paid")

    def test_cancelling_the_payment_after_invoicing_leaves_the_request_paid(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        payment = request.set_as_paid()
        invoice = masters.invoice_order(order, date=nowdate(), **OWN_ADVANCES_ONLY)
        payment.reload()
        payment.cancel()
        for document in (order, request, invoice):
            document.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Unpaid", 100))
        self.assertEqual((order.advance_paid, request.status), (0, "Paid"))

    def test_cancelling_the_invoice_leaves_the_money_on_account_and_the_order_stale(self) -> None:
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        payment = request.set_as_paid()
        invoice = masters.invoice_order(order, **OWN_ADVANCES_ONLY)
        invoice.reload()
        invoice.cancel()
        for document in (order, request, payment):
            document.reload()
        self.assertEqual((payment.unallocated_amount, len(payment.references)), (100, 0))
        self.assertEqual((order.advance_paid, request.status), (100, "Paid"))
        own = masters.invoice_order(order, **OWN_ADVANCES_ONLY)
        own.reload()
        self.assertEqual(own.outstanding_amount, 100)
        own.cancel()
        any_money = masters.invoice_order(order, allocate_advances_automatically=1)
        any_money.reload()
        self.assertEqual((any_money.status, any_money.outstanding_amount), ("Paid", 0))

    def test_an_advance_that_changed_meanwhile_stops_the_invoice(self) -> None:
        order = masters.make_sales_order()
        payment = masters.pay(order)
        invoice = masters.invoice_order(order, submit=False, only_include_allocated_payments=1)
        invoice.set_advances()
        invoice.save()
        payment.cancel()
        with self.assertRaises(frappe.ValidationError):
            invoice.submit()


class TestAdvancesInASeparateAccount(ERPNextCase):
    def test_the_whole_cycle_ends_paid_as_well(self) -> None:
        account = f"SP Advances - {masters.ABBR}"
        if not frappe.db.exists("Account", account):
            frappe.get_doc(
                {
                    "doctype": "Account",
                    "account_name": "SP Advances",
                    "parent_account": f"Accounts Receivable - {masters.ABBR}",
                    "company": masters.COMPANY,
                    "account_type": "Receivable",
                }
            ).insert()
        company = frappe.get_doc("Company", masters.COMPANY)
        company.book_advance_payments_in_separate_party_account = 1
        company.default_advance_received_account = account
        company.save()
        order = masters.make_sales_order()
        request = masters.request_payment(order)
        payment = request.set_as_paid()
        self.assertEqual(payment.paid_from, account)
        invoice = masters.invoice_order(order, **OWN_ADVANCES_ONLY)
        for document in (invoice, order, request):
            document.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Paid", 0))
        self.assertEqual((order.advance_paid, request.status), (100, "Paid"))
        company.reload()
        company.book_advance_payments_in_separate_party_account = 0
        company.save()
