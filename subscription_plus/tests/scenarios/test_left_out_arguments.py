"""A request that leaves out an argument which its verb needs is told which one; it never breaks down."""

import inspect

import frappe
from werkzeug.test import TestResponse

from subscription_plus.api import openapi
from subscription_plus.tests.support.web import WebTestCase, make_keys

PLANS = "subscription_plus.api.plans"


class TestLeftOutArguments(WebTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.token = {"Authorization": "token " + ":".join(make_keys(cls.desk_user))}

    def needed(self) -> dict[str, list[str]]:
        """The arguments without a default, by the verbs that have some."""
        signatures = {path: inspect.signature(function) for path, function in openapi.endpoints().items()}
        found = {
            path: [one.name for one in signature.parameters.values() if one.default is one.empty]
            for path, signature in signatures.items()
        }
        return {path: names for path, names in found.items() if names}

    def refusal(self, answer: TestResponse) -> str:
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (417, "ValidationError"))
        return answer.json["_server_messages"]

    def test_every_verb_names_what_it_needs(self) -> None:
        needed = self.needed()
        self.assertGreater(len(needed), 40)
        for path, names in needed.items():
            methods = frappe.allowed_http_methods_for_whitelisted_func[openapi.endpoints()[path]]
            for method in methods:
                with self.subTest(path, method=method):
                    answer = self.ask(method, f"/api/method/{path}", headers=self.token)
                    self.assertIn(f"Give {', '.join(names)}: it is needed.", self.refusal(answer))

    def test_what_was_given_is_not_asked_for(self) -> None:
        path = "/api/method/subscription_plus.api.subscriptions.change_quantity"
        for sent in ({"json": {"qty": 2}}, {"data": {"qty": 2}}, {"query_string": {"qty": 2}}):
            answer = self.ask("POST", path, headers=self.token, **sent)
            self.assertIn("Give subscription, line: it is needed.", self.refusal(answer))

    def test_the_first_version_of_the_address_is_the_same(self) -> None:
        answer = self.ask("GET", f"/api/v1/method/{PLANS}.preview", headers=self.token)
        self.assertIn("Give plan: it is needed.", self.refusal(answer))

    def test_who_may_not_ask_is_told_nothing_else(self) -> None:
        self.assertEqual(self.ask("POST", f"/api/method/{PLANS}.subscribe").status_code, 403)
        by_get = self.ask("GET", f"/api/method/{PLANS}.subscribe", headers=self.token)
        self.assertEqual(by_get.status_code, 403)

    def test_other_addresses_are_left_alone(self) -> None:
        for path in (f"{PLANS}.MOST_PERIODS", f"{PLANS}.nothing", "subscription_plus", "ping"):
            answer = self.ask("GET", f"/api/method/{path}", headers=self.token)
            self.assertNotIn("it is needed", answer.text)
