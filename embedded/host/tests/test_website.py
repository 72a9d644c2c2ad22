"""The website: pages with their Python, routes, redirects, logins, what is cached and what never is."""

import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import frappe

from embedded.host import website
from subscription_plus.tests.support.web import PASSWORD, WebTestCase

SAMPLE = {
    "__init__.py": "",
    "hooks.py": """
website_route_rules = [{"from_route": "/shelf/<book>", "to_route": "book"}]
website_redirects = [{"source": "/old/(.*)", "target": r"/new/\\1"}]
""",
    "www/plain.html": "<h1>Plain</h1><p>{{ 6 * 7 }} for {{ user }}</p>",
    "www/book.html": "{% extends 'templates/web.html' %}{% block page_content %}<i>{{ book }}</i>{% endblock %}",
    "www/book.py": "import frappe\ndef get_context(context):\n    context.book = frappe.form_dict.book\n",
    "www/whole.html": "<html><body>{{ path }}<!-- csrf_token --></body></html>",
    "www/my-secrets.html": "<p>Hush</p>",
    "www/my_secrets.py": """
import frappe
no_cache = 1
def get_context(context):
    if frappe.session.user == "Guest":
        raise frappe.PermissionError("For members")
""",
    "www/away.html": "",
    "www/away.py": "import frappe\ndef get_context(context):\n    frappe.redirect('/plain')\n",
    "www/missing.html": "",
    "www/missing.py": "import frappe\ndef get_context():\n    raise frappe.PageDoesNotExistError\n",
    "www/broken.html": "{{ nothing.at.all }}",
    "www/crash.html": "",
    "www/crash.py": "def get_context():\n    1 / 0\n",
    "www/counted.html": "{{ number }}",
    "www/counted.py": "calls = []\ndef get_context(context):\n    calls.append(1)\n    context.number = len(calls)\n",
}


class TestWebsite(WebTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        for name, text in SAMPLE.items():
            path = Path(folder.name) / "web_sample" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        sys.path.insert(0, folder.name)
        cls.addClassCleanup(sys.path.remove, folder.name)
        apps = [*frappe.get_installed_apps(), "web_sample"]
        installed = patch.object(frappe, "get_installed_apps", return_value=apps)
        installed.start()
        cls.addClassCleanup(installed.stop)

    def see(self, path: str, status: int = 200) -> str:
        answer = self.ask("GET", path)
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.text

    def test_a_bare_page_is_put_into_the_base_template(self):
        page = self.see("/plain")
        self.assertIn("42 for Guest", page)
        self.assertIn("<title>Plain</title>", page)

    def test_a_whole_page_stands_for_itself(self):
        self.assertTrue(self.see("/whole").startswith("<html><body>whole<script>frappe.csrf_token"))

    def test_a_route_fills_the_form_and_the_page_reads_it(self):
        self.assertIn("<i>Moby Dick</i>", self.see("/shelf/Moby Dick"))

    def test_redirects_come_from_hooks_and_from_pages(self):
        for path, target in (("/old/thing", "/new/thing"), ("/away", "/plain")):
            with self.subTest(path):
                answer = self.ask("GET", path)
                self.assertEqual((answer.status_code, answer.headers["Location"]), (301, target))

    def test_a_closed_page_is_403_and_offers_the_login(self):
        page = self.see("/my-secrets", status=403)
        self.assertIn("/login?redirect-to=%2Fmy-secrets", page)
        self.log_in(self.website_user)
        self.assertIn("Hush", self.see("/my-secrets"))

    def test_a_page_may_say_that_it_is_not_there(self):
        self.see("/missing", status=404)

    def test_one_persons_message_is_not_another_persons(self):
        self.log_in(self.website_user)
        self.assertIn("Logged Out", self.see("/?cmd=web_logout"))
        page = self.see("/my-secrets", status=403)
        self.assertNotIn("Logged Out", page)

    def test_a_broken_template_says_where(self):
        self.assertIn("nothing", self.see("/broken", status=417))

    def test_a_page_that_crashes_is_500_and_is_logged(self):
        before = frappe.db.count("Error Log")
        self.see("/crash", status=500)
        frappe.db.rollback()
        self.assertEqual(frappe.db.count("Error Log"), before + 1)

    def test_pages_are_cached_unless_they_say_otherwise(self):
        self.assertEqual(self.see("/counted"), self.see("/counted"))

    def test_a_page_never_reaches_outside_its_folder(self):
        for path in ("/../hooks.py", "/%2e%2e/hooks.py", "/my_secrets.py", "/assets/web_sample/../hooks.py"):
            with self.subTest(path):
                self.see(path, status=404)

    def test_the_login_form_works_without_javascript(self):
        wrong = self.ask("POST", "/login", data={"usr": self.website_user, "pwd": "wrong"})
        self.assertEqual(wrong.status_code, 401)
        self.assertIn('role="alert"', wrong.text)
        form = {"usr": self.website_user, "pwd": PASSWORD, "redirect-to": "/my-secrets"}
        right = self.ask("POST", "/login", data=form)
        self.assertEqual((right.status_code, right.headers["Location"]), (303, "/my-secrets"))
        self.assertIn("Hush", self.see("/my-secrets"))

    def test_the_login_leads_to_no_other_site(self):
        for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
            with self.subTest(target):
                form = {"usr": self.website_user, "pwd": PASSWORD, "redirect-to": target}
                self.assertEqual(self.ask("POST", "/login", data=form).headers["Location"], "/me")

    def test_the_home_page_is_the_login_for_guests(self):
        self.assertIn('name="pwd"', self.see("/"))
        self.assertEqual(website.home_page(), "me")
