"""The base of tests that talk HTTP: requests go to the WSGI application from another thread, as from a server."""

import uuid
from threading import Thread
from unittest.mock import patch

import frappe
from frappe.app import application
from frappe.tests.utils import FrappeTestCase
from frappe.utils.password import update_password
from werkzeug.test import Client, TestResponse

PASSWORD = "quiet-Harbour-7419"


class WebTestCase(FrappeTestCase):
    """Has a client with its own cookies for each test, a desk user and a website user for each class."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.site = frappe.local.site
        cls.suffix = uuid.uuid4().hex[:8]
        cls.desk_user = make_user(f"desk-{cls.suffix}@example.com", ["System Manager"])
        cls.website_user = make_user(f"web-{cls.suffix}@example.com", [])
        frappe.db.commit()

    def setUp(self) -> None:
        frappe.db.rollback()
        self.client = Client(application)

    def ask(self, method: str, path: str, client: Client | None = None, **kwargs) -> TestResponse:
        answers: list[TestResponse] = []

        def send() -> None:
            with patch("frappe.app.get_site_name", return_value=self.site):
                answers.append((client or self.client).open(path, method=method, buffered=True, **kwargs))

        thread = Thread(target=send)
        thread.start()
        thread.join()
        frappe.db.rollback()  # the answer's writes are seen by a new transaction only
        return answers[0]

    def log_in(self, user: str | None = None, password: str = PASSWORD) -> TestResponse:
        return self.ask("POST", "/api/method/login", data={"usr": user or self.desk_user, "pwd": password})


def make_user(email: str, roles: list[str]) -> str:
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": email,
            "first_name": "Test",
            "last_name": "Person",
            "send_welcome_email": 0,
            "user_type": "System User" if roles else "Website User",
            "roles": [{"role": role} for role in roles],
        }
    ).insert(ignore_permissions=True)
    update_password(user.name, PASSWORD)
    return user.name


def make_keys(user: str) -> tuple[str, str]:
    doc = frappe.get_doc("User", user)
    doc.api_key = frappe.generate_hash(length=15)
    secret = frappe.generate_hash(length=15)
    doc.api_secret = secret
    doc.save(ignore_permissions=True)
    frappe.db.commit()
    return doc.api_key, secret
