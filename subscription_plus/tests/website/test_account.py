"""The account's pages, as HTML forms without JavaScript: what they say, what they do, and whose they are."""

import frappe
from frappe.utils import add_days, add_months, getdate, nowdate

from subscription_plus.erp import customers
from subscription_plus.sp_billing import signing
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import advance, periods_of
from subscription_plus.tests.website.case import WebsiteCase, hidden
from subscription_plus.website import words

PAGES = ("", "/subscriptions", "/bookings", "/credits", "/invoices", "/methods", "/settings")


class TestEveryPage(WebsiteCase):
    def test_a_new_user_sees_what_to_do_on_every_page(self) -> None:
        self.log_in(self.website_user)
        for page in PAGES:
            with self.subTest(page):
                self.page(f"/account{page}")

    def test_a_member_sees_the_own_things_and_nobody_elses(self) -> None:
        customer, user = self.member()
        subscription, booking = self.subscribed(customer), self.booked(customer, user)
        self.log_in(user)
        for page in (*PAGES, f"/subscriptions/{subscription.name}", f"/bookings/{booking.name}/move"):
            with self.subTest(page):
                self.page(f"/account{page}")
        _other, stranger = self.member()
        self.log_in(stranger)
        own = (
            f"/subscriptions/{subscription.name}",
            f"/subscriptions/{subscription.name}/cancel",
            f"/bookings/{booking.name}/cancel",
            "/subscriptions/SUB-there-is-none",
        )
        for page in own:
            with self.subTest(page):
                self.page(f"/account{page}", 404)
        for page in PAGES:
            with self.subTest(page):
                shown = self.page(f"/account{page}")
                for name in (subscription.name, booking.item, customer):
                    self.assertNotIn(name, shown)

    def test_every_page_speaks_french(self) -> None:
        customer, user = self.member()
        self.subscribed(customer)
        self.booked(customer, user)
        frappe.db.set_value("User", user, "language", "fr")
        frappe.db.commit()
        self.log_in(user)
        shown = self.text("/account")
        self.assertIn("Mon compte", shown)
        self.assertIn("30,00", shown)
        self.assertIn("Prochain paiement", shown)


class TestLogins(WebsiteCase):
    def test_a_portal_user_keeps_the_customer_the_house_gave(self) -> None:
        customer, user = self.member()
        before = frappe.db.get_single_value("Portal Settings", "default_role")
        self.default_role("Customer")
        self.addCleanup(self.default_role, before)
        for _login in range(2):
            self.assertEqual(self.log_in(user).status_code, 200)
        self.assertEqual(frappe.get_all("Customer", {"owner": user}), [])
        self.assertEqual(customers.of_user(user), [customer])

    def default_role(self, role: str | None) -> None:
        frappe.set_user("Administrator")
        frappe.db.set_single_value("Portal Settings", "default_role", role)
        frappe.clear_document_cache("Portal Settings", "Portal Settings")
        frappe.db.commit()


class TestSubscriptions(WebsiteCase):
    def setUp(self) -> None:
        super().setUp()
        self.customer, self.user = self.member()
        self.subscription = self.subscribed(self.customer)
        self.home = f"/account/subscriptions/{self.subscription.name}"
        self.log_in(self.user)

    def now(self):
        return frappe.get_doc("SP Subscription", self.subscription.name)

    def review(self, action: str, **values: str) -> str:
        query = "&".join(f"{key}={value}" for key, value in {"review": 1, **values}.items())
        return self.page(f"{self.home}/{action}?{query}")

    def confirm(self, action: str, **values: str) -> str:
        """Review a change, which changes nothing, and confirm it; what is said afterwards."""
        before = self.now().modified
        page = self.review(action, **values)
        self.assertEqual(self.now().modified, before, "a review changes nothing")
        return self.follow(self.submit(page, "change_form.confirm"))

    def test_it_says_what_is_paid_when(self) -> None:
        shown = self.text(self.home)
        next_day = words.day(add_months(self.subscription.start_date, 1))
        self.assertIn(f"€30.00 on {next_day}", shown)
        self.assertIn("To pay", shown)

    def test_cancelling_says_until_when_it_lasts_and_can_be_undone(self) -> None:
        last = add_days(add_months(self.subscription.start_date, 1), -1)
        told = f"You have it until {words.day(last)}; nothing is charged after that."
        asked = self.page(f"{self.home}/cancel")
        self.assertIn(f'value="{last}"', asked)
        self.assertIn(told, self.review("cancel", last=str(last)))
        self.assertIn(told, self.confirm("cancel", last=str(last), reason="Moving+away"))
        self.assertEqual(getdate(self.now().cancellation_date), getdate(last))
        event = frappe.get_last_doc("SP Subscription Event", {"event_type": "Cancelled"})
        self.assertEqual((event.user, event.message), (self.user, "Moving away"))
        self.assertIn(told, self.text("/account"))
        self.confirm("undo")
        self.assertIsNone(self.now().cancellation_date)

    def test_a_refusal_comes_back_with_what_was_filled_in(self) -> None:
        page = self.review("cancel", last=str(add_days(nowdate(), 1)), reason="Too+dear")
        self.assertIn("It can end on", page)
        self.assertIn("Too dear", page)
        self.assertNotIn("change_form.confirm", page)

    def test_a_pause_and_going_on(self) -> None:
        until = add_days(nowdate(), 20)
        self.confirm("pause", start=nowdate(), until=until)
        self.assertIn(f"It goes on by itself on {words.day(add_days(until, 1))}", self.text(self.home))
        self.assertIn("It goes on. Welcome back!", self.confirm("resume", on=nowdate()))

    def test_skipping_more_and_another_plan(self) -> None:
        day = add_months(self.subscription.start_date, 1)
        self.assertIn("skipped", self.confirm("skip"))
        row = self.now().lines[0].name
        self.assertIn("counts from", self.confirm("quantity", line=row, qty="3"))
        self.assertEqual([line.qty for line in self.now().lines], [1, 3])
        other = self.subscribed(self.customer, bill=False).plan
        self.confirm("plan", plan=other)
        self.assertEqual(self.now().plan, other)
        self.assertTrue(all(getdate(line.from_date or day) >= getdate(day) for line in self.now().lines[1:]))

    def test_what_the_plan_does_not_allow_is_neither_offered_nor_done(self) -> None:
        plan = frappe.get_doc("SP Subscription Plan", self.subscription.plan)
        plan.customer_may_pause = 0
        plan.save()
        frappe.db.commit()
        self.assertNotIn(f"{self.home}/pause", self.page(self.home))
        self.assertEqual(self.ask("GET", f"{self.home}/pause").status_code, 302)
        page = self.review("cancel", last=str(add_months(nowdate(), 3)))
        refused = self.submit(page, "change_form.confirm", action="pause", start=nowdate())
        self.assertEqual(refused.status_code, 403)
        self.assertFalse(self.now().breaks)

    def test_nobody_else_confirms(self) -> None:
        page = self.review("cancel", last=str(add_months(nowdate(), 3)))
        _customer, stranger = self.member()
        self.log_in(stranger)
        token = hidden(self.page("/account/settings"))["csrf_token"]
        self.assertEqual(self.submit(page, "change_form.confirm", csrf_token=token).status_code, 404)
        self.assertIsNone(self.now().cancellation_date)

    def test_a_form_without_its_token_is_refused(self) -> None:
        page = self.review("skip")
        refused = self.submit(page, "change_form.confirm", csrf_token="forged")
        self.assertEqual(refused.status_code, 400)
        self.assertFalse(self.now().breaks)

    def test_the_documents_can_be_kept(self) -> None:
        masters.pay(frappe.get_doc("Sales Order", periods_of(self.subscription)[0].sales_order))
        frappe.db.commit()
        advance(self.subscription)
        frappe.db.commit()
        invoice = periods_of(self.subscription)[0].sales_invoice
        shown = self.text(f"/account/invoices/{invoice}")
        self.assertIn("Paid", shown)
        answer = self.ask("GET", f"/api/method/subscription_plus.website.documents.show?name={invoice}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(invoice, answer.text)
        _customer, stranger = self.member()
        self.log_in(stranger)
        self.page(f"/account/invoices/{invoice}", 404)
        for way in ("show", "pdf"):
            refused = self.ask("GET", f"/api/method/subscription_plus.website.documents.{way}?name={invoice}")
            self.assertEqual(refused.status_code, 404)


class TestBookings(WebsiteCase):
    def setUp(self) -> None:
        super().setUp()
        self.customer, self.user = self.member()
        self.booking = self.booked(self.customer, self.user)
        self.log_in(self.user)

    def now(self):
        return frappe.get_doc("SP Item Booking", self.booking.name)

    def test_move_and_cancel_with_the_rules_in_words(self) -> None:
        self.assertIn("Can be changed until", self.text("/account/bookings"))
        page = self.page(f"/account/bookings/{self.booking.name}/move")
        wanted = str(self.booking.starts_on).replace("09:00", "13:00")
        self.assertIn(f'value="{wanted}"', page)
        self.assertIn(
            "It is moved to", self.follow(self.submit(page, "booking_forms.move", starts_on=wanted))
        )
        self.assertEqual(str(self.now().starts_on), wanted)
        page = self.page(f"/account/bookings/{self.booking.name}/cancel")
        self.assertIn("you get your credits back (1)", page)
        self.assertIn("Credits given back: 1", self.follow(self.submit(page, "booking_forms.cancel")))
        self.assertIn("Given back", self.text("/account/credits"))

    def test_a_time_that_is_taken_is_refused_in_words(self) -> None:
        page = self.page(f"/account/bookings/{self.booking.name}/move")
        night = str(self.booking.starts_on).replace("09:00", "03:00")
        self.assertIn("is closed at", self.follow(self.submit(page, "booking_forms.move", starts_on=night)))

    def test_nobody_else_cancels(self) -> None:
        page = self.page(f"/account/bookings/{self.booking.name}/cancel")
        self.client.delete_cookie("sid")
        refused = self.submit(page, "booking_forms.cancel")
        self.assertEqual(refused.status_code, 403)
        self.assertEqual(self.now().status, "Confirmed")


class TestSettings(WebsiteCase):
    def setUp(self) -> None:
        super().setUp()
        self.customer, self.user = self.member()
        self.log_in(self.user)

    def test_name_language_and_address(self) -> None:
        page = self.page("/account/settings")
        self.follow(self.submit(page, "save_person", first_name="Zoé", last_name="Lu", language="fr"))
        self.assertEqual(frappe.db.get_value("User", self.user, ["first_name", "language"]), ("Zoé", "fr"))
        address = {"address_line1": "1 rue du Port", "city": "Brest", "country": "France", "pincode": "29200"}
        self.assertIn("L'adresse", self.follow(self.submit(page, "save_address", **address)))
        self.assertIn("1 rue du Port", self.page("/account/settings"))
        refused = self.follow(self.submit(page, "save_address", **{**address, "country": "Nowhere"}))
        self.assertIn("pays", refused)

    def test_notices_stop_by_the_link_of_a_mail_without_login(self) -> None:
        self.client.delete_cookie("sid")
        address = f"/account/notices?token={signing.sign('notices', self.customer)}"
        page = self.page(address)
        self.assertIn("You get notices.", page)
        self.assertFalse(frappe.db.get_value("Customer", self.customer, "sp_no_notices"))
        self.assertIn("You get no notices.", self.follow(self.submit(page, "unsubscribe", wanted="0")))
        self.assertTrue(frappe.db.get_value("Customer", self.customer, "sp_no_notices"))
        self.assertIn("This link is not valid", self.text("/account/notices?token=forged"))
        self.assertEqual(self.submit(page, "unsubscribe", token="forged", wanted="1").status_code, 403)
