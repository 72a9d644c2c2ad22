"""Ending a subscription: at once, at a date, at the period's end; what is withdrawn, credited, committed, undone."""

import frappe

from subscription_plus.sp_billing import cancellation
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    documents_of,
    events_of,
    invoices_of,
    line,
    live,
    make_subscription,
    pay_invoice,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.terms import each_item_once

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class CancellingCase(BillingCase):
    def billed(self, recurrence=None, **values):
        """28 a month from 1 February 2026 on, billed for February."""
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", recurrence=recurrence or {}, **{"lines": [line(28)], **values}
            )
            advance(subscription)
        return subscription

    def status(self, subscription) -> str:
        return frappe.db.get_value("SP Subscription", subscription.name, "status")


class TestAtThePeriodsEnd(CancellingCase):
    def test_it_runs_to_the_end_of_the_period_and_no_further_26306(self) -> None:
        subscription = self.billed(INVOICE_ONLY)
        with at("2026-02-10"):
            last = cancellation.cancel(subscription.name, reason="Moves away")
            self.assertEqual((str(last), self.status(subscription)), ("2026-02-28", "Active"))
        self.assertEqual(live(subscription, "2026-02-10", "2026-03-10"), [])
        self.assertEqual(self.status(subscription), "Cancelled")
        event = events_of(subscription, "Cancelled")[0]
        self.assertEqual(event.message, "Moves away")
        self.assertIn("2026-02-28", event.after)

    def test_announcing_an_end_changes_no_period_before_the_last(self) -> None:
        with at("2026-01-31"):
            subscription = make_subscription("2026-01-31", recurrence=INVOICE_ONLY)
            cancellation.cancel(subscription.name, "Date", frappe.utils.getdate("2026-04-29"))
        with at("2026-06-01"):
            advance(subscription)
        spans = [(str(row.start_date), str(row.end_date), row.total) for row in periods_of(subscription)]
        self.assertEqual(
            spans,
            [
                ("2026-01-31", "2026-02-27", 30),
                ("2026-02-28", "2026-03-30", 30),
                ("2026-03-31", "2026-04-29", 30),
            ],
        )

    def test_in_a_trial_it_ends_with_the_trial(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", trial_until="2026-02-14")
            last = cancellation.cancel(subscription.name)
        self.assertEqual(str(last), "2026-02-14")
        self.assertEqual(live(subscription, "2026-02-10", "2026-02-20"), [])


class TestAtOnce(CancellingCase):
    def test_the_open_order_gives_way_to_one_for_the_days_used(self) -> None:
        subscription = self.billed()
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now")
            self.assertEqual(counts(subscription), (0, 0, 0))
            advance(subscription)
            pay_order(subscription)
            advance(subscription)
        self.assertEqual(counts(subscription), (1, 1, 1))
        self.assertEqual(invoices_of(subscription)[0].grand_total, 10)
        self.assert_paid_in_full(subscription)

    def test_the_open_order_stays_where_the_last_invoice_is_not_prorated(self) -> None:
        subscription = self.billed()
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now", prorate=False)
            advance(subscription)
        self.assertEqual([row.grand_total for row in documents_of(subscription, "Sales Order")], [28])

    def test_what_was_paid_stays_without_a_credit_note_unless_one_is_wanted(self) -> None:
        subscription = self.billed()
        with at("2026-02-03"):
            pay_order(subscription)
            advance(subscription)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now")
            self.assertEqual(advance(subscription).documents, [])
        self.assert_paid_in_full(subscription)

    def test_before_its_first_day_it_never_bills(self) -> None:
        with at("2026-01-20"):
            subscription = make_subscription("2026-02-01")
            last = cancellation.cancel(subscription.name, "Now")
        self.assertEqual(str(last), "2026-01-31")
        self.assertEqual(live(subscription, "2026-01-20", "2026-02-05"), [])


class TestCreditNote(CancellingCase):
    def test_unused_days_of_an_unpaid_invoice_are_taken_off_it(self) -> None:
        subscription = self.billed(INVOICE_ONLY)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now", credit_unused_days=True)
            advance(subscription)
            advance(subscription)
        invoice, note = invoices_of(subscription)
        self.assertEqual((note.is_return, note.return_against, note.grand_total), (1, invoice.name, -18))
        self.assertEqual(invoice.outstanding_amount, 10)
        period = periods_of(subscription)[0]
        self.assertEqual((period.credit_note, str(period.credited_from)), (note.name, "2026-02-11"))

    def test_the_rest_is_what_is_asked_for_and_paid(self) -> None:
        subscription = self.billed({"invoice_before_payment": 1})
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now", credit_unused_days=True)
            advance(subscription)
            masters.pay(invoices_of(subscription)[0])
            self.work_off()
        self.assertEqual(invoices_of(subscription)[0].outstanding_amount, 0)
        self.assertEqual(periods_of(subscription)[0].status, "Paid")

    def test_a_credit_is_to_the_cent_over_several_units(self) -> None:
        subscription = self.billed(INVOICE_ONLY, lines=[line(9.99, qty=3), line(100, once=1)])
        with at("2026-02-10"), each_item_once():
            cancellation.cancel(subscription.name, "Now", credit_unused_days=True)
            advance(subscription)
        note = invoices_of(subscription)[1]
        self.assertEqual(note.grand_total, -19.27)  # 29.97 x 18/28, and nothing of the set-up fee

    def test_days_of_a_future_date_are_credited_when_that_day_has_come_54079(self) -> None:
        subscription = self.billed(INVOICE_ONLY)
        with at("2026-02-05"):
            cancellation.cancel(
                subscription.name, "Date", frappe.utils.getdate("2026-02-14"), credit_unused_days=True
            )
        self.assertEqual(live(subscription, "2026-02-05", "2026-02-20"), [("2026-02-14", "Sales Invoice")])
        self.assertEqual(invoices_of(subscription)[0].outstanding_amount, 14)

    def test_a_paid_invoice_is_credited_too(self) -> None:
        subscription = self.billed(INVOICE_ONLY)
        with at("2026-02-10"):
            pay_invoice(subscription)
            cancellation.cancel(subscription.name, "Now", credit_unused_days=True)
            advance(subscription)
            self.assertEqual(advance(subscription).documents, [])
        self.assertEqual(invoices_of(subscription)[1].grand_total, -18)


class TestUndo(CancellingCase):
    def test_before_its_day_a_cancellation_is_taken_back_and_the_periods_stay(self) -> None:
        subscription = self.billed(INVOICE_ONLY)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name)
        with at("2026-02-20"):
            cancellation.undo(subscription.name)
        with at("2026-03-01"):
            advance(subscription)
        self.assertEqual(
            [str(row.start_date) for row in periods_of(subscription)], ["2026-02-01", "2026-03-01"]
        )

    def test_after_its_day_it_is_refused(self) -> None:
        subscription = self.billed(INVOICE_ONLY)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now")
            with self.assert_refused("Restart it instead"):
                cancellation.undo(subscription.name)

    def test_without_a_cancellation_it_is_refused(self) -> None:
        with self.assert_refused("not cancelled"):
            cancellation.undo(self.billed(INVOICE_ONLY).name)


class TestRefused(CancellingCase):
    def test_twice(self) -> None:
        subscription = self.billed(INVOICE_ONLY)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name)
            with self.assert_refused("cancelled already"):
                cancellation.cancel(subscription.name, "Now")

    def test_in_the_past_without_a_date_or_after_the_contract(self) -> None:
        subscription = self.billed(INVOICE_ONLY, end_date="2026-06-30")
        day = frappe.utils.getdate
        with at("2026-02-10"):
            with self.assert_refused("past"):
                cancellation.cancel(subscription.name, "Date", day("2026-02-05"))
            with self.assert_refused("Say when"):
                cancellation.cancel(subscription.name, "Date")
            with self.assert_refused("Say when"):
                cancellation.cancel(subscription.name, "Tomorrow", day("2026-02-11"))
            with self.assert_refused("by contract"):
                cancellation.cancel(subscription.name, "Date", day("2026-07-01"))
        self.assertEqual(events_of(subscription, "Cancelled"), [])

    def test_before_the_commitment_ends_without_the_right_to_override_it(self) -> None:
        subscription = self.billed(INVOICE_ONLY, commitment_until="2026-12-31")
        with at("2026-02-10"), self.set_user(self.user("Sales Manager")):
            with self.assert_refused("committed until"):
                cancellation.cancel(subscription.name)
            last = cancellation.cancel(subscription.name, "Date", frappe.utils.getdate("2026-12-31"))
        self.assertEqual(str(last), "2026-12-31")

    def test_the_role_of_the_settings_overrides_the_commitment(self) -> None:
        subscription = self.billed(INVOICE_ONLY, commitment_until="2026-12-31")
        with at("2026-02-10"), self.set_user(self.user("Accounts Manager")):
            self.assertEqual(str(cancellation.cancel(subscription.name)), "2026-02-28")
