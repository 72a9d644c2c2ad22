"""What the app relies on in ERPNext's Sales Invoice: defaults, due dates, statuses, closed books, cancelling, returns."""

import frappe
from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return
from erpnext.accounts.utils import FiscalYearError
from erpnext.controllers.accounts_controller import update_invoice_status
from erpnext.selling.doctype.quotation.quotation import make_sales_order
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice
from frappe.tests.utils import change_settings
from frappe.utils import add_days, add_to_date, getdate, nowdate

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.case import ERPNextCase


def term(days: int, portion: float = 100) -> dict:
    return {
        "invoice_portion": portion,
        "due_date_based_on": "Day(s) after invoice date",
        "credit_days": days,
    }


def terms_template(*rows: dict):
    return frappe.get_doc(
        {"doctype": "Payment Terms Template", "template_name": masters.unique("Net"), "terms": list(rows)}
    ).insert()


SERVICE_INCOME = {
    "company": masters.COMPANY,
    "income_account": f"Service - {masters.ABBR}",
    "default_warehouse": f"Stores - {masters.ABBR}",
}


class TestAnInvoicesDefaults(ERPNextCase):
    def test_accounts_and_cost_center_come_from_the_company(self) -> None:
        invoice = masters.make_sales_invoice()
        self.assertEqual(invoice.debit_to, "Debtors - SPT")
        self.assertEqual(invoice.party_account_currency, "EUR")
        self.assertEqual(invoice.items[0].income_account, "Sales - SPT")
        self.assertEqual(invoice.items[0].cost_center, masters.COST_CENTER)

    def test_the_items_own_income_account_comes_first(self) -> None:
        item = masters.make_item(item_defaults=[SERVICE_INCOME])
        invoice = masters.make_sales_invoice(items=[{"item_code": item, "qty": 1, "rate": 10}])
        self.assertEqual(invoice.items[0].income_account, "Service - SPT")

    def test_the_income_account_of_the_item_group_comes_second(self) -> None:
        group = frappe.get_doc(
            {
                "doctype": "Item Group",
                "item_group_name": masters.unique("Group"),
                "parent_item_group": "All Item Groups",
                "item_group_defaults": [SERVICE_INCOME],
            }
        ).insert()
        item = masters.make_item(item_group=group.name)
        invoice = masters.make_sales_invoice(items=[{"item_code": item, "qty": 1, "rate": 10}])
        self.assertEqual(invoice.items[0].income_account, "Service - SPT")

    def test_the_receivable_account_of_the_customer_comes_first(self) -> None:
        account = frappe.get_doc(
            {
                "doctype": "Account",
                "account_name": masters.unique("Members"),
                "parent_account": "Accounts Receivable - SPT",
                "company": masters.COMPANY,
                "account_type": "Receivable",
            }
        ).insert()
        customer = masters.make_customer(accounts=[{"company": masters.COMPANY, "account": account.name}])
        self.assertEqual(masters.make_sales_invoice(customer).debit_to, account.name)

    def test_the_date_is_kept_only_where_the_posting_time_is_set(self) -> None:
        self.assertEqual(
            getdate(masters.make_sales_invoice(date="2025-03-01").posting_date), getdate("2025-03-01")
        )
        invoice = masters.make_sales_invoice(date="2025-03-01", set_posting_time=0)
        self.assertEqual(getdate(invoice.posting_date), getdate(nowdate()))

    def test_links_to_the_order_stand_on_each_row(self) -> None:
        order = masters.make_sales_order()
        row = masters.invoice_order(order).items[0]
        self.assertEqual((row.sales_order, row.so_detail), (order.name, order.items[0].name))

    def test_rate_description_and_unit_come_from_the_order(self) -> None:
        order = masters.make_sales_order(
            items=[
                {
                    "item_code": masters.make_item(),
                    "qty": 2,
                    "rate": 12.5,
                    "uom": "Month",
                    "description": "March",
                }
            ]
        )
        row = make_sales_invoice(order.name).items[0]
        self.assertEqual((row.qty, row.rate, row.uom, row.description), (2, 12.5, "Month", "March"))

    def test_head_data_comes_from_the_order(self) -> None:
        order = masters.make_sales_order(po_no=masters.unique("PO"), cost_center=masters.COST_CENTER)
        invoice = make_sales_invoice(order.name)
        self.assertEqual((invoice.customer, invoice.company), (order.customer, masters.COMPANY))
        self.assertEqual((invoice.po_no, invoice.cost_center), (order.po_no, masters.COST_CENTER))
        self.assertEqual(invoice.selling_price_list, masters.PRICE_LIST)

    def test_an_order_that_is_not_submitted_gives_no_invoice(self) -> None:
        order = masters.make_sales_order(submit=False)
        with self.assertRaises(frappe.ValidationError):
            make_sales_invoice(order.name)

    def test_the_days_of_service_stand_on_a_deferred_row(self) -> None:
        account = f"SP Deferred - {masters.ABBR}"
        if not frappe.db.exists("Account", account):
            frappe.get_doc(
                {
                    "doctype": "Account",
                    "account_name": "SP Deferred",
                    "parent_account": f"Current Liabilities - {masters.ABBR}",
                    "company": masters.COMPANY,
                }
            ).insert()
        row = {
            "item_code": masters.make_item(),
            "qty": 1,
            "rate": 10,
            "enable_deferred_revenue": 1,
            "deferred_revenue_account": account,
            "service_start_date": "2025-03-01",
            "service_end_date": "2025-03-31",
        }
        invoice = masters.make_sales_invoice(items=[row], date="2025-03-01")
        self.assertEqual(getdate(invoice.items[0].service_end_date), getdate("2025-03-31"))
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_invoice(items=[{**row, "service_end_date": None}], date="2025-03-01")
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_invoice(items=[row], date="2025-04-01")

    def test_from_and_to_date_are_kept_and_must_follow_each_other(self) -> None:
        invoice = masters.make_sales_invoice(from_date="2025-03-01", to_date="2025-03-31")
        self.assertEqual(getdate(invoice.to_date), getdate("2025-03-31"))
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_invoice(from_date="2025-03-31", to_date="2025-03-01")


class TestDueDates(ERPNextCase):
    def test_without_terms_it_is_due_the_same_day(self) -> None:
        invoice = masters.make_sales_invoice(date="2025-03-01")
        self.assertEqual(getdate(invoice.due_date), getdate("2025-03-01"))
        self.assertEqual([getdate(row.due_date) for row in invoice.payment_schedule], [getdate("2025-03-01")])

    def test_a_template_of_terms_makes_the_schedule(self) -> None:
        template = terms_template(term(10, 40), term(30, 60))
        invoice = masters.make_sales_invoice(date="2025-03-01", payment_terms_template=template.name)
        self.assertEqual(
            [(str(getdate(row.due_date)), row.payment_amount) for row in invoice.payment_schedule],
            [("2025-03-11", 40), ("2025-03-31", 60)],
        )
        self.assertEqual(getdate(invoice.due_date), getdate("2025-03-31"))

    def test_the_terms_of_the_customer_are_taken(self) -> None:
        template = terms_template(term(14))
        customer = masters.make_customer(payment_terms=template.name)
        invoice = masters.make_sales_invoice(customer, date="2025-03-01")
        self.assertEqual(getdate(invoice.due_date), getdate("2025-03-15"))
        self.assertEqual(invoice.payment_terms_template, template.name)

    def test_the_end_of_the_month_can_be_counted_from(self) -> None:
        template = terms_template(
            {
                "invoice_portion": 100,
                "due_date_based_on": "Month(s) after the end of the invoice month",
                "credit_months": 1,
            }
        )
        invoice = masters.make_sales_invoice(date="2025-01-31", payment_terms_template=template.name)
        self.assertEqual(getdate(invoice.due_date), getdate("2025-02-28"))

    def test_a_due_date_before_the_posting_date_is_refused(self) -> None:
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_invoice(date="2025-03-02", due_date="2025-03-01")

    def test_the_terms_of_the_order_stay_with_the_order(self) -> None:
        template = terms_template(term(30))
        order = masters.make_sales_order(date="2025-03-01", payment_terms_template=template.name)
        self.assertEqual(getdate(order.payment_schedule[0].due_date), getdate("2025-03-31"))
        invoice = make_sales_invoice(order.name)
        self.assertFalse(invoice.payment_terms_template)


class TestAnInvoicesStatus(ERPNextCase):
    def test_it_is_unpaid_until_the_day_it_is_due_and_then_overdue(self) -> None:
        self.assertEqual(masters.make_sales_invoice(submit=False).status, "Draft")
        self.assertEqual(masters.make_sales_invoice(date=nowdate()).status, "Unpaid")
        self.assertEqual(masters.make_sales_invoice(date=add_days(nowdate(), -1)).status, "Overdue")

    def test_the_daily_job_makes_it_overdue(self) -> None:
        invoice = masters.make_sales_invoice(date=nowdate())
        yesterday = add_days(nowdate(), -1)
        frappe.db.set_value("Payment Schedule", {"parent": invoice.name}, "due_date", yesterday)
        frappe.db.set_value("Sales Invoice", invoice.name, "due_date", yesterday)
        update_invoice_status()
        invoice.reload()
        self.assertEqual(invoice.status, "Overdue")

    def test_a_part_paid_invoice_that_is_due_is_overdue(self) -> None:
        invoice = masters.make_sales_invoice(date=add_days(nowdate(), -1))
        masters.pay(invoice, 40)
        invoice.reload()
        self.assertEqual(invoice.status, "Overdue")

    def test_an_invoice_in_instalments_is_overdue_only_for_what_is_due(self) -> None:
        template = terms_template(term(0, 40), term(60, 60))
        invoice = masters.make_sales_invoice(
            date=add_days(nowdate(), -1), payment_terms_template=template.name
        )
        self.assertEqual(invoice.status, "Overdue")
        masters.pay(invoice, 40)
        invoice.reload()
        self.assertEqual(invoice.status, "Partly Paid")

    def test_cancelled_it_is_cancelled(self) -> None:
        invoice = masters.make_sales_invoice()
        invoice.cancel()
        invoice.reload()
        self.assertEqual((invoice.docstatus, invoice.status), (2, "Cancelled"))

    def test_a_draft_can_be_left_and_submitted_later(self) -> None:
        order = masters.make_sales_order()
        draft = masters.invoice_order(order, submit=False)
        order.reload()
        self.assertEqual((draft.status, order.per_billed), ("Draft", 0))
        frappe.get_doc("Sales Invoice", draft.name).submit()
        order.reload()
        self.assertEqual(order.per_billed, 100)

    def test_a_draft_can_be_deleted_and_a_submitted_one_cannot(self) -> None:
        masters.make_sales_invoice(submit=False).delete()
        with self.assertRaises(frappe.ValidationError):
            masters.make_sales_invoice().delete()


class TestClosedBooks(ERPNextCase):
    def test_an_invoice_needs_a_fiscal_year(self) -> None:
        with self.assertRaises(FiscalYearError):
            masters.make_sales_invoice(date=masters.day_without_fiscal_year())

    def test_frozen_books_refuse_an_invoice_up_to_that_day(self) -> None:
        settings = {"acc_frozen_upto": "2019-06-30", "frozen_accounts_modifier": "Auditor"}
        with change_settings("Accounts Settings", settings), self.set_user(accountant()):
            with self.assertRaises(frappe.ValidationError):
                masters.make_sales_invoice(date="2019-06-30")
            self.assertEqual(masters.make_sales_invoice(date="2019-07-01").docstatus, 1)

    def test_the_role_that_may_change_frozen_books_still_can(self) -> None:
        settings = {"acc_frozen_upto": "2019-06-30", "frozen_accounts_modifier": "Accounts Manager"}
        with change_settings("Accounts Settings", settings), self.set_user(accountant()):
            self.assertEqual(masters.make_sales_invoice(date="2019-06-30").docstatus, 1)

    def test_frozen_books_refuse_a_payment_too(self) -> None:
        order = masters.make_sales_order()
        settings = {"acc_frozen_upto": "2019-06-30", "frozen_accounts_modifier": "Auditor"}
        with (
            change_settings("Accounts Settings", settings),
            self.set_user(accountant()),
            self.assertRaises(frappe.ValidationError),
        ):
            masters.pay(order, date="2019-06-30")

    def test_a_closed_accounting_period_refuses_an_invoice(self) -> None:
        period = frappe.get_doc(
            {
                "doctype": "Accounting Period",
                "period_name": masters.unique("February 2020"),
                "company": masters.COMPANY,
                "start_date": "2020-02-01",
                "end_date": "2020-02-29",
                "closed_documents": [{"document_type": "Sales Invoice", "closed": 1}],
            }
        ).insert()
        try:
            with self.assertRaises(frappe.ValidationError):
                masters.make_sales_invoice(date="2020-02-15")
            self.assertEqual(masters.make_sales_invoice(date="2020-03-01").docstatus, 1)
        finally:
            period.delete()


class TestMissingAccounts(ERPNextCase):
    def test_an_invoice_without_income_account_is_refused(self) -> None:
        before = frappe.db.get_value("Company", masters.COMPANY, "default_income_account")
        frappe.db.set_value("Company", masters.COMPANY, "default_income_account", None)
        frappe.clear_document_cache("Company", masters.COMPANY)
        try:
            with self.assertRaises(frappe.ValidationError):
                masters.make_sales_invoice()
        finally:
            frappe.db.set_value("Company", masters.COMPANY, "default_income_account", before)
            frappe.clear_document_cache("Company", masters.COMPANY)


class TestReturns(ERPNextCase):
    def test_the_return_of_an_unpaid_invoice_settles_it(self) -> None:
        invoice = masters.make_sales_invoice()
        note = make_sales_return(invoice.name)
        self.assertEqual((note.is_return, note.return_against), (1, invoice.name))
        self.assertEqual((note.items[0].qty, note.grand_total), (-1, -100))
        note.update_outstanding_for_self = 0
        note.insert()
        note.submit()
        for document in (invoice, note):
            document.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Credit Note Issued", 0))
        self.assertEqual((note.status, note.outstanding_amount), ("Return", 0))

    def test_a_part_can_be_returned(self) -> None:
        invoice = masters.make_sales_invoice(
            items=[{"item_code": masters.make_item(), "qty": 4, "rate": 25}], due_date=add_days(nowdate(), 9)
        )
        note = make_sales_return(invoice.name)
        note.items[0].qty = -1
        note.update_outstanding_for_self = 0
        note.insert()
        note.submit()
        invoice.reload()
        self.assertEqual(
            (note.grand_total, invoice.outstanding_amount, invoice.status), (-25, 75, "Partly Paid")
        )

    def test_the_return_of_a_paid_invoice_is_a_credit_of_its_own(self) -> None:
        invoice = masters.make_sales_invoice()
        masters.pay(invoice)
        note = make_sales_return(invoice.name)
        note.insert()
        note.submit()
        for document in (invoice, note):
            document.reload()
        self.assertEqual((note.update_outstanding_for_self, note.outstanding_amount), (1, -100))
        self.assertEqual((invoice.outstanding_amount, invoice.status), (0, "Paid"))
        self.assertEqual(note.status, "Return")

    def test_the_return_of_an_invoice_that_took_advances_is_refused_until_they_are_cleared(self) -> None:
        order = masters.make_sales_order()
        masters.pay(order)
        invoice = masters.invoice_order(
            order, allocate_advances_automatically=1, only_include_allocated_payments=1
        )
        note = make_sales_return(invoice.name)
        self.assertEqual(len(note.advances), 1)
        with self.assertRaises(frappe.ValidationError):
            note.insert()
        note = make_sales_return(invoice.name)
        note.update({"advances": [], "allocate_advances_automatically": 0})
        note.insert()
        note.submit()
        note.reload()
        self.assertEqual((note.status, note.outstanding_amount), ("Return", -100))

    def test_a_return_of_no_quantity_gives_back_the_rate(self) -> None:
        invoice = masters.make_sales_invoice(items=[{"item_code": masters.make_item(), "qty": 4, "rate": 25}])
        note = make_sales_return(invoice.name)
        note.items[0].qty = 0
        note.insert()
        self.assertEqual(note.grand_total, -25)

    def test_taxes_are_returned_too(self) -> None:
        template = masters.make_tax_template(20)
        invoice = masters.make_sales_invoice(taxes_and_charges=template.name)
        self.assertEqual(make_sales_return(invoice.name).grand_total, -120)

    def test_more_than_was_billed_cannot_be_returned(self) -> None:
        invoice = masters.make_sales_invoice()
        note = make_sales_return(invoice.name)
        note.items[0].qty = -2
        with self.assertRaises(frappe.ValidationError):
            note.insert()

    def test_a_second_return_finds_only_what_is_left(self) -> None:
        invoice = masters.make_sales_invoice(items=[{"item_code": masters.make_item(), "qty": 4, "rate": 25}])
        first = make_sales_return(invoice.name)
        first.items[0].qty = -1
        first.insert()
        first.submit()
        self.assertEqual(make_sales_return(invoice.name).items[0].qty, -3)

    def test_the_order_stays_billed_when_its_invoice_is_returned(self) -> None:
        order = masters.make_sales_order(skip_delivery_note=1)
        note = make_sales_return(masters.invoice_order(order).name)
        note.insert()
        note.submit()
        order.reload()
        self.assertEqual((order.per_billed, order.status), (100, "Completed"))

    def test_cancelling_the_return_opens_the_invoice_again(self) -> None:
        invoice = masters.make_sales_invoice(date=nowdate())
        note = make_sales_return(invoice.name)
        note.update_outstanding_for_self = 0
        note.insert()
        note.submit()
        note.reload()
        note.cancel()
        invoice.reload()
        self.assertEqual((invoice.status, invoice.outstanding_amount), ("Unpaid", 100))

    def test_an_invoice_with_a_return_cannot_be_cancelled(self) -> None:
        invoice = masters.make_sales_invoice()
        note = make_sales_return(invoice.name)
        note.insert()
        note.submit()
        invoice.reload()
        with self.assertRaises(frappe.ValidationError):
            invoice.cancel()


class TestQuotations(ERPNextCase):
    def test_a_quotation_becomes_an_order(self) -> None:
        quotation = masters.make_quotation()
        self.assertEqual((quotation.status, quotation.grand_total), ("Open", 100))
        order = make_sales_order(quotation.name)
        order.delivery_date = add_to_date(nowdate(), days=1)
        order.insert()
        order.submit()
        quotation.reload()
        self.assertEqual((order.customer, order.grand_total), (quotation.party_name, 100))
        self.assertEqual(order.items[0].prevdoc_docname, quotation.name)
        self.assertEqual(quotation.status, "Ordered")
        order.cancel()
        quotation.reload()
        self.assertEqual(quotation.status, "Open")


def accountant() -> str:
    """A user who may do all that billing needs, but who is no Administrator."""
    email = "sp.accountant@example.com"
    if not frappe.db.exists("User", email):
        frappe.get_doc(
            {
                "doctype": "User",
                "email": email,
                "first_name": "Accountant",
                "send_welcome_email": 0,
                "roles": [
                    {"role": role}
                    for role in (
                        "Accounts Manager",
                        "Accounts User",
                        "Sales User",
                        "Sales Manager",
                        "Sales Master Manager",
                        "Item Manager",
                    )
                ],
            }
        ).insert(ignore_permissions=True)
    return email
