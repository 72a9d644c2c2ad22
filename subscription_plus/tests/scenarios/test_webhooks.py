"""Webhooks: verified, kept once, worked off in any order and any number of times, to the same books."""

import json

import frappe

from subscription_plus.sp_payments import attempts, gateways, settling, webhooks
from subscription_plus.sp_payments.gateways.base import WebhookRefused
from subscription_plus.tests.support.billing import advance, at, make_subscription, periods_of
from subscription_plus.tests.support.stripe import (
    ACCOUNT,
    SEPA,
    PaymentsCase,
    attempts_of,
    make_account,
    newest_attempt,
    receipts,
    statuses,
)


class TestAnyOrder(PaymentsCase):
    """A page was paid, nobody came back from it: what is known comes by webhook alone."""

    def paid(self):
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            self.new_events()
            self.pay_page(subscription, save_method=True, come_back=False)
            self.events = self.new_events()
        self.assertGreater(len(self.events), 2)
        return subscription

    def test_each_once(self) -> None:
        subscription = self.paid()
        with at("2026-01-01", "10:00"):
            self.deliver(self.events)
        self.assert_paid_once(subscription)

    def test_each_twice(self) -> None:
        subscription = self.paid()
        with at("2026-01-01", "10:00"):
            self.deliver([event for event in self.events for _copy in range(2)])
            self.deliver(self.events)
        self.assert_paid_once(subscription)

    def test_in_reverse(self) -> None:
        subscription = self.paid()
        with at("2026-01-01", "10:00"):
            self.deliver(self.events[::-1])
        self.assert_paid_once(subscription)

    def test_days_late(self) -> None:
        subscription = self.paid()
        with at("2026-01-04"):
            self.deliver(self.events)
        self.assert_paid_once(subscription)

    def test_each_alone_is_enough_or_harmless(self) -> None:
        for event in range(3):
            subscription = self.paid()
            with at("2026-01-02"):
                self.deliver(self.events[event : event + 1])
                self.assertLessEqual(len(receipts(subscription)), 1)
                settling.ask_waiting()
                advance(subscription)
            self.assert_paid_once(subscription)

    def test_after_the_customer_came_back(self) -> None:
        subscription = self.paid()
        with at("2026-01-01", "10:00"):
            settling.ask(newest_attempt(subscription).name)
            self.deliver(self.events)
        self.assert_paid_once(subscription)

    def test_stored_together_and_worked_off_later_by_the_ten_minute_run(self) -> None:
        subscription = self.paid()
        with at("2026-01-01", "10:00"):
            for event in self.events:
                self.receive(event)
            self.jobs.clear()  # the queue was lost
            self.assertEqual(receipts(subscription), [])
        with at("2026-01-01", "10:10"):
            webhooks.work_off_waiting()
        self.assert_paid_once(subscription)


class TestBeforeTheAnswer(PaymentsCase):
    def test_the_webhook_of_a_charge_arrives_while_its_answer_is_on_the_way(self) -> None:
        subscription = self.subscribed(method=None)
        charge = gateways.stripe.StripeGateway.charge

        def told_first(gateway, order):
            self.new_events()
            answer = charge(gateway, order)
            self.deliver(self.new_events())
            return answer

        gateways.stripe.StripeGateway.charge = told_first
        self.addCleanup(setattr, gateways.stripe.StripeGateway, "charge", charge)
        with at("2026-01-01", "10:00"):
            self.register(subscription)
        self.assertEqual(statuses(subscription), ["Succeeded"])
        self.assert_paid_once(subscription)

    def test_the_answer_was_lost_and_the_webhook_tells(self) -> None:
        subscription = self.unanswered()
        with at("2026-01-01", "10:30"):
            self.deliver(self.new_events())
        self.assert_paid_once(subscription)

    def test_the_answer_was_lost_and_asking_tells(self) -> None:
        subscription = self.unanswered()
        with at("2026-01-01", "10:30"):
            settling.ask_waiting()
        self.assert_paid_once(subscription)

    def test_the_answer_was_lost_and_days_later_the_key_is_forgotten(self) -> None:
        subscription = self.unanswered()
        with at("2026-01-05"):
            settling.ask_waiting()
        self.assert_paid_once(subscription)

    def test_the_request_was_lost_and_asking_charges_with_the_same_key(self) -> None:
        subscription = self.unanswered("drop_before")
        self.assertEqual(self.captured(subscription), 0)
        with at("2026-01-01", "10:30"):
            settling.ask_waiting()
        self.assert_paid_once(subscription)

    def test_the_request_was_lost_and_days_later_it_begins_anew_under_another_key(self) -> None:
        subscription = self.unanswered("drop_before")
        with at("2026-01-05"):
            settling.ask_waiting()
        self.assertEqual(statuses(subscription), ["Cancelled", "Succeeded"])
        self.assert_paid_once(subscription)

    def unanswered(self, fault="drop_after"):
        """The charge of the first period left without answer."""
        subscription = self.subscribed(method=None)
        with at("2026-01-01", "10:00"):
            self.new_events()
            self.control.fault(fault, "/v1/payment_intents", method="POST")
            self.register(subscription)
        self.assertEqual((statuses(subscription), receipts(subscription)), (["Unknown"], []))
        return subscription


class TestRefused(PaymentsCase):
    def an_event(self) -> str:
        self.new_events()
        self.subscription = self.subscribed()
        return self.new_events("payment_intent.succeeded")[0]

    def refused(self, event: str, account: str = ACCOUNT, **forged) -> None:
        body, signature = self.control.signed(event, **{"secret": "whsec_of_the_tests", **forged})
        with self.assertRaises(WebhookRefused):
            webhooks.receive(account, body, {"Stripe-Signature": signature})
        self.assertFalse(frappe.db.exists("SP Webhook Event", event))

    def test_signed_by_somebody_else(self) -> None:
        self.refused(self.an_event(), secret="whsec_of_somebody_else")

    def test_older_than_the_tolerance(self) -> None:
        self.refused(self.an_event(), age=301)

    def test_for_an_unknown_account(self) -> None:
        self.refused(self.an_event(), account="Nobody's Stripe")

    def test_for_a_disabled_account(self) -> None:
        event = self.an_event()
        make_account(enabled=0)
        self.addCleanup(make_account)
        self.refused(event)

    def test_changed_on_the_way_or_unsigned_or_not_even_json(self) -> None:
        event = self.an_event()
        body, signature = self.control.signed(event, secret="whsec_of_the_tests")
        for wrong, signed in ((body.replace(b"3000", b"9000"), signature), (body, ""), (b"{", "t=1,v1=00")):
            with self.assertRaises(WebhookRefused):
                webhooks.receive(ACCOUNT, wrong, {"Stripe-Signature": signed})
        with self.assertRaises(WebhookRefused):
            webhooks.receive(ACCOUNT, body, {})

    def test_without_a_signing_secret_nothing_is_believed_lago_6190(self) -> None:
        event = self.an_event()
        account = frappe.get_doc("SP Stripe Account", ACCOUNT)
        secret = account.get_password("webhook_secret")
        make_account(webhook_secret="")
        self.addCleanup(make_account)
        self.refused(event, secret=secret)
        self.refused(event, secret="whsec_")


class TestTheInbox(PaymentsCase):
    def row(self, event, *fields):
        return frappe.db.get_value("SP Webhook Event", event, fields)

    def test_an_event_is_kept_once_press_1175(self) -> None:
        self.new_events()
        self.subscribed()
        [event] = self.new_events("payment_intent.succeeded")
        for _copy in range(3):
            self.receive(event)
        self.assertEqual(frappe.db.count("SP Webhook Event", {"event_id": event}), 1)
        self.assertEqual(len([job for job in self.jobs if job["kwargs"] == {"webhook": event}]), 1)
        self.work_off()
        self.assertEqual(self.row(event, "status", "account"), ("Done", ACCOUNT))

    def test_what_is_about_no_payment_of_this_site_is_ignored_and_says_so(self) -> None:
        self.new_events()
        other = self.control.emit("payment_intent.succeeded", self.foreign_payment())
        self.deliver([other["id"]])
        status, reason = self.row(other["id"], "status", "reason")
        self.assertEqual((status, bool(reason)), ("Ignored", True))

    def test_another_amount_or_currency_is_not_booked_and_says_why(self) -> None:
        for field, value in (("amount", 2999), ("currency", "USD")):
            with at("2026-01-01"):
                subscription = make_subscription("2026-01-01")
                advance(subscription)
                self.new_events()
                page = self.pay_page(subscription, come_back=False)
                events = self.new_events()
            # What this site asked for is another amount than the one paid.
            column = "amount" if field == "amount" else "currency"
            frappe.db.set_value(attempts.DOCTYPE, page.name, column, 29.99 if field == "amount" else value)
            with at("2026-01-01", "10:00"):
                self.deliver(events)
            reasons = [self.row(event, "reason") for event in events]
            self.assertTrue(
                [reason for reason in reasons if reason and "Nothing was booked" in reason], reasons
            )
            self.assertEqual(receipts(subscription), [])
            # Set right again, so that the books of this class agree in the end.
            frappe.db.set_value(attempts.DOCTYPE, page.name, {"amount": 30, "currency": "EUR"})
            with at("2026-01-01", "11:00"):
                settling.ask(page.name)
            self.assert_paid_once(subscription)

    def test_without_an_answer_it_is_tried_again_later_each_time_and_given_up_for_people(self) -> None:
        self.new_events()
        subscription = self.subscribed(method=SEPA)
        [event] = self.new_events("payment_intent.processing")
        waits = []
        with at("2026-01-01", "10:00"):
            self.control.fault("unavailable", "/v1/*", times=100)
            self.receive(event)
            for _try in range(12):
                before = frappe.utils.now_datetime()
                webhooks.work_off(event)
                again = self.row(event, "next_try_at")
                waits.append(round((again - before).total_seconds() / 60) if again else None)
            self.control.clear_faults()
        self.assertEqual(waits[:4] + waits[-1:], [1, 2, 4, 8, None])
        self.assertEqual(self.row(event, "status"), "Failed")
        with at("2026-01-01", "11:00"):
            webhooks.replay(event)
        self.assertEqual(self.row(event, "status"), "Done")
        self.assertEqual(statuses(subscription), ["Processing"])
        # The debit comes in; left open, it would be missing in the books of the stories that follow.
        with at("2026-01-20"):
            settling.ask_waiting()
        self.assert_paid_once(subscription)

    def test_one_that_cannot_be_booked_does_not_stop_the_others(self) -> None:
        self.new_events()
        pair = [self.subscribed() for _number in range(2)]
        events = self.new_events("payment_intent.succeeded")
        broken = newest_attempt(pair[0], kind="Charge").name
        ask = settling.ask
        settling.ask = lambda name: 1 / 0 if name == broken else ask(name)
        self.addCleanup(setattr, settling, "ask", ask)
        for event in events:
            self.receive(event)
        with at("2027-01-01"):
            webhooks.work_off_waiting()
        self.assertEqual([self.row(event, "status") for event in events], ["Received", "Done"])

    def test_what_is_kept_holds_no_secret(self) -> None:
        self.new_events()
        self.subscribed()
        events = self.new_events()
        self.deliver(events)
        for event in events:
            payload = json.dumps(frappe.get_doc("SP Webhook Event", event).as_dict(), default=str)
            self.assertNotIn("sk_test", payload)
            self.assertNotIn("whsec", payload)

    def foreign_payment(self) -> str:
        """A payment that somebody made in the same Stripe account with another program."""
        gateway = gateways.of(ACCOUNT)
        customer = gateway.customer(frappe.generate_hash(), "Somebody else", None)
        params = {"amount": 500, "currency": "eur", "customer": customer}
        return gateway._call(gateway.client.payment_intents.create, params)["id"]


class TestClosedPeriods(PaymentsCase):
    def test_an_event_of_last_month_changes_nothing_now(self) -> None:
        self.new_events()
        subscription = self.subscribed()
        events = self.new_events()
        with at("2026-02-01"):
            advance(subscription)
        with at("2026-02-02"):
            self.deliver(events)
        self.assertEqual([row.status for row in periods_of(subscription)], ["Paid", "Paid"])
        self.assertEqual(len(attempts_of(subscription, kind="Charge")), 2)
        self.assert_books_agree()
