"""Script Reports on the plain desk and over the API, with the filters of their own JavaScript."""

import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import frappe

from subscription_plus.tests.support.web import WebTestCase

FOLDER = "report_sample/sample_books/report/books_lent"
SAMPLE = {
    "report_sample/__init__.py": "",
    "report_sample/hooks.py": "",
    "report_sample/sample_books/__init__.py": "",
    "report_sample/sample_books/report/__init__.py": "",
    f"{FOLDER}/__init__.py": "",
    f"{FOLDER}/books_lent.py": """
import frappe
def execute(filters):
    if filters.shelf == "Z":
        frappe.throw("There is no shelf Z")
    columns = ["Book:Data:120", {"fieldname": "price", "label": "Price", "fieldtype": "Float"}]
    rows = [["Moby Dick", 7.5], ["Emma", 5]] if filters.shelf != "B" else [{"book": "Walden", "price": 4}]
    return columns, rows
""",
    f"{FOLDER}/books_lent.js": """
frappe.query_reports["Books Lent"] = {
    filters: [
        { fieldname: "shelf", label: __("Shelf"), fieldtype: "Select", options: ["A", "B"], default: "A", reqd: 1 },
        { fieldname: "until", label: __("Until"), fieldtype: "Date", default: frappe.datetime.get_today() },
    ],
};
""",
}


class TestReports(WebTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        for name, text in SAMPLE.items():
            path = Path(folder.name) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        sys.path.insert(0, folder.name)
        cls.addClassCleanup(sys.path.remove, folder.name)
        installed = patch.object(
            frappe, "get_installed_apps", return_value=[*frappe.get_installed_apps(), "report_sample"]
        )
        installed.start()
        cls.addClassCleanup(installed.stop)
        values = {"module_name": "Sample Books", "app_name": "report_sample"}
        cls.addClassCleanup(frappe.db.commit)
        module = frappe.get_doc({"doctype": "Module Def", **values}).insert(ignore_links=True)
        cls.addClassCleanup(module.delete)
        report = frappe.get_doc(
            {
                "doctype": "Report",
                "report_name": "Books Lent",
                "ref_doctype": "ToDo",
                "report_type": "Script Report",
                "is_standard": "Yes",
                "module": "Sample Books",
                "add_total_row": 1,
                "roles": [{"role": "System Manager"}],
            }
        ).insert()
        cls.addClassCleanup(report.delete)
        frappe.db.commit()
        frappe.clear_cache()

    def setUp(self) -> None:
        super().setUp()
        self.log_in()

    def test_it_opens_with_its_filters_and_their_defaults(self):
        page = self.ask("GET", "/app/query-report/Books Lent").text
        for text in ("Moby Dick", "12.5", 'name="shelf"', "Shelf", '<option value="A" selected>'):
            self.assertIn(text, page)

    def test_a_filter_changes_what_is_shown(self):
        page = self.ask("GET", "/app/query-report/Books Lent?shelf=B").text
        self.assertIn("Walden", page)
        self.assertNotIn("Moby Dick", page)

    def test_what_it_refuses_is_said(self):
        answer = self.ask("GET", "/app/query-report/Books Lent?shelf=Z")
        self.assertEqual(answer.status_code, 417)
        self.assertIn("There is no shelf Z", answer.text)

    def test_programs_run_it_too(self):
        query = {"report_name": "Books Lent", "filters": '{"shelf": "B"}'}
        answer = self.ask("GET", "/api/method/frappe.desk.query_report.run", query_string=query)
        self.assertEqual(answer.json["message"]["result"], [{"book": "Walden", "price": 4}])

    def test_it_is_closed_to_those_without_its_roles(self):
        self.log_in(self.website_user)
        query = {"report_name": "Books Lent"}
        answer = self.ask("GET", "/api/method/frappe.desk.query_report.run", query_string=query)
        self.assertEqual(answer.status_code, 403)
