"""The description of the API: complete, made of the code, and the one that lies in docs/openapi.json."""

import inspect
import json
from pathlib import Path

from subscription_plus.api import openapi
from subscription_plus.tests.support.web import WebTestCase

DOCS = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


class TestDescription(WebTestCase):
    def test_the_one_in_the_docs_is_up_to_date(self) -> None:
        self.assertTrue(
            DOCS.read_text(encoding="utf-8") == openapi.as_text(openapi.description()), "run `make openapi`"
        )

    def test_every_endpoint_says_what_it_takes_and_answers(self) -> None:
        for path, function in openapi.endpoints().items():
            signature = inspect.signature(function)
            with self.subTest(path):
                self.assertTrue(inspect.getdoc(function))
                self.assertIsNot(signature.return_annotation, inspect.Signature.empty)
                for parameter in signature.parameters.values():
                    self.assertFalse(isinstance(parameter.annotation, str), "Frappe checks no text")
                    self.assertIsNot(parameter.annotation, inspect.Parameter.empty, parameter.name)

    def test_what_writes_is_no_get(self) -> None:
        both = {
            path
            for path, methods in openapi.description()["paths"].items()
            if "get" in methods and len(methods) > 1
        }
        # Those that look only, and may have much to say: a form's values do not fit into an address.
        looking = {"plans.preview", "subscriptions.preview_periods", "bookings.feed_link"}
        looking |= {"desk.recurring_items", "desk.earlier_subscriptions", "desk.run_state"}
        found = {path.split(".api.")[1] for path in both}
        self.assertEqual({path for path in found if not path.startswith("metrics.card_")}, looking)

    def test_it_is_served_to_everybody(self) -> None:
        answer = self.ask("GET", "/api/method/subscription_plus.api.openapi.describe")
        self.assertEqual((answer.status_code, answer.mimetype), (200, "application/json"))
        served = json.loads(answer.data)
        self.assertEqual(served.pop("servers")[0]["url"][:4], "http")
        self.assertEqual(served, openapi.description())
