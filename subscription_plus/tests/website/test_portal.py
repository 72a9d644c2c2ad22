"""What every page of the website relies on: escaping, login, forms that redirect, flashes shown once."""

import frappe

from subscription_plus.tests.support.web import WebTestCase


class TestPages(WebTestCase):
    def test_guests_are_sent_to_the_login_and_back(self) -> None:
        answer = self.ask("GET", "/account?start=20")
        self.assertEqual(answer.status_code, 302)
        self.assertIn("/login?redirect-to=/account%3Fstart%3D20", answer.headers["Location"])


class TestMacros(WebTestCase):
    def render(self, source: str, **context) -> str:
        portal = '{% from "subscription_plus/templates/portal/macros.html" import pill, field, post, empty with context %}'
        return frappe.render_template(
            portal + "{% autoescape true %}" + source + "{% endautoescape %}", context
        )

    def test_what_people_wrote_is_escaped_everywhere(self) -> None:
        shown = self.render(
            """{{ pill(evil) }}{{ empty(evil, evil, evil) }}
            {% call post("a.b", {"name": evil}) %}{{ field("x", evil, value=evil, help=evil) }}{{ evil }}{% endcall %}""",
            evil='"><script>',
            csrf_token="token",
            flash=frappe._dict(values={}),
        )
        self.assertNotIn("<script>", shown)
        self.assertNotIn("&amp;lt;", shown)
        self.assertIn('<form method="post"', shown)
        self.assertIn('name="csrf_token" value="token"', shown)
