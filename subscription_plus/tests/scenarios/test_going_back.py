"""Money that goes back: debits that fail after days, refunds here and at the gateway, disputes."""

import frappe
from frappe.utils import now_datetime

from subscription_plus.sp_payments import attempts, gateways, refunds, settling
from subscription_plus.tests.support.billing import (
    advance,
    at,
    events_of,
    invoices_of,
    last_invoice,
    periods_of,
)
from subscription_plus.tests.support.stripe import (
    SEPA,
    SEPA_THAT_FAILS,
    PaymentsCase,
    attempts_of,
    booked,
    make_policy,
    newest_attempt,
    next_run,
    statuses,
)


class TestDebits(PaymentsCase):
    def test_on_its_way_for_days_and_then_there(self) -> None:
        subscription = self.subscribed(method=SEPA)
        self.assertEqual(
            (statuses(subscription), self.card(subscription).kind), (["Processing"], "SEPA Debit")
        )
        for day in (2, 3, 4):
            next_run(subscription, f"2026-01-{day:02}")
            with at(f"2026-01-{day:02}", "10:00"):
                settling.ask_waiting()
        self.assertEqual(
            (statuses(subscription), periods_of(subscription)[0].status),
            (["Processing"], "Payment Processing"),
        )
        with at("2026-01-07"):
            settling.ask_waiting()
        self.assertEqual(statuses(subscription), ["Succeeded"])
        self.assert_paid_once(subscription)

    def test_failed_after_days_it_is_owed_and_dunned_and_not_taken_again_by_itself(self) -> None:
        subscription = self.subscribed(method=SEPA_THAT_FAILS)
        with at("2026-01-07"):
            settling.ask_waiting()
            advance(subscription)
        self.assertEqual((statuses(subscription), self.captured(subscription)), (["Failed"], 0))
        period = periods_of(subscription)[0]
        self.assertEqual((period.status, str(period.dunning_since)), ("Awaiting Payment", "2026-01-07"))
        self.assert_books_agree()


class TestRefunds(PaymentsCase):
    def test_in_part_and_then_the_rest(self) -> None:
        subscription = self.subscribed()
        attempt = newest_attempt(subscription, kind="Charge").name
        with at("2026-01-05"):
            refunds.refund(attempt, 10)
        self.assertEqual(booked([row["id"] for row in self.intents(subscription)]), 20)
        with at("2026-01-06"):
            refunds.refund(attempt, 20)
        self.assertEqual(booked([row["id"] for row in self.intents(subscription)]), 0)
        self.assertEqual(statuses(subscription), ["Reversed"])
        self.assert_books_agree()

    def test_never_more_than_came_in(self) -> None:
        subscription = self.subscribed()
        attempt = newest_attempt(subscription, kind="Charge").name
        with at("2026-01-05"):
            for amount in (30.01, 0, -1):
                with self.assert_refused("Between 0 and"):
                    refunds.refund(attempt, amount)
            refunds.refund(attempt, 25)
            with self.assert_refused("Between 0 and"):
                refunds.refund(attempt, 6)
        self.assert_books_agree()

    def test_the_same_amount_twice_is_two_refunds(self) -> None:
        subscription = self.subscribed()
        attempt = newest_attempt(subscription, kind="Charge").name
        with at("2026-01-05"):
            refunds.refund(attempt, 7)
            refunds.refund(attempt, 7)
        self.assertEqual(booked([row["id"] for row in self.intents(subscription)]), 16)
        self.assert_books_agree()

    def test_a_part_at_the_gateway(self) -> None:
        subscription = self.subscribed()
        attempt = newest_attempt(subscription, kind="Charge")
        with at("2026-01-05"):
            self.new_events()
            self.refund_at_the_gateway(attempt, 1250)
            self.deliver(self.new_events())
        self.assertEqual(booked([attempt.payment_id]).normalize(), 17.5)
        self.assertEqual(periods_of(subscription)[0].status, "Paid")
        self.assert_books_agree()

    def test_all_of_it_at_the_gateway_opens_the_period_and_is_not_charged_again(self) -> None:
        subscription = self.subscribed(dunning_policy=make_policy({"days": 2, "retry": 1}))
        attempt = newest_attempt(subscription, kind="Charge")
        with at("2026-01-05"):
            self.new_events()
            self.refund_at_the_gateway(attempt, 3000)
            self.deliver(self.new_events())
            self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")
        for day in (5, 6, 7, 8, 9):
            next_run(subscription, f"2026-01-{day:02}", "12:00")
        self.assertEqual((statuses(subscription), self.captured(subscription)), (["Reversed"], 3000))
        self.assert_books_agree()

    def test_what_a_credit_note_gives_back_goes_back_the_way_it_came(self) -> None:
        subscription = self.subscribed()
        with at("2026-01-05"):
            note = self.credit(last_invoice(subscription).name)
            refunds.refund_credit_note(note)
            self.work_off()
            advance(subscription)
        self.assertEqual(statuses(subscription), ["Reversed"])
        self.assertEqual(
            frappe.db.get_value("Sales Invoice", note, ["outstanding_amount", "status"]), (0, "Return")
        )
        self.assertEqual(last_invoice(subscription).outstanding_amount, 0)
        self.assertEqual(events_of(subscription, "Dunning Started"), [])
        self.assertEqual(len(attempts_of(subscription, kind="Charge")), 1)
        self.assert_books_agree()

    def credit(self, invoice: str) -> str:
        from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

        note = make_sales_return(invoice)
        note.set("advances", [])
        note.insert()
        note.submit()
        return note.name

    def refund_at_the_gateway(self, attempt, cents: int) -> None:
        from subscription_plus.sp_payments import gateways

        gateways.of(attempt.account).refund(attempt.payment_id, cents, f"by-hand-{attempt.name}-{cents}")


class TestDisputes(PaymentsCase):
    def disputed(self, **options):
        subscription = self.subscribed(dunning_policy=make_policy({"days": 2, "retry": 1}))
        attempt = newest_attempt(subscription, kind="Charge")
        with at("2026-01-05"):
            self.new_events()
            self.dispute = self.control.dispute(payment_intent=attempt.payment_id, **options)["id"]
            self.deliver(self.new_events())
        return subscription

    def close(self, subscription, outcome):
        with at("2026-01-20"):
            self.new_events()
            self.control.close_dispute(self.dispute, outcome)
            self.deliver(self.new_events())
            advance(subscription)

    def test_it_takes_the_money_and_the_period_is_owed(self) -> None:
        subscription = self.disputed()
        self.assertEqual(statuses(subscription), ["Reversed"])
        self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")
        self.assert_books_agree()

    def test_the_customer_who_disputes_is_not_charged_again_by_itself(self) -> None:
        subscription = self.disputed()
        for day in range(5, 12):
            next_run(subscription, f"2026-01-{day:02}", "12:00")
        self.assertEqual(len(attempts_of(subscription, kind="Charge")), 1)
        self.assertEqual(len(invoices_of(subscription)), 1)

    def test_lost_it_stays_so(self) -> None:
        subscription = self.disputed()
        self.close(subscription, "lost")
        self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")
        self.assert_books_agree()

    def test_won_the_money_is_back_and_the_period_paid(self) -> None:
        subscription = self.disputed()
        self.close(subscription, "won")
        self.assertEqual(statuses(subscription), ["Succeeded"])
        self.assertEqual(periods_of(subscription)[0].status, "Paid")
        self.assertIsNone(periods_of(subscription)[0].dunning_since)
        self.assertEqual(last_invoice(subscription).outstanding_amount, 0)
        self.assert_books_agree()

    def test_an_answer_from_before_the_dispute_that_comes_late_is_no_won_dispute(self) -> None:
        for options in ({}, {"amount": 1000}):
            with self.subTest(options):
                subscription = self.subscribed()
                attempt = newest_attempt(subscription, kind="Charge")
                with at("2026-01-10"):
                    before = gateways.of(attempt.account).look_up(
                        attempts.order_of(attempt), attempt.payment_id, None
                    )
                    asked = now_datetime()
                    self.control.dispute(payment_intent=attempt.payment_id, **options)
                    self.deliver(self.new_events("charge.dispute.created"))
                    attempts.apply(attempt.name, before, asked)
                self.assert_books_agree()

    def test_over_a_part_only_that_part_goes_back_and_comes_in_again_when_won(self) -> None:
        subscription = self.disputed(amount=1000)
        attempt = newest_attempt(subscription, kind="Charge")
        self.assertEqual((attempt.status, booked([attempt.payment_id])), ("Succeeded", 20))
        self.assert_books_agree()
        self.close(subscription, "won")
        self.assertEqual(booked([attempt.payment_id]), 30)
        self.assert_books_agree()

    def test_a_refund_of_a_part_and_then_a_dispute_over_the_rest(self) -> None:
        subscription = self.subscribed()
        attempt = newest_attempt(subscription, kind="Charge")
        with at("2026-01-05"):
            refunds.refund(attempt.name, 10)
            self.new_events()
            self.control.dispute(payment_intent=attempt.payment_id, amount=2000)
            self.deliver(self.new_events())
        self.assertEqual((statuses(subscription), booked([attempt.payment_id])), (["Reversed"], 0))
        self.assert_books_agree()
        self.assertTrue(frappe.db.get_value("SP Payment Attempt", attempt.name, "disputed"))
