"""The base of tests of the website: a member with a login, a subscription, credits and a booking; a stranger too."""

import html
import re
from typing import Any

import frappe
from frappe.utils import add_days, get_datetime, nowdate
from frappe.utils.password import update_password
from werkzeug.test import TestResponse

from subscription_plus.sp_booking import booking
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import advance, make_plan, make_subscription
from subscription_plus.tests.support.booking import HALF_DAY, give, make_room, make_tickets, make_user
from subscription_plus.tests.support.web import PASSWORD, WebTestCase

EVERYTHING = {
    f"customer_may_{right}": 1 for right in ("cancel", "pause", "skip", "change_quantity", "change_plan")
}


class WebsiteCase(WebTestCase):
    """Pages are asked for and forms are posted as a browser does: with cookies, the token in them, no JavaScript."""

    def setUp(self) -> None:
        super().setUp()
        frappe.set_user("Administrator")
        masters.ensure()
        self.addCleanup(
            self._restore_settings, frappe.db.get_single_value("SP Settings", "edit_window_minutes")
        )
        frappe.db.set_single_value("SP Settings", "edit_window_minutes", 0)
        frappe.clear_document_cache("SP Settings", "SP Settings")
        frappe.db.commit()

    def _restore_settings(self, minutes: Any) -> None:
        frappe.set_user("Administrator")
        frappe.db.set_single_value("SP Settings", "edit_window_minutes", minutes)
        ours = {"company": masters.COMPANY}
        frappe.db.set_value("SP Subscription", ours, "next_billing_at", None, update_modified=False)
        frappe.db.commit()

    def member(self) -> tuple[str, str]:
        """A customer and its user with a password."""
        customer = masters.make_customer().name
        user = make_user(customer)
        update_password(user, PASSWORD)
        frappe.db.commit()
        return customer, user

    def subscribed(self, customer: str, start: Any = None, bill: bool = True, **plan: Any) -> Any:
        """A monthly subscription over 30 to a plan that allows everything, begun ten days ago, its first period
        asked for."""
        plan = make_plan(**{**EVERYTHING, "published": 1, "max_quantity": 5, **plan})
        subscription = make_subscription(start or add_days(nowdate(), -10), customer=customer, plan=plan.name)
        frappe.db.commit()
        if bill:
            advance(subscription)
            frappe.db.commit()
        return subscription

    def booked(self, customer: str, user: str, days: int = 7) -> Any:
        """Two tickets, one of them spent on half a day in a week."""
        room = make_room()
        give(customer, make_tickets(room), 2)
        start = get_datetime(f"{add_days(nowdate(), days)} 09:00:00")
        made = booking.book(room, start, uom=HALF_DAY, customer=customer, user=user, payment="Credits")
        frappe.db.commit()
        return made

    def page(self, path: str, status: int = 200) -> str:
        """A page's HTML."""
        answer = self.ask("GET", path, headers={"Accept": "text/html"})
        self.assertEqual(answer.status_code, status, f"{path}: {text_of(answer.text)[:2000]}")
        return answer.text

    def text(self, path: str, status: int = 200) -> str:
        """What a page says."""
        return text_of(self.page(path, status))

    def submit(self, page: str, target: str, **values: Any) -> TestResponse:
        """Post the form of a page that leads to `target` (the end of its address), with its hidden fields."""
        for attributes, body in re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL):
            action = re.search(r'action="([^"]*)"', attributes)
            if action and action.group(1).endswith(target):
                given = {**hidden(body), **values}
                return self.ask("POST", action.group(1), data=given, headers={"Accept": "text/html"})
        raise AssertionError(f"no form leads to {target}")

    def follow(self, answer: TestResponse) -> str:
        """What the page says that an answer leads to."""
        self.assertEqual(answer.status_code, 302, text_of(answer.text)[:1000])
        return self.text(answer.headers["Location"])


def hidden(form: str) -> dict[str, str]:
    """The hidden fields of a form."""
    found = {}
    for field in re.findall(r'<input type="hidden"[^>]*>', form):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name and value:
            found[html.unescape(name.group(1))] = html.unescape(value.group(1))
    return found


def text_of(page: str) -> str:
    """A page without its markup, spaces made single."""
    page = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
