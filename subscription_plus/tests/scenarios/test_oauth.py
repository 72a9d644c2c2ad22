"""OAuth 2: a customer lets a program act for it, by Frappe's authorization code flow, and the program uses the verbs.

Over HTTP. Hosts that offer no OAuth skip it.
"""

import unittest
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frappe
from frappe.utils import nowdate
from werkzeug.test import TestResponse

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import make_plan, make_subscription
from subscription_plus.tests.support.booking import make_user
from subscription_plus.tests.support.web import PASSWORD, WebTestCase, update_password

OAUTH = "/api/method/frappe.integrations.oauth2"
VERBS = "/api/method/subscription_plus.api"
BACK = "https://program.example.com/back"


@unittest.skipUnless(find_spec("frappe.integrations"), "this host offers no OAuth")
class TestOAuth(WebTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        masters.ensure()
        super().setUpClass()
        frappe.set_user("Administrator")
        cls.customer, cls.stranger = (masters.make_customer().name for _number in range(2))
        cls.user = make_user(cls.customer)
        update_password(cls.user, PASSWORD)
        cls.plan = make_plan(published=1).name
        cls.own, cls.foreign = (
            make_subscription(nowdate(), customer=customer, plan=cls.plan).name
            for customer in (cls.customer, cls.stranger)
        )
        # Without a role a client is for the desk's users alone.
        cls.program = frappe.get_doc(
            {
                "doctype": "OAuth Client",
                "app_name": f"Program {cls.suffix}",
                "scopes": "all",
                "redirect_uris": BACK,
                "default_redirect_uri": BACK,
                "grant_type": "Authorization Code",
                "response_type": "Code",
                "skip_authorization": 1,
                "allowed_roles": [{"role": "Customer"}],
            }
        ).insert()
        frappe.db.commit()

    def code(self) -> str:
        """What the customer, logged in on the website, hands the program."""
        self.assertEqual(self.log_in(self.user).status_code, 200)
        asked = {
            "client_id": self.program.client_id,
            "response_type": "code",
            "scope": "all",
            "redirect_uri": BACK,
        }
        agreed = self.ask("GET", f"{OAUTH}.authorize", query_string=asked)
        back = self.ask("GET", agreed.headers["Location"])
        self.assertTrue(back.headers["Location"].startswith(BACK), back.headers["Location"])
        return parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]

    def grant(self, **given: str) -> dict[str, Any]:
        """Access and refresh token, for a code or a refresh token."""
        self.client.delete_cookie("sid")
        answer = self.ask(
            "POST",
            f"{OAUTH}.get_token",
            data={"client_id": self.program.client_id, "redirect_uri": BACK, **given},
        )
        self.assertEqual(answer.status_code, 200, answer.text[-1000:])
        return answer.json

    def token(self) -> dict[str, Any]:
        return self.grant(grant_type="authorization_code", code=self.code())

    def call(self, token: str, method: str, verb: str, **kwargs: Any) -> TestResponse:
        return self.ask(method, f"{VERBS}.{verb}", headers={"Authorization": f"Bearer {token}"}, **kwargs)

    def test_the_program_does_for_the_customer_what_the_customer_may(self) -> None:
        token = self.token()["access_token"]
        me = self.call(token, "GET", "account.me").json["message"]
        self.assertEqual((me["user"], me["customers"][0]["name"]), (self.user, self.customer))
        listed = self.call(token, "GET", "account.subscriptions", query_string={"fields": '["name"]'})
        self.assertIn({"name": self.own}, listed.json["message"])
        self.assertNotIn(self.foreign, listed.text)
        shown = self.call(token, "POST", "plans.preview", json={"plan": self.plan, "count": 2})
        self.assertEqual(len(shown.json["message"]), 2)
        made = self.call(token, "POST", "plans.subscribe", json={"plan": self.plan, "online": 0})
        self.assertEqual(made.status_code, 200, made.text[-1000:])
        kept = frappe.db.get_value(
            "SP Subscription", made.json["message"]["subscription"], ["customer", "owner"]
        )
        self.assertEqual(kept, (self.customer, self.user))

    def test_it_is_refused_what_the_customer_is(self) -> None:
        token = self.token()["access_token"]
        for method, verb, sent in (
            ("GET", "account.subscriptions", {"query_string": {"customer": self.stranger}}),
            ("GET", "account.subscription", {"query_string": {"subscription": self.foreign}}),
            ("POST", "subscriptions.cancel", {"json": {"subscription": self.foreign}}),
            ("POST", "plans.subscribe", {"json": {"plan": self.plan, "customer": self.stranger}}),
            ("POST", "subscriptions.update_now", {"json": {"subscription": self.own}}),
        ):
            with self.subTest(verb):
                self.assertEqual(self.call(token, method, verb, **sent).status_code, 403)

    def test_a_refreshed_token_is_the_same_customers(self) -> None:
        token = self.grant(grant_type="refresh_token", refresh_token=self.token()["refresh_token"])
        answer = self.call(token["access_token"], "GET", "account.me")
        self.assertEqual(answer.json["message"]["user"], self.user)

    def test_a_made_up_an_old_and_a_revoked_token_open_nothing(self) -> None:
        old, revoked = (self.token()["access_token"] for _number in range(2))
        frappe.db.set_value("OAuth Bearer Token", old, "expiration_time", "2020-01-01 00:00:00")
        frappe.db.commit()
        self.ask("POST", f"{OAUTH}.revoke_token", data={"token": revoked})
        for token in ("made-up", old, revoked):
            for verb in ("account.me", "account.subscriptions"):
                with self.subTest(token, verb=verb):
                    self.assertEqual(self.call(token, "GET", verb).status_code, 401)
