"""Saved methods and payment links: whose they are, what they allow, and what nobody gets to see."""

import base64
import json
import secrets
from unittest import mock
from urllib.parse import quote

import frappe

from subscription_plus.api import payments as api
from subscription_plus.sp_billing import signing
from subscription_plus.sp_payments import gateways, links, methods, settling
from subscription_plus.sp_payments.gateways.base import GatewayUnavailable
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import advance, at, make_subscription, periods_of
from subscription_plus.tests.support.stripe import (
    ACCOUNT,
    MAIL,
    MODE_OF_PAYMENT,
    WEBHOOK_SECRET,
    PaymentsCase,
    make_account,
    newest_attempt,
    next_run,
    statuses,
)
from subscription_plus.tests.support.web import WebTestCase

SECRETS = ("sk_test_fake", "sk_test_of_yesterday", WEBHOOK_SECRET)


class TestSavedMethods(PaymentsCase):
    def two_cards(self):
        """A customer with a default card and a newer one."""
        subscription = self.subscribed()
        first = self.card(subscription).name
        with at("2026-01-02"):
            second = self.register(subscription, "pm_card_mastercard")
        return subscription, first, second

    def value(self, method, field="status"):
        return frappe.db.get_value("SP Payment Method", method, field)

    def test_the_first_is_the_default_and_a_further_one_is_not(self) -> None:
        _subscription, first, second = self.two_cards()
        self.assertEqual((self.value(first, "is_default"), self.value(second, "is_default")), (1, 0))

    def test_make_default_steps_back_the_other_and_sets_the_customers_mode_of_payment(self) -> None:
        subscription, first, second = self.two_cards()
        methods.make_default(second)
        self.assertEqual((self.value(first, "is_default"), self.value(second, "is_default")), (0, 1))
        mode = frappe.db.get_value("Customer", subscription.customer, "sp_mode_of_payment")
        self.assertEqual(mode, MODE_OF_PAYMENT)

    def test_the_only_one_of_an_active_subscription_stays(self) -> None:
        subscription = self.subscribed()
        with self.assert_refused(subscription.name):
            methods.remove(self.card(subscription).name)
        self.assertEqual(self.card(subscription).status, "Active")

    def test_it_goes_where_another_way_to_pay_is_set(self) -> None:
        subscription = self.subscribed()
        card = self.card(subscription)
        frappe.db.set_value("SP Subscription", subscription.name, "charge_automatically", 0)
        methods.remove(card.name)
        self.work_off()
        self.assertEqual(self.value(card.name), "Removed")
        gateway = gateways.of(ACCOUNT)
        forgotten = gateway._call(gateway.client.payment_methods.retrieve, card.gateway_method)
        self.assertIsNone(forgotten["customer"])

    def test_it_goes_while_its_gateway_cannot_be_reached_and_a_person_is_told(self) -> None:
        _subscription, _first, second = self.two_cards()
        methods.remove(second)
        with mock.patch.object(gateways, "of", side_effect=GatewayUnavailable("no answer")):
            self.work_off()
        self.assertEqual(self.value(second), "Removed")
        said = frappe.get_all("Error Log", {"reference_name": second}, ["method", "error"])
        self.assertEqual(len(said), 1)
        self.assertIn("no answer", said[0].error)
        self.assertIn("not at its gateway", said[0].method)

    def test_one_of_two_goes_and_the_other_pays_from_then_on(self) -> None:
        subscription, first, second = self.two_cards()
        methods.remove(second)
        frappe.db.commit()
        next_run(subscription, "2026-02-01")
        self.assertEqual(newest_attempt(subscription, kind="Charge").payment_method, first)
        self.assertEqual(statuses(subscription), ["Succeeded", "Succeeded"])

    def test_the_default_goes_and_the_other_becomes_it(self) -> None:
        _subscription, first, second = self.two_cards()
        methods.remove(first)
        frappe.db.commit()
        self.assertEqual((self.value(first), self.value(second, "is_default")), ("Removed", 1))

    def test_a_dead_one_is_no_default(self) -> None:
        subscription, _first, second = self.two_cards()
        frappe.db.set_value("SP Payment Method", second, "status", "Dead")
        with self.assert_refused("active"):
            methods.make_default(second)
        self.assertTrue(subscription)

    def test_a_site_that_counts_from_an_old_number_again_uses_no_key_of_its_attempts_again(self) -> None:
        counted = "subscription_plus.sp_payments.doctype.sp_payment_attempt.sp_payment_attempt.make_autoname"
        with mock.patch(counted, return_value="PAYA-2026-000001"):
            first, second = self.subscribed(), self.subscribed()
        charges = [newest_attempt(each, kind="Charge") for each in (first, second)]
        self.assertEqual([charge.status for charge in charges], ["Succeeded"] * 2)
        self.assertTrue(all(charge.name.startswith("PAYA-2026-000001-") for charge in charges))

    def test_a_customer_is_made_once_in_the_same_words_and_anew_in_others(self) -> None:
        gateway, name = gateways.of(ACCOUNT), masters.unique("Ada")
        first = gateway.customer(name, name, "ada@example.com")
        self.assertEqual(gateway.customer(name, name, "ada@example.com"), first)
        self.assertNotEqual(gateway.customer(name, name, "ada.byron@example.com"), first)

    def test_nobody_writes_or_deletes_them_by_hand(self) -> None:
        card = self.card(self.subscribed())
        card.is_default = 0
        with self.assert_refused("Make Default"):
            card.save()
        with self.assert_refused("Remove"):
            frappe.delete_doc("SP Payment Method", card.name)
        attempt = frappe.get_last_doc("SP Payment Attempt")
        with self.assertRaises(frappe.PermissionError):
            attempt.save()
        with self.assertRaises(frappe.PermissionError):
            frappe.delete_doc("SP Payment Attempt", attempt.name)

    def test_people_without_the_right_touch_none(self) -> None:
        subscription = self.subscribed()
        card, attempt = self.card(subscription).name, newest_attempt(subscription, kind="Charge").name
        for roles in (("Customer",), ("Sales User",), ("Employee",)):
            frappe.set_user(self.user(*roles))
            for number, verb in enumerate(
                (
                    lambda: api.make_default(card),
                    lambda: api.remove_method(card),
                    lambda: api.refund(attempt, 1),
                    lambda: api.ask_gateway(attempt),
                )
            ):
                with self.assertRaises(frappe.PermissionError, msg=(roles, number)):
                    verb()
            frappe.set_user("Administrator")
        self.assertEqual((self.value(card), statuses(subscription)), ("Active", ["Succeeded"]))


class TestLinks(PaymentsCase):
    def refused(self, token, purpose="pay", words="not valid"):
        with self.assertRaisesRegex(links.LinkRefused, words):
            links.read(purpose, token)

    def test_it_allows_what_it_was_made_for(self) -> None:
        self.assertEqual(links.read("pay", links.sign("pay", "PRQ-1")), "PRQ-1")

    def test_for_another_purpose_it_does_not_count(self) -> None:
        self.refused(links.sign("return", "PRQ-1"))
        self.refused(links.sign("pay", "PRQ-1"), purpose="return")

    def test_forged(self) -> None:
        payload, _dot, signature = links.sign("pay", "PRQ-1").partition(".")
        other = (
            base64.urlsafe_b64encode(json.dumps(["pay", "PRQ-2", 9999999999]).encode()).rstrip(b"=").decode()
        )
        for token in (
            f"{other}.{signature}",
            f"{payload}.{signature[:-2]}xx",
            f"{payload}.",
            payload,
            "",
            ".",
            "é.é",
            None,
        ):
            self.refused(token)

    def test_over(self) -> None:
        with at("2026-01-01"):
            token = links.sign("pay", "PRQ-1", days=14)
        with at("2026-01-14"):
            self.assertEqual(links.read("pay", token), "PRQ-1")
        with at("2026-01-16"):
            self.refused(token, words="expired")

    def test_of_another_site_it_is_forged(self) -> None:
        with mock.patch.object(signing, "get_encryption_key", return_value="another site's key"):
            token = links.sign("pay", "PRQ-1")
        self.refused(token)


class TestSecrets(PaymentsCase):
    """A story with a wrong key, a lost answer and a refund; then everything that was written is searched."""

    TABLES = (
        "Error Log",
        "SP Subscription Event",
        "SP Payment Attempt",
        "SP Payment Method",
        "SP Webhook Event",
        "SP Stripe Account",
        "Version",
        "Comment",
        "Email Queue",
    )

    def test_none_is_written_anywhere(self) -> None:
        self.new_events()
        subscription = self.subscribed(send_emails=1, contact_email=MAIL)
        self.deliver(self.new_events())
        make_account(secret_key="sk_test_of_yesterday", api_base=self.stripe.url)
        self.addCleanup(lambda: make_account(api_base=self.stripe.url))
        next_run(subscription, "2026-02-01")
        self.assertEqual(statuses(subscription), ["Succeeded", "Unknown"])
        with at("2026-02-01", "10:00"):
            settling.ask_waiting()
        for doctype in self.TABLES:
            for row in frappe.get_all(doctype, fields=["*"], limit=1000, order_by="creation desc"):
                for secret in SECRETS:
                    self.assertNotIn(secret, str(row), doctype)

    def test_a_wrong_key_blames_no_customer_and_the_charge_is_made_once_it_is_right(self) -> None:
        subscription = self.subscribed(send_emails=1, contact_email=MAIL)
        make_account(secret_key="sk_test_of_yesterday", api_base=self.stripe.url)
        next_run(subscription, "2026-02-01")
        make_account(api_base=self.stripe.url)
        with at("2026-02-01", "11:00"):
            settling.ask_waiting()
        self.assertEqual(statuses(subscription), ["Succeeded", "Succeeded"])
        self.assertIsNone(periods_of(subscription)[1].dunning_since)
        self.assert_paid_in_full(subscription)


class TestOverHttp(PaymentsCase, WebTestCase):
    def setUp(self) -> None:
        super().setUp()
        frappe.db.commit()  # the answers come from other transactions

    def asked(self):
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        frappe.db.commit()
        return subscription, periods_of(subscription)[0].payment_request

    def test_a_webhook_is_taken_or_refused(self) -> None:
        self.new_events()
        self.subscribed()
        [event] = self.new_events("payment_intent.succeeded")
        path = f"/api/method/subscription_plus.api.payments.webhook?account={quote(ACCOUNT)}"
        body, signature = self.control.signed(event, secret=WEBHOOK_SECRET)
        frappe.db.commit()
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        for _copy in range(2):
            answer = self.ask("POST", path, data=body, headers=headers)
            self.assertEqual((answer.status_code, answer.json), (200, {"message": {"event": event}}))
        self.assertEqual(frappe.db.count("SP Webhook Event", {"name": event}), 1)
        forged = {**headers, "Stripe-Signature": signature[:-4] + "0000"}
        self.assertEqual(self.ask("POST", path, data=body, headers=forged).status_code, 403)
        self.assertEqual(
            self.ask("POST", path.replace("Test", "No"), data=body, headers=headers).status_code, 403
        )
        self.assertEqual(self.ask("GET", path).status_code, 403)

    def test_a_guest_pays_by_the_link_and_the_amount_is_the_documents(self) -> None:
        subscription, request = self.asked()
        token = links.sign("pay", request)
        path = "/api/method/subscription_plus.api.payments.pay"
        answer = self.ask("POST", path, data={"token": token, "amount": 1, "currency": "JPY"})
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.json["message"]["url"].startswith(self.stripe.url))
        page = newest_attempt(subscription, kind="Page")
        self.assertEqual((page.amount, page.currency), (30, "EUR"))
        self.control.pay(page.session_id)
        back = "/api/method/subscription_plus.api.payments.returned"
        answer = self.ask("GET", f"{back}?token={links.sign('return', page.name)}")
        self.assertEqual((answer.status_code, "state=paid" in answer.location), (302, True))
        page.reload()
        self.assertEqual(page.status, "Succeeded")
        self.assertEqual(self.ask("POST", path, data={"token": token}).status_code, 417)

    def test_the_page_of_a_link_shows_what_is_to_be_paid_or_why_not(self) -> None:
        _subscription, request = self.asked()
        good = self.ask("GET", f"/account/pay?token={links.sign('pay', request)}")
        self.assertEqual((good.status_code, "30" in good.text, "save_method" in good.text), (200, True, True))
        bad = self.ask("GET", "/account/pay?token=forged.link")
        self.assertEqual((bad.status_code, 'role="alert"' in bad.text), (200, True))

    def test_a_guest_registers_a_card_by_the_link_and_nothing_is_charged(self) -> None:
        subscription = make_subscription("2026-01-01", trial_until="2099-01-31")
        frappe.db.commit()
        token = links.sign("register", subscription.name)
        shown = self.ask("GET", f"/account/register?token={token}")
        self.assertEqual((shown.status_code, subscription.name in shown.text), (200, True))
        path = "/api/method/subscription_plus.api.payments.register"
        self.assertEqual(
            self.ask("POST", path, data={"token": links.sign("pay", subscription.name)}).status_code, 403
        )
        answer = self.ask("POST", path, data={"token": token})
        self.assertEqual((answer.status_code, answer.location.startswith(self.stripe.url)), (302, True))
        page = newest_attempt(subscription, kind="Register")
        self.assertEqual((page.amount, page.status), (0, "Sent"))
        self.control.pay(page.session_id)
        back = "/api/method/subscription_plus.api.payments.returned"
        answer = self.ask("GET", f"{back}?token={links.sign('return', page.name)}")
        self.assertIn("state=saved", answer.location)
        self.assertEqual(self.card(subscription).status, "Active")
        frappe.db.set_value("SP Subscription", subscription.name, "status", "Cancelled")
        frappe.db.commit()
        self.assertEqual(self.ask("POST", path, data={"token": token}).status_code, 403)

    def test_forged_links_are_refused_and_soon_not_even_looked_at(self) -> None:
        path = "/api/method/subscription_plus.api.payments.pay"
        address = f"198.51.{secrets.randbelow(256)}.{secrets.randbelow(256)}"  # of nobody who asked before
        seen = [
            self.ask(
                "POST", path, data={"token": "forged.link"}, headers={"X-Forwarded-For": address}
            ).status_code
            for _number in range(31)
        ]
        self.assertEqual((set(seen[:30]), seen[30]), ({403}, 429))

    def test_guests_and_customers_of_others_touch_nothing(self) -> None:
        subscription = self.subscribed()
        card = self.card(subscription).name
        frappe.db.commit()
        verbs = {
            "make_default": {"payment_method": card},
            "remove_method": {"payment_method": card},
            "register_method": {"subscription": subscription.name},
            "payment_link": {"payment_request": periods_of(subscription)[0].payment_request},
            "replay_event": {"webhook_event": "evt_x"},
            "refund": {"payment_attempt": newest_attempt(subscription).name, "amount": 1},
        }
        for who in (None, self.website_user):
            if who:
                self.log_in(who)
            for verb, data in verbs.items():
                answer = self.ask("POST", f"/api/method/subscription_plus.api.payments.{verb}", data=data)
                self.assertIn(answer.status_code, (400, 403), (who, verb))
        self.assertEqual(self.card(subscription).status, "Active")

    def test_rest_shows_no_key(self) -> None:
        self.log_in()
        answer = self.ask("GET", f"/api/resource/SP%20Stripe%20Account/{quote(ACCOUNT)}")
        self.assertEqual(answer.status_code, 200)
        for secret in SECRETS:
            self.assertNotIn(secret, answer.text)
        self.assertNotIn(masters.COMPANY, self.ask("GET", "/api/resource/SP%20Stripe%20Account/Nobody").text)
