"""Money that a person books: in one go, in parts, too much, undone, by journal; and money for something else."""

import frappe

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    documents_of,
    invoices_of,
    last_invoice,
    last_order,
    make_subscription,
    pay_invoice,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.terms import money_on_account, reconcile, settle_by_journal


class PayingCase(BillingCase):
    def asked(self, **recurrence):
        """A subscription over 30 that has asked for January 2026."""
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=recurrence)
            advance(subscription)
        return subscription

    def status(self, subscription) -> str:
        return periods_of(subscription)[0].status


class TestPayingTheOrder(PayingCase):
    def test_a_payment_is_heard_of_without_waiting_for_the_hourly_run(self) -> None:
        subscription = self.asked()
        with at("2026-01-04"):
            payment = pay_order(subscription)
            self.assertEqual(payment.sp_subscription, subscription.name)
            self.work_off()
        self.assertEqual(counts(subscription), (1, 1, 1))
        self.assert_paid_in_full(subscription)
        subscription.reload()
        self.assertEqual(subscription.billing_status, "Up to Date")

    def test_paid_in_parts_it_is_invoiced_after_the_last_20289(self) -> None:
        subscription = self.asked()
        with at("2026-01-04"):
            pay_order(subscription, 10)
            self.work_off()
            self.assertEqual(
                (counts(subscription), self.status(subscription)), ((1, 1, 0), "Awaiting Payment")
            )
            self.assertEqual(periods_of(subscription)[0].outstanding, 20)
        with at("2026-01-09"):
            pay_order(subscription)
            self.work_off()
        self.assertEqual(counts(subscription), (1, 1, 1))
        self.assert_paid_in_full(subscription)

    def test_what_is_paid_too_much_stays_on_account_and_pays_no_other_period(self) -> None:
        subscription = self.asked()
        with at("2026-01-04"):
            payment = pay_order(subscription, paid_amount=90, received_amount=90)
            self.work_off()
        with at("2026-02-01"):
            advance(subscription)
            advance(subscription)
        payment.reload()
        self.assertEqual(payment.unallocated_amount, 60)
        self.assertEqual([row.status for row in periods_of(subscription)], ["Paid", "Awaiting Payment"])

    def test_cancelled_before_the_invoice_it_waits_for_payment_again(self) -> None:
        subscription = self.asked()
        with at("2026-01-04"):
            pay_order(subscription).cancel()
            self.work_off()
            self.assertEqual(
                (counts(subscription), self.status(subscription)), ((1, 1, 0), "Awaiting Payment")
            )
            pay_order(subscription)
            self.work_off()
        self.assert_paid_in_full(subscription)

    def test_cancelled_after_the_invoice_the_invoice_is_asked_for(self) -> None:
        subscription = self.asked()
        with at("2026-01-04"):
            payment = pay_order(subscription)
            self.work_off()
            payment.reload()
            payment.cancel()
            self.work_off()
            self.assertEqual(self.status(subscription), "Awaiting Payment")
            self.assertEqual(last_invoice(subscription).outstanding_amount, 30)
            request = frappe.get_doc("Payment Request", periods_of(subscription)[0].payment_request)
            self.assertEqual(request.reference_name, last_invoice(subscription).name)
            pay_invoice(subscription)
            self.work_off()
        self.assertEqual(counts(subscription)[2], 1)
        self.assertEqual((self.status(subscription), last_invoice(subscription).status), ("Paid", "Paid"))


class TestPayingTheInvoice(PayingCase):
    def test_in_parts(self) -> None:
        subscription = self.asked(invoice_before_payment=1)
        with at("2026-01-04"):
            pay_invoice(subscription, 12)
            self.work_off()
            self.assertEqual(periods_of(subscription)[0].outstanding, 18)
            pay_invoice(subscription)
            self.work_off()
        self.assertEqual(counts(subscription), (1, 1, 1))
        self.assert_paid_in_full(subscription)

    def test_a_cancelled_payment_reopens_the_period_and_another_closes_it(self) -> None:
        subscription = self.asked(invoice_before_payment=1)
        with at("2026-01-04"):
            payment = pay_invoice(subscription)
            self.work_off()
            self.assertEqual(self.status(subscription), "Paid")
            payment.reload()
            payment.cancel()
            self.work_off()
            self.assertEqual(self.status(subscription), "Awaiting Payment")
            pay_invoice(subscription)
            self.work_off()
        self.assertEqual((self.status(subscription), counts(subscription)[2]), ("Paid", 1))

    def test_money_on_account_that_a_person_reconciles_with_it_settles_it(self) -> None:
        if not frappe.db.exists("DocType", "Payment Reconciliation"):
            self.skipTest("This host reconciles nothing")
        subscription = self.asked(invoice_before_payment=1)
        with at("2026-01-04"):
            reconcile(money_on_account(subscription.customer, 30), last_invoice(subscription))
            self.work_off()
        self.assertEqual(self.status(subscription), "Paid")

    def test_a_journal_entry_settles_it_and_the_request_is_withdrawn(self) -> None:
        if not frappe.db.exists("DocType", "Journal Entry"):
            self.skipTest("This host keeps no journal")
        subscription = self.asked(invoice_before_payment=1)
        with at("2026-01-04"):
            settle_by_journal(last_invoice(subscription))
            self.work_off()
        self.assertEqual(self.status(subscription), "Paid")
        self.assertEqual(documents_of(subscription, "Payment Request"), [])

    def test_late_it_is_past_due_until_it_is_paid(self) -> None:
        subscription = self.asked(invoice_before_payment=1, days_until_due=7)
        seen = []
        for day in ("2026-01-08", "2026-01-09"):
            with at(day):
                advance(subscription)
                seen.append(frappe.db.get_value("SP Subscription", subscription.name, "billing_status"))
        with at("2026-01-20"):
            pay_invoice(subscription)
            self.work_off()
            seen.append(frappe.db.get_value("SP Subscription", subscription.name, "billing_status"))
        self.assertEqual(seen, ["Awaiting Payment", "Past Due", "Up to Date"])

    def test_a_payment_nobody_told_of_is_found_the_next_day(self) -> None:
        subscription = self.asked(invoice_before_payment=1)
        with at("2026-01-04"):
            pay_invoice(subscription)
            self.jobs.clear()  # the queue was lost
        with at("2026-01-05", "01:00"):
            advance(subscription)
        self.assert_paid_in_full(subscription)


class TestMoneyForSomethingElse(PayingCase):
    def test_the_payment_of_another_order_is_never_taken(self) -> None:
        subscription = self.asked()
        with at("2026-01-04"):
            other = masters.make_sales_order(subscription.customer)
            masters.pay(other)
            pay_order(subscription)
            self.work_off()
        other.reload()
        self.assertEqual(other.advance_paid, 100)
        self.assertEqual([row.allocated_amount for row in last_invoice(subscription).advances], [30])

    def test_money_on_account_is_never_taken(self) -> None:
        with at("2025-12-30"):
            customer = masters.make_customer().name
            payment = money_on_account(customer, 500)
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", customer=customer, recurrence={"invoice_before_payment": 1}
            )
            advance(subscription)
        payment.reload()
        self.assertEqual(payment.unallocated_amount, 500)
        self.assertEqual(invoices_of(subscription)[0].outstanding_amount, 30)

    def test_an_order_of_the_same_customer_does_not_wake_the_subscription(self) -> None:
        subscription = self.asked()
        with at("2026-01-04"):
            masters.pay(masters.make_sales_order(subscription.customer))
            self.assertEqual(self.jobs, [])
        self.assertEqual(last_order(subscription).advance_paid, 0)
