"""The base of stories about the website: a shop with its prices, a customer who may log in, pages as people see them."""

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils.password import update_password
from werkzeug.test import Client, TestResponse

from subscription_plus.sp_billing import publishing
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import line, make_plan
from subscription_plus.tests.support.booking import ensure_units, make_user
from subscription_plus.tests.support.pages import form, words
from subscription_plus.tests.support.web import PASSWORD, WebTestCase


def priced_plan(rate: float = 40, **values: Any) -> Document:
    """A published plan with one line at list price."""
    item = masters.make_item()
    masters.make_item_price(item, rate)
    values = {"published": 1, "currency": masters.CURRENCY, "lines": [line(None, item=item.name)], **values}
    return make_plan(**values)


class ShopCase(WebTestCase):
    """Published things are taken down again, settings are as they were."""

    def setUp(self) -> None:
        super().setUp()
        frappe.set_user("Administrator")
        masters.ensure()
        masters.ensure_address_template()
        ensure_units()
        self.before = {
            field: frappe.db.get_single_value("SP Settings", field)
            for field in ("website_company", "website_price_list")
        }
        frappe.db.set_single_value(
            "SP Settings", {"website_company": masters.COMPANY, "website_price_list": masters.PRICE_LIST}
        )
        self.customer = masters.make_customer().name
        self.user = make_user(self.customer)
        update_password(self.user, PASSWORD)
        self.commit()

    def tearDown(self) -> None:
        frappe.set_user("Administrator")
        frappe.db.rollback()
        for doctype, field in ((publishing.PLAN, "published"), (publishing.ITEM, "sp_published")):
            frappe.db.set_value(doctype, {field: 1}, field, 0, update_modified=False)
        frappe.db.set_single_value("SP Settings", self.before)
        self.commit()
        super().tearDown()

    def commit(self) -> None:
        frappe.db.commit()
        frappe.clear_document_cache("SP Settings", "SP Settings")

    def see(self, path: str, status: int = 200) -> str:
        answer = self.ask("GET", path)
        self.assertEqual(answer.status_code, status, words(answer.text)[:400])
        return answer.text

    def fill(self, page: str, action: str, client: Client | None = None, **answers: Any) -> TestResponse:
        """Fill in a page's form, the values that are there first, and send it."""
        target, values = form(page, action)
        return self.ask("POST", target, client=client, data=values | answers)

    def follow(self, answer: TestResponse, status: int = 200) -> str:
        """The page that an answer redirects to."""
        self.assertIn(answer.status_code, (301, 302, 303), words(answer.text)[:400])
        return self.see(answer.headers["Location"], status)
