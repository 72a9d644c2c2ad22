"""Stories about subscribing on the website: the steps without JavaScript, one order however often it is sent."""

from urllib.parse import parse_qs, unquote, urlsplit

import frappe
from frappe.utils import add_days, nowdate
from frappe.utils.password import update_password

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import documents_of, make_coupon
from subscription_plus.tests.support.pages import words
from subscription_plus.tests.support.shop import ShopCase, priced_plan
from subscription_plus.tests.support.things import person
from subscription_plus.tests.support.web import PASSWORD

ADDRESS = {"address_line1": "3 quai des Docks", "pincode": "44000", "city": "Nantes", "country": "France"}
ORDER, DETAILS = "subscribing.order", "subscribing.save_details"


class TestSteps(ShopCase):
    def setUp(self) -> None:
        super().setUp()
        self.plan = priced_plan(
            40, max_quantity=3, taxes_and_charges=masters.make_tax_template(20).name, company=masters.COMPANY
        )
        self.commit()
        self.path = f"/plans/{self.plan.route}/subscribe"

    def step(self, step: str, **answers) -> str:
        given = {"step": step, "quantity": 2, "start": nowdate(), "method": "transfer", **answers}
        return self.see(f"{self.path}?" + "&".join(f"{key}={value}" for key, value in given.items()))

    def log_in_with_address(self) -> None:
        self.log_in(self.user)
        self.follow(self.fill(self.step("details"), DETAILS, **ADDRESS))

    def subscriptions(self, customer: str | None = None) -> list[str]:
        return frappe.get_all("SP Subscription", {"customer": customer or self.customer}, pluck="name")

    def test_a_guest_is_led_to_an_account_and_back(self) -> None:
        self.assertIn("From which day", self.see(self.path))
        page = self.step("details")
        link = page.split('href="/login?redirect-to=')[1].split('"')[0]
        self.assertIn(f"{self.path}?step=details&quantity=2", unquote(link))
        self.assertIn("Create an account", page)
        self.assertNotIn("How would you like to pay", page)

    def test_somebody_new_becomes_a_customer_and_subscribes(self) -> None:
        user = person()
        update_password(user, PASSWORD)
        self.commit()
        self.log_in(user)
        name = masters.unique("Newcomer")
        page = self.follow(
            self.fill(self.step("review"), DETAILS, customer_name=name, method="transfer", **ADDRESS)
        )
        self.assertIn("How would you like to pay", page)
        done = self.follow(self.fill(self.step("review"), ORDER))
        self.assertIn("Please transfer", done)
        self.assertIn("€96.00", done)
        subscription = frappe.get_doc("SP Subscription", {"customer": name})
        self.assertEqual(frappe.db.get_value("Portal User", {"user": user}, "parent"), name)
        self.assertEqual(subscription.contact_email, user)
        order = documents_of(subscription, "Sales Order")[0]
        self.assertEqual((order.docstatus, order.grand_total), (1, 96))
        self.assertEqual(frappe.db.get_value("Address", order.customer_address, "city"), "Nantes")

    def test_the_review_says_what_is_billed(self) -> None:
        self.log_in_with_address()
        text = words(self.step("review"))
        for shown in ("2 × ", "€80.00", "€16.00", "Total €96.00", "And afterwards", "3 quai des Docks"):
            self.assertIn(shown, text)

    def test_an_order_sent_twice_is_one(self) -> None:
        self.log_in_with_address()
        page = self.step("review")
        first, second = (self.fill(page, ORDER) for _time in range(2))
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.subscriptions()), 1)
        self.follow(self.fill(self.step("review"), ORDER))
        self.assertEqual(len(self.subscriptions()), 2)

    def test_a_price_that_changed_meanwhile_is_shown_before_it_is_ordered(self) -> None:
        self.log_in_with_address()
        page = self.step("review")
        price = frappe.get_doc("Item Price", {"item_code": self.plan.lines[0].item})
        price.price_list_rate = 50
        price.save()
        self.commit()
        again = self.follow(self.fill(page, ORDER))
        self.assertIn("Something has changed", again)
        self.assertIn("€120.00", again)
        self.assertEqual(self.subscriptions(), [])

    def test_prices_in_the_form_are_nobodys_business(self) -> None:
        self.log_in_with_address()
        answer = self.fill(self.step("review"), ORDER, quantity="3")
        self.assertIn("Something has changed", self.follow(answer))
        self.follow(self.fill(self.step("review"), ORDER, price="1", rate="1"))
        order = documents_of(self.subscriptions()[0], "Sales Order")[0]
        self.assertEqual(order.grand_total, 96)

    def test_what_was_typed_stays_where_it_cannot_be(self) -> None:
        self.log_in(self.user)
        page = self.follow(self.fill(self.step("details"), DETAILS, **{**ADDRESS, "city": ""}))
        self.assertIn("Fill in: Town", page)
        self.assertIn("3 quai des Docks", page)
        self.log_in_with_address()
        page = self.step("review", coupon="NO-SUCH")
        self.assertIn("There is no coupon NO-SUCH", page)
        self.assertIn('value="NO-SUCH"', page)
        self.assertIn("It can start today", self.step("review", start=add_days(nowdate(), -1)))
        self.assertIn("1 to 3 times", self.step("review", quantity=9))

    def test_a_coupon_counts_in_the_review_and_in_the_bill(self) -> None:
        coupon = make_coupon(percentage=50)
        self.commit()
        self.log_in_with_address()
        page = self.step("review", coupon=coupon)
        self.assertIn("Total €48.00", words(page))
        self.assertIn("€96.00", page)
        self.follow(self.fill(page, ORDER))
        self.assertEqual(documents_of(self.subscriptions()[0], "Sales Order")[0].grand_total, 48)

    def test_terms_are_agreed_to(self) -> None:
        terms = {"title": masters.unique("SP Terms"), "terms": "<p>Be kind.</p>", "selling": 1}
        self.plan.tc_name = frappe.get_doc({"doctype": "Terms and Conditions", **terms}).insert().name
        self.plan.save()
        self.commit()
        self.log_in_with_address()
        page = self.step("review")
        self.assertIn("Be kind.", page)
        self.assertIn("Please agree", self.follow(self.fill(page, ORDER)))
        self.follow(self.fill(self.step("review"), ORDER, agree="1"))
        self.assertEqual(len(self.subscriptions()), 1)

    def test_the_thanks_are_the_customers_own(self) -> None:
        self.log_in_with_address()
        address = self.fill(self.step("review"), ORDER).headers["Location"]
        self.assertEqual(parse_qs(urlsplit(address).query)["subscription"], self.subscriptions())
        self.see(address)
        self.log_in(self.website_user)
        self.see(address, 404)
