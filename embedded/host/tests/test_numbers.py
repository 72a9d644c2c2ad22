"""The app's numbers on the plain desk: every report opens, its numbers lead to their details, cards lead to reports."""

import re
from pathlib import Path

import frappe

import subscription_plus
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import make_subscription
from subscription_plus.tests.support.web import WebTestCase, make_user


class TestNumbers(WebTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        masters.ensure()
        roles = ["System Manager", "Accounts Manager", "Sales User"]
        cls.reader = make_user(f"numbers-{cls.suffix}@example.com", roles)
        make_subscription("2024-01-01")
        frappe.db.set_default("company", masters.COMPANY)
        frappe.db.commit()
        frappe.clear_cache()

    def setUp(self) -> None:
        super().setUp()
        self.log_in(self.reader)

    def test_every_report_of_the_app_opens_with_and_without_details(self) -> None:
        folders = Path(subscription_plus.__file__).parent.glob("*/report/*/*.json")
        names = [frappe.parse_json(path.read_text())["name"] for path in folders]
        self.assertGreater(len(names), 12)
        for name in names:
            for details in ("", "&details=1"):
                with self.subTest(name, details=details):
                    answer = self.ask("GET", f"/app/query-report/{name}?company={masters.COMPANY}{details}")
                    self.assertEqual(answer.status_code, 200, answer.text[-600:])

    def test_a_number_leads_to_what_it_is_made_of(self) -> None:
        page = self.ask(
            "GET",
            f"/app/query-report/MRR Movements?company={masters.COMPANY}&since=2024-01-01&until=2024-01-31",
        ).text
        (link,) = re.findall(r'<a href="(\?[^"]*kind=New[^"]*)">', page)
        details = self.ask("GET", "/app/query-report/MRR Movements" + link.replace("&amp;", "&"))
        self.assertIn("/app/sp-subscription/", details.text)

    def test_cards_stand_on_the_home_page_and_lead_to_reports(self) -> None:
        page = self.ask("GET", "/app").text
        for name in ("MRR Movements", "Past Due by Age", "Due and Not Billed", "Booking Credit Liability"):
            self.assertRegex(page, rf'<a class="card number" href="/app/query-report/{name}"')
