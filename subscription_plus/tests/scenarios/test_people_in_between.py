"""What people do with a period's documents: invoice, cancel, amend, close; the period follows, never doubles."""

import frappe

from subscription_plus.api import subscriptions as api
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    documents_of,
    last_invoice,
    last_order,
    live,
    make_subscription,
    pay_invoice,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.terms import give_back


def amend(document):
    """Cancel a document, and submit the copy that takes its place."""
    document.cancel()
    copy = frappe.copy_doc(document)
    copy.docstatus, copy.amended_from = 0, document.name
    copy.insert()
    copy.submit()
    return copy


class TestPeople(BillingCase):
    def asked(self, **recurrence):
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=recurrence)
            advance(subscription)
        return subscription

    def period(self, subscription):
        return periods_of(subscription)[0]

    def test_an_invoice_that_a_person_makes_of_the_order_is_the_periods(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            invoice = masters.invoice_order(last_order(subscription))
            self.work_off()
            self.assertEqual(self.period(subscription).sales_invoice, invoice.name)
            invoice.reload()
            self.assertEqual(invoice.sp_subscription, subscription.name)
            pay_invoice(subscription)
            self.work_off()
        self.assertEqual(counts(subscription)[2], 1)
        self.assertEqual(self.period(subscription).status, "Paid")

    def test_the_request_on_an_invoiced_order_gives_way_to_one_on_the_invoice(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            invoice = masters.invoice_order(last_order(subscription))
            self.work_off()
        (request,) = documents_of(subscription, "Payment Request")
        self.assertEqual((request.reference_doctype, request.reference_name), ("Sales Invoice", invoice.name))

    def test_a_draft_that_a_person_makes_of_the_order_is_waited_for(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            invoice = masters.invoice_order(last_order(subscription), submit=False)
            pay_order(subscription)
            self.work_off()
            self.assertEqual(
                (self.period(subscription).status, self.period(subscription).sales_invoice),
                ("Draft Invoice", invoice.name),
            )
        self.assertEqual(live(subscription, "2026-01-04", "2026-01-06"), [])

    def test_a_cancelled_order_makes_the_period_void_and_nothing_anew(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            last_order(subscription).cancel()
            self.work_off()
        self.assertEqual(self.period(subscription).status, "Void")
        self.assertEqual(live(subscription, "2026-01-04", "2026-01-06"), [])

    def test_a_void_period_is_billed_again_when_a_person_says_so(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            last_order(subscription).cancel()
            self.work_off()
            api.bill_again(self.period(subscription).name)
            self.assertEqual(counts(subscription), (1, 1, 0))
            pay_order(subscription)
            self.work_off()
        self.assert_paid_in_full(subscription)

    def test_only_a_void_period_can_be_billed_again(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"), self.assert_refused("Only a void period"):
            api.bill_again(self.period(subscription).name)

    def test_a_cancelled_invoice_makes_the_period_void(self) -> None:
        subscription = self.asked(make_sales_order=0)
        with at("2026-01-03"):
            last_invoice(subscription).cancel()
            self.work_off()
        self.assertEqual(self.period(subscription).status, "Void")

    def test_an_amended_order_is_taken_over(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            amended = amend(last_order(subscription))
            self.work_off()
            self.assertEqual(self.period(subscription).sales_order, amended.name)
            masters.pay(amended)
            self.work_off()
        self.assertEqual(self.period(subscription).status, "Paid")
        self.assertEqual(
            frappe.db.count("Sales Order", {"customer": subscription.customer, "docstatus": 1}), 1
        )

    def test_an_amended_invoice_is_taken_over(self) -> None:
        subscription = self.asked(make_sales_order=0)
        with at("2026-01-03"):
            amended = amend(last_invoice(subscription))
            self.work_off()
            self.assertEqual(self.period(subscription).sales_invoice, amended.name)
            masters.pay(amended)
            self.work_off()
        self.assertEqual(self.period(subscription).status, "Paid")
        self.assertEqual(
            frappe.db.count("Sales Invoice", {"customer": subscription.customer, "docstatus": 1}), 1
        )

    def test_a_closed_order_bills_nothing(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            last_order(subscription).update_status("Closed")
            advance(subscription)
        self.assertEqual(self.period(subscription).status, "Void")

    def test_a_request_that_a_person_cancelled_is_not_made_again(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            documents_of(subscription, "Payment Request")[0].cancel()
        self.assertEqual(live(subscription, "2026-01-04", "2026-01-06"), [])
        self.assertEqual(self.period(subscription).status, "Awaiting Payment")

    def test_an_order_that_gets_the_name_of_a_deleted_one_stays_its_owners(self) -> None:
        first = self.asked()
        with at("2026-01-03"):
            order = last_order(first)
            order.cancel()
            self.work_off()
            order.reload()
            for request in frappe.get_all("Payment Request", {"reference_name": order.name}, pluck="name"):
                frappe.delete_doc("Payment Request", request)
            order.delete()
            second = self.asked()
            self.assertEqual(last_order(second).name, order.name)
            pay_order(second)
            self.work_off()
        self.assertEqual((self.period(first).status, self.period(first).sales_order), ("Void", None))
        self.assertEqual(counts(first), (0, 0, 0))
        self.assert_paid_in_full(second)

    def test_an_invoice_that_gets_the_name_of_a_deleted_draft_stays_its_owners(self) -> None:
        drafts = {"make_sales_order": 0, "submit_invoice": 0}
        first = self.asked(**drafts)
        with at("2026-01-03"):
            draft = last_invoice(first)
            draft.delete()
            self.work_off()
            second = self.asked(**drafts)
            self.assertEqual(last_invoice(second).name, draft.name)
            last_invoice(second).submit()
            self.work_off()
        self.assertEqual((self.period(first).status, self.period(first).sales_invoice), ("Void", None))
        self.assertEqual((counts(first), counts(second)), ((0, 0, 0), (0, 1, 1)))

    def test_a_return_that_a_person_makes_closes_the_period_54079(self) -> None:
        subscription = self.asked(make_sales_order=0)
        with at("2026-01-03"):
            give_back(last_invoice(subscription), 1)
            self.work_off()
        self.assertEqual(
            (self.period(subscription).status, self.period(subscription).outstanding), ("Paid", 0)
        )
        self.assertEqual(live(subscription, "2026-01-04", "2026-01-06"), [])
