"""Customers who pay by card: on a page, by a registered method, in a trial, and when the bank wants them."""

import frappe

from subscription_plus.sp_payments import pages, settling
from subscription_plus.tests.support.billing import (
    advance,
    at,
    counts,
    events_of,
    mails_about,
    make_subscription,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.stripe import (
    MAIL,
    SEPA,
    VISA,
    PaymentsCase,
    attempts_of,
    newest_attempt,
    next_run,
    receipts,
    statuses,
)


class TestPayingOnAPage(PaymentsCase):
    def asked(self, **values):
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", **values)
            advance(subscription)
        return subscription

    def test_a_page_pays_and_saves_the_method_which_pays_the_next_period(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            self.pay_page(subscription, save_method=True)
        self.assert_paid_once(subscription)
        card = self.card(subscription)
        self.assertEqual((card.kind, card.brand, card.last4, card.is_default), ("Card", "visa", "4242", 1))
        next_run(subscription, "2026-02-01")
        next_run(subscription, "2026-02-01", "10:00")
        self.assertEqual(statuses(subscription), ["Succeeded"])
        self.assertEqual((self.captured(subscription), counts(subscription)), (6000, (2, 2, 2)))
        self.assert_paid_in_full(subscription)
        self.assert_books_agree()

    def test_without_the_customers_consent_nothing_is_saved(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            self.pay_page(subscription, save_method=False)
        self.assert_paid_once(subscription)
        self.assertFalse(frappe.db.exists("SP Payment Method", {"customer": subscription.customer}))

    def test_a_second_page_closes_the_first(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            first = self.open_page(subscription)
            second = self.open_page(subscription)
            self.assertTrue(self.control.pay(first.session_id)["error"])
            self.control.pay(second.session_id)
            settling.ask(second.name)
        self.assert_paid_once(subscription)

    def test_what_is_settled_opens_no_page(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            request = periods_of(subscription)[0].payment_request
            self.pay_page(subscription)
            with self.assert_refused("nothing to pay"):
                pages.open_for_request(request, False)

    def test_paid_on_a_page_nobody_came_back_from_and_no_webhook_told_of(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            self.pay_page(subscription, come_back=False)
        for hour in ("10:00", "18:00"):
            with at("2026-01-03", hour):
                settling.ask_waiting()
        self.assert_paid_once(subscription)

    def test_a_page_is_open_while_it_is_being_looked_at(self) -> None:
        subscription = self.asked()
        with at("2026-01-03"):
            page = self.open_page(subscription)
            settling.ask(page.name)
            page.reload()
        self.assertEqual((page.status, page.settled_at), ("Needs Action", None))


class TestChargingARegisteredMethod(PaymentsCase):
    def test_registered_it_is_charged_at_once(self) -> None:
        subscription = self.subscribed()
        self.assertEqual(statuses(subscription, "Register"), ["Succeeded"])
        self.assertEqual(statuses(subscription), ["Succeeded"])
        self.assert_paid_once(subscription)

    def test_what_was_invoiced_first_is_charged_too(self) -> None:
        for method in (VISA, SEPA):
            subscription = self.subscribed(method=method, recurrence={"invoice_before_payment": 1})
            next_run(subscription, "2026-01-08")
            with at("2026-01-08", "10:00"):
                settling.ask_waiting()
            next_run(subscription, "2026-02-01")
            with at("2026-02-08"):
                settling.ask_waiting()
            self.assertEqual(statuses(subscription), ["Succeeded", "Succeeded"], method)
            self.assertEqual((self.captured(subscription), counts(subscription)), (6000, (2, 2, 2)))
        self.assert_books_agree()

    def test_in_a_trial_it_is_registered_for_nothing_and_charged_at_the_end(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", trial_until="2026-01-14")
            self.register(subscription)
        self.assertEqual(self.captured(subscription), 0)
        next_run(subscription, "2026-01-14")
        self.assertEqual(self.captured(subscription), 0)
        next_run(subscription, "2026-01-15")
        self.assertEqual(statuses(subscription), ["Succeeded"])
        self.assert_paid_in_full(subscription)
        self.assert_books_agree()

    def test_charged_by_the_attempts_name_as_key_payments_240(self) -> None:
        subscription = self.subscribed()
        attempt = newest_attempt(subscription, kind="Charge")
        self.assertEqual(self.control.state()["by_key"][attempt.name], attempt.payment_id)

    def test_not_charged_where_the_customer_does_not_want_that(self) -> None:
        subscription = self.subscribed(charge_automatically=0)
        next_run(subscription, "2026-01-02")
        self.assertEqual(
            (statuses(subscription), periods_of(subscription)[0].status), ([], "Awaiting Payment")
        )

    def test_paid_by_hand_it_is_not_charged(self) -> None:
        subscription = self.subscribed(method=None)
        with at("2026-01-01", "10:00"):
            advance(subscription)
            pay_order(subscription)
            self.register(subscription)
        self.assertEqual((statuses(subscription), self.captured(subscription)), ([], 0))


class TestAuthentication(PaymentsCase):
    def wanted(self):
        """February's charge is one that the bank wants the customer to confirm."""
        subscription = self.subscribed(send_emails=1, contact_email=MAIL)
        self.turns(subscription, authentication="always")
        next_run(subscription, "2026-02-01")
        return subscription

    def test_the_customer_gets_a_link_and_pays_on_the_page(self) -> None:
        subscription = self.wanted()
        self.assertEqual(statuses(subscription), ["Succeeded", "Needs Action"])
        mails = mails_about("Payment Request", periods_of(subscription)[1].payment_request)
        self.assertEqual(len([mail for mail in mails if "/account/pay?token=" in mail]), len(mails))
        self.assertEqual(len(mails), 2)  # the request, and the one that asks to confirm
        with at("2026-02-02"):
            self.pay_page(subscription)
        self.assertEqual(statuses(subscription), ["Succeeded", "Cancelled"])
        self.assertEqual([row["status"] for row in self.intents(subscription)].count("succeeded"), 2)
        self.assertEqual(self.captured(subscription), 6000)
        self.assert_paid_in_full(subscription)
        self.assert_books_agree()

    def test_the_same_charge_is_not_tried_again_each_hour(self) -> None:
        subscription = self.wanted()
        for hour in ("10:00", "11:00", "23:00"):
            next_run(subscription, "2026-02-01", hour)
        self.assertEqual(len(attempts_of(subscription, kind="Charge")), 2)

    def test_another_card_is_charged_at_once_and_the_old_charge_is_given_up(self) -> None:
        subscription = self.wanted()
        with at("2026-02-02"):
            self.register(subscription, "pm_card_mastercard")
        self.assertEqual(statuses(subscription), ["Succeeded", "Cancelled", "Succeeded"])
        self.assertEqual(self.captured(subscription), 6000)
        self.assert_paid_in_full(subscription)

    def test_it_stands_in_the_history(self) -> None:
        subscription = self.wanted()
        kinds = [row.event_type for row in events_of(subscription)]
        self.assertIn("Payment Needs Action", kinds)
        self.assertIn("Dunning Started", kinds)


class TestPayingTwice(PaymentsCase):
    def test_an_open_page_is_closed_before_the_card_is_charged_lago_5708(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            page = self.open_page(subscription)
            self.register(subscription)
            self.assertTrue(self.control.pay(page.session_id)["error"])
        self.assert_paid_once(subscription)

    def test_a_page_paid_a_moment_before_is_not_charged_again_lago_5708(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            self.pay_page(subscription, come_back=False)
            self.register(subscription)
        next_run(subscription, "2026-01-02")
        self.assertEqual(statuses(subscription), [])
        self.assert_paid_once(subscription)

    def test_what_comes_in_twice_stands_unallocated_and_people_are_told_press_1285(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            page = self.open_page(subscription)
            pay_order(subscription)
            self.work_off()
            self.control.pay(page.session_id)
            settling.ask(page.name)
        page.reload()
        entry = frappe.get_doc("Payment Entry", page.payment_entry)
        self.assertEqual((entry.unallocated_amount, entry.references), (30, []))
        [event] = events_of(subscription, "Paid Twice")
        self.assertEqual(event.document_name, entry.name)
        self.assert_paid_in_full(subscription)
        self.assert_books_agree()

    def test_paid_by_hand_while_a_debit_is_on_its_way(self) -> None:
        subscription = self.subscribed(method=SEPA)
        self.assertEqual(statuses(subscription), ["Processing"])
        with at("2026-01-02"):
            pay_order(subscription)
            self.work_off()
        with at("2026-01-08"):
            settling.ask_waiting()
        self.assertEqual(statuses(subscription), ["Succeeded"])
        self.assertEqual([row.unallocated_amount for row in receipts(subscription)], [30])
        self.assertEqual(len(events_of(subscription, "Paid Twice")), 1)
        self.assert_paid_in_full(subscription)
        self.assert_books_agree()
