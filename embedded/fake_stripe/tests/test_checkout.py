"""Checkout Sessions: the API, the page a person sees, and what the events say."""

import time
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, build_opener

from .support import FAILING_IBAN, GOOD_IBAN, StripeTestCase, plain

SUCCESS = "https://example.com/paid?session={CHECKOUT_SESSION_ID}"


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        """Tests look at where they are sent."""


_open = build_opener(_NoRedirect).open


def visit(url: str, **form: str) -> tuple[int, str, str]:
    """Status, place sent to, and text of a page."""
    try:
        with _open(url, urlencode(form).encode() if form else None) as answer:
            return answer.status, "", answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", ""), error.read().decode()


class CheckoutTestCase(StripeTestCase):
    def session(self, mode: str = "payment", **more: object) -> object:
        params = {"mode": mode, "success_url": SUCCESS, "cancel_url": "https://example.com/no"}
        if mode == "payment":
            price = {"currency": "eur", "unit_amount": 1999, "product_data": {"name": "Desk"}}
            params |= {"line_items": [{"quantity": 2, "price_data": price}]}
        else:
            params |= {"currency": "eur"}
        return self.api.checkout.sessions.create(params | more)


class TestCheckout(CheckoutTestCase):
    def test_paying_completes_the_session_and_saves_the_card(self) -> None:
        customer = self.customer().id
        data = {"setup_future_usage": "off_session", "metadata": {"attempt": "A-1"}}
        session = self.session(customer=customer, client_reference_id="A-1", payment_intent_data=data)
        self.assertEqual((session.status, session.payment_intent, session.amount_total), ("open", None, 3998))
        paid = self.control.pay(session.id)
        self.assertEqual(paid["redirect"], f"https://example.com/paid?session={session.id}")
        done = self.api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent", "line_items"]})
        self.assertEqual((done.status, done.payment_status), ("complete", "paid"))
        self.assertEqual(plain(done.payment_intent.metadata), {"attempt": "A-1"})
        self.assertEqual(done.line_items.data[0].amount_total, 3998)
        self.assertEqual(len(self.api.payment_methods.list({"customer": customer}).data), 1)
        self.assertEqual(self.event_types()[-1], "checkout.session.completed")
        found = self.api.checkout.sessions.list({"payment_intent": done.payment_intent.id}).data
        self.assertEqual([s.id for s in found], [session.id])
        self.assertIsNotNone(self.control.pay(session.id)["error"])
        self.assertEqual(self.control.totals()["eur"]["captured"], 3998)

    def test_a_decline_leaves_the_page_open_for_another_card(self) -> None:
        session = self.session()
        self.assertEqual(
            self.control.pay(session.id, "pm_card_chargeDeclined")["error"]["code"], "card_declined"
        )
        opened = self.api.checkout.sessions.retrieve(session.id)
        self.assertEqual((opened.status, opened.payment_status), ("open", "unpaid"))
        self.assertIsNone(self.control.pay(session.id)["error"])
        self.assertEqual(len(self.api.payment_intents.list().data), 1)

    def test_a_debit_completes_unpaid_and_is_told_later(self) -> None:
        for iban, told, status in (
            (GOOD_IBAN, "checkout.session.async_payment_succeeded", "paid"),
            (FAILING_IBAN, "checkout.session.async_payment_failed", "unpaid"),
        ):
            with self.subTest(told):
                session = self.session(customer=self.customer().id)
                self.assertEqual(self.control.pay(session.id, iban)["session"]["status"], "complete")
                self.assertEqual(self.api.checkout.sessions.retrieve(session.id).payment_status, "unpaid")
                self.control.advance(days=6)
                self.assertEqual(self.event_types()[-1], told)
                self.assertEqual(self.api.checkout.sessions.retrieve(session.id).payment_status, status)

    def test_setup_mode_registers_a_card_for_nothing(self) -> None:
        customer = self.customer().id
        session = self.session("setup", customer=customer, setup_intent_data={"metadata": {"a": "1"}})
        self.control.pay(session.id, "pm_card_authenticationRequiredOnSetup", authenticate="succeed")
        done = self.api.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
        self.assertEqual((done.status, done.payment_status), ("complete", "no_payment_required"))
        self.assertEqual(self.charge(customer, done.setup_intent.payment_method).status, "succeeded")

    def test_an_expired_session_cannot_be_paid(self) -> None:
        session = self.session()
        self.control.pay(session.id, "pm_card_chargeDeclined")
        self.assertEqual(self.api.checkout.sessions.expire(session.id).status, "expired")
        self.assert_refused(lambda: self.api.checkout.sessions.expire(session.id))
        self.assertEqual(self.control.pay(session.id)["error"]["code"], "checkout_session_not_open")
        self.assertEqual(self.api.payment_intents.list().data[0].status, "canceled")
        self.assertEqual(self.event_types()[-1], "checkout.session.expired")

    def test_a_session_expires_by_the_clock(self) -> None:
        soon = self.session(expires_at=int(time.time()) + 1900)
        late = self.session()
        self.control.advance(hours=1)
        self.assertEqual(self.api.checkout.sessions.retrieve(soon.id).status, "expired")
        self.assertEqual(self.api.checkout.sessions.retrieve(late.id).status, "open")
        self.control.advance(hours=24)
        self.assertEqual(self.api.checkout.sessions.retrieve(late.id).status, "expired")

    def test_its_intent_is_canceled_through_the_session_alone(self) -> None:
        session = self.session()
        self.control.pay(session.id, "pm_card_authenticationRequired", authenticate="leave")
        intent = self.api.checkout.sessions.retrieve(session.id).payment_intent
        self.assert_refused(lambda: self.api.payment_intents.cancel(intent))

    def test_what_the_fake_cannot_do_is_refused(self) -> None:
        self.assert_refused(lambda: self.session(mode="subscription"))
        self.assert_refused(lambda: self.session(line_items=[]))
        self.assert_refused(lambda: self.session(expires_at=int(time.time()) + 60), param="expires_at")


class TestPages(CheckoutTestCase):
    def test_a_person_pays_on_the_page(self) -> None:
        session = self.session()
        status, _, text = visit(session.url)
        self.assertEqual(status, 200)
        self.assertIn("2 × Desk", text)
        status, _, text = visit(session.url, method="pm_card_chargeDeclinedInsufficientFunds")
        self.assertIn("insufficient funds", text)
        status, place, _ = visit(session.url, method="pm_card_visa", email="bob@example.com")
        self.assertEqual((status, place), (303, f"https://example.com/paid?session={session.id}"))
        self.assertEqual(
            self.api.checkout.sessions.retrieve(session.id).customer_details.email, "bob@example.com"
        )

    def test_a_person_authenticates_at_the_bank(self) -> None:
        session = self.session()
        _, bank, _ = visit(session.url, method="pm_card_authenticationRequired")
        self.assertIn("/authenticate/pi_", bank)
        self.assertIn("Is it you", visit(bank)[2])
        _, back, _ = visit(bank, outcome="succeed")
        self.assertEqual(visit(back)[1], f"https://example.com/paid?session={session.id}")

    def test_a_redirect_comes_back_with_the_intent(self) -> None:
        customer, method = self.saved("pm_card_authenticationRequired")
        back = "https://example.com/back?x=1"
        intent = self.charge(customer, method, off_session=False, return_url=back)
        status, place, _ = visit(intent.next_action.redirect_to_url.url, outcome="fail")
        self.assertEqual(status, 303)
        self.assertTrue(place.startswith(f"{back}&payment_intent={intent.id}"))
        self.assertIn("redirect_status=failed", place)

    def test_an_expired_page_says_so_and_the_overview_lists_payments(self) -> None:
        session = self.session()
        url = session.url
        self.api.checkout.sessions.expire(session.id)
        self.assertIn("expired", visit(url)[2])
        customer, method = self.saved()
        intent = self.charge(customer, method)
        self.assertIn(intent.id, visit(self.fake.url + "/")[2])
