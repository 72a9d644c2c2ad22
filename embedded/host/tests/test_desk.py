"""The plain desk, as a person uses it: lists, forms, buttons, the outbox, and a subscription from order to paid invoice."""

import re
import uuid

import frappe
from frappe.app import application
from werkzeug.test import Client, TestResponse

from embedded.host import clock
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.web import WebTestCase, make_user


class DeskTestCase(WebTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        masters.ensure()
        super().setUpClass()

    def setUp(self) -> None:
        super().setUp()
        self.log_in("Administrator", "admin")

    def see(self, path: str, status: int = 200) -> str:
        answer = self.ask("GET", path)
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.text

    def press(self, path: str, button: str, **fields) -> TestResponse:
        token = re.search(r'name="csrf_token" value="(\w+)"', self.see(path)).group(1)
        return self.ask("POST", path, data={"csrf_token": token, "_do": button, **fields})

    def follow(self, answer: TestResponse) -> str:
        self.assertEqual(answer.status_code, 303, answer.text)
        return self.see(answer.location)


class TestForms(DeskTestCase):
    def test_a_document_is_made_changed_found_and_deleted(self):
        word = uuid.uuid4().hex
        page = self.follow(self.press("/app/todo/new", "save", description=f"water {word}", priority="High"))
        self.assertIn(f"water {word}", page)
        name = frappe.db.get_value("ToDo", {"description": f"water {word}"})
        self.assertIn(name, self.see(f"/app/todo?q={word}"))
        self.follow(self.press(f"/app/todo/{name}", "save", description=f"feed {word}", priority="Low"))
        self.assertEqual(frappe.db.get_value("ToDo", name, "priority"), "Low")
        self.follow(self.press(f"/app/todo/{name}", "delete"))
        self.assertFalse(frappe.db.exists("ToDo", name))

    def test_what_is_refused_is_said_and_what_was_typed_is_kept(self):
        answer = self.press("/app/customer/new", "save", customer_name="", customer_details="Typed before")
        self.assertEqual(answer.status_code, 417)
        self.assertIn('class="notice red"', answer.text)
        self.assertIn("Typed before", answer.text)

    def test_a_form_without_its_token_writes_nothing(self):
        self.see("/app/todo/new")
        answer = self.ask("POST", "/app/todo/new", data={"_do": "save", "description": "forged"})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(frappe.db.exists("ToDo", {"description": "forged"}))

    def test_a_form_that_somebody_else_changed_meanwhile_is_refused(self):
        todo = frappe.get_doc({"doctype": "ToDo", "description": "one"}).insert()
        frappe.db.commit()
        before = str(todo.modified)
        todo.save()
        frappe.db.commit()
        answer = self.press(f"/app/todo/{todo.name}", "save", description="two", _modified=before)
        self.assertEqual(answer.status_code, 417)
        self.assertEqual(frappe.db.get_value("ToDo", todo.name, "description"), "one")

    def test_who_may_not_read_a_document_does_not_see_its_form(self):
        user = make_user(f"clerk-{uuid.uuid4().hex[:8]}@example.com", ["Sales User"])
        frappe.db.commit()
        self.client = Client(application)
        self.log_in(user)
        self.see("/app/user/Administrator", status=403)
        self.see("/app/sp-settings", status=403)

    def test_names_that_are_not_there_are_404(self):
        self.see("/app/no-such-thing", status=404)
        self.see("/app/todo/no-such-todo", status=404)

    def test_values_are_shown_as_text_and_never_as_markup(self):
        todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
        todo.db_set("description", "<script>alert(1)</script>")
        frappe.db.commit()
        for path in (f"/app/todo/{todo.name}", "/app/todo"):
            self.assertNotIn("<script>alert(1)", self.see(path))


class TestPages(DeskTestCase):
    def test_every_list_and_every_empty_form_opens(self):
        for doctype in frappe.get_all("DocType", filters={"istable": 0}, fields=["name", "issingle"]):
            path = f"/app/{doctype.name.lower().replace(' ', '-')}"
            with self.subTest(doctype.name):
                self.see(path)
                if not doctype.issingle:
                    self.see(f"{path}/new")

    def test_home_leads_to_the_apps_workspace(self):
        self.assertIn("/app/sp-subscription", self.see("/app"))

    def test_an_e_mail_can_be_read_in_the_outbox(self):
        subject = f"Hello {uuid.uuid4().hex}"
        frappe.sendmail(recipients=["reader@example.com"], subject=subject, message="<p>Good morning</p>")
        frappe.db.commit()
        page = self.see("/app/outbox")
        self.assertIn(subject, page)
        name = re.search(rf'href="(/app/outbox/[^"]+)">{subject}', page).group(1)
        self.assertIn("Good morning", self.see(name))

    def test_the_clock_page_moves_the_sites_time(self):
        self.addCleanup(clock.reset)
        before = clock.utc_now()
        self.follow(self.press("/app/clock", "", hours="2"))
        self.assertGreaterEqual((clock.utc_now() - before).total_seconds(), 2 * 3600)


class TestSubscription(DeskTestCase):
    def test_a_newcomer_bills_a_customer_and_sees_the_paid_invoice(self):
        customer, item = masters.make_customer(), masters.make_item()
        masters.make_item_price(item, 30)
        frappe.db.commit()
        page = self.follow(
            self.press(
                "/app/sp-subscription/new",
                "save",
                customer=customer.name,
                company=masters.COMPANY,
                currency="EUR",
                recurrence_period="Monthly",
                price_list=masters.PRICE_LIST,
                **{"lines.shown": "1", "lines.1.item": item.name, "lines.1.qty": "2"},
            )
        )
        self.assertIn(customer.name, page)
        name = frappe.db.get_value("SP Subscription", {"customer": customer.name})

        page = self.follow(self.press(f"/app/sp-subscription/{name}", "action:Update Now"))
        self.assertIn("Made: ", page)
        order = frappe.db.get_value("Sales Order", {"sp_subscription": name})

        answer = self.press(f"/app/sales-order/{order}", "action:Create Payment Entry")
        self.follow(answer)
        self.follow(self.press(answer.location, "submit"))

        invoice = frappe.db.get_value("Sales Invoice", {"sp_subscription": name})
        self.assertIn("Paid", self.see(f"/app/sales-invoice/{invoice}"))
        self.assertEqual(frappe.db.get_value("Sales Invoice", invoice, "outstanding_amount"), 0)

    def test_a_verb_with_questions_asks_them_first(self):
        customer, item = masters.make_customer(), masters.make_item()
        masters.make_item_price(item, 30)
        subscription = frappe.get_doc(
            {
                "doctype": "SP Subscription",
                "customer": customer.name,
                "company": masters.COMPANY,
                "currency": "EUR",
                "recurrence_period": "Monthly",
                "price_list": masters.PRICE_LIST,
                "lines": [{"item": item.name, "qty": 1}],
            }
        ).insert()
        frappe.db.commit()
        path = f"/app/sp-subscription/{subscription.name}"
        page = self.follow(self.press(path, "action:Cancel Subscription"))
        self.assertIn('name="reason"', page)
        answers = {"_given": "1", "at": "Now", "reason": "Moved away"}
        self.follow(self.press(path, "action:Cancel Subscription", **answers))
        self.assertEqual(frappe.db.get_value("SP Subscription", subscription.name, "status"), "Cancelled")
