"""A member's life with us in a real browser, at a desk and on a phone: from signing up to cancelling.

Runs on the embedded host by itself, and on any site by SP_BROWSER_URL (see browser.py and sample.py).
"""

import uuid

from subscription_plus.tests.browser import sample
from subscription_plus.tests.browser.browser import BrowserCase, Visitor, mail_link

PASSWORD = "calm-Anchor-2604"


class TestJourney(BrowserCase):
    def test_at_a_desk(self) -> None:
        self._live(self.open("desktop"))

    def test_on_a_phone(self) -> None:
        self._live(self.open("phone"))

    def _live(self, visitor: Visitor) -> None:
        self.name = f"Maya {uuid.uuid4().hex[:6]}"
        self.mail = f"{self.name.lower().replace(' ', '.')}@subscription-plus.example"
        self._sign_up(visitor)
        self._subscribe_by_a_card_that_asks(visitor)
        self._see_the_paid_invoice(visitor)
        self._book_and_cancel(visitor)
        self._pause_and_resume(visitor)
        self._change_the_card(visitor)
        self._cancel(visitor)

    def _sign_up(self, visitor: Visitor) -> None:
        page = visitor.page
        visitor.go("/plans")
        visitor.picture("plans")
        visitor.link(sample.PLAN)
        visitor.picture("plan")
        visitor.link("Subscribe")
        visitor.press("Continue")
        visitor.sees("With an account you see your bills")
        visitor.link("Create an account")
        page.wait_for_selector("#signup_email:visible")
        visitor.picture("sign-up")
        page.fill("#signup_fullname:visible", self.name)
        page.fill("#signup_email:visible", self.mail)
        page.click(".btn-signup:visible")
        page.get_by_text("check your email").first.wait_for()
        page.goto(mail_link(self, self.mail, "/update-password?key="))
        # Key by key: Frappe's page judges the password while it is typed.
        page.locator("#new_password").press_sequentially(PASSWORD)
        page.locator("#confirm_password").press_sequentially(PASSWORD)
        visitor.picture("password")
        page.click("#update")
        page.wait_for_url("**/plans/**")

    def _subscribe_by_a_card_that_asks(self, visitor: Visitor) -> None:
        page = visitor.page
        visitor.fill("Street and number", "1 rue du Port")
        visitor.fill("Postcode", "29200")
        visitor.fill("Town", "Brest")
        page.get_by_label("Country").select_option("France")
        visitor.picture("details")
        visitor.press("Continue")
        page.get_by_label("Card or direct debit").check()
        visitor.press("Review the order")
        visitor.sees("€144.00")
        visitor.picture("review")
        visitor.press("Order and pay")
        page.get_by_label("the bank asks for authentication, always").check()
        visitor.picture("checkout")
        visitor.press("Pay")
        visitor.press("It is me")
        page.wait_for_url(f"{self.url}/**")
        visitor.picture("thanks")

    def _see_the_paid_invoice(self, visitor: Visitor) -> None:
        visitor.go("/account")
        visitor.picture("account")
        visitor.sees(sample.PLAN)
        visitor.sees("Active")
        self.assertNotIn("To pay", visitor.text())
        visitor.go("/account/invoices")
        visitor.page.locator(".sp-main .sp-rows a").first.click()
        visitor.sees("Paid")
        visitor.sees("€144.00")
        visitor.picture("invoice")
        visitor.go("/account/credits")
        visitor.sees(sample.TICKETS)
        visitor.sees("4 until")

    def _book_and_cancel(self, visitor: Visitor) -> None:
        page = visitor.page
        visitor.go("/account/credits")
        visitor.link("Book")
        visitor.picture("book")
        self._book_a_slot(visitor)
        visitor.go("/account/bookings")
        visitor.sees(sample.ROOM)
        visitor.sees("Confirmed")
        visitor.picture("bookings")
        page.get_by_role("link", name="Cancel ").first.click()
        visitor.picture("cancel-booking")
        visitor.press("Cancel the booking")
        visitor.sees("Credits given back: 1.")
        visitor.sees("Nothing is booked.")

    def _book_a_slot(self, visitor: Visitor) -> None:
        """Half a day of next week, paid with a credit."""
        visitor.link(sample.ROOM)
        visitor.link("Later")
        visitor.picture("free")
        visitor.page.locator(".sp-slot").first.click()
        visitor.page.wait_for_load_state()
        visitor.picture("slot")
        visitor.press("Book")

    def _pause_and_resume(self, visitor: Visitor) -> None:
        visitor.go("/account")
        visitor.link(sample.PLAN)
        self.home = visitor.page.url
        visitor.picture("subscription")
        visitor.link("Pause")
        visitor.picture("pause")
        visitor.press("Continue")
        visitor.sees("Paused from")
        visitor.picture("pause-review")
        visitor.press("Confirm")
        visitor.sees("Nothing is charged until you resume it.")
        visitor.link("Resume")
        visitor.press("Continue")
        visitor.press("Confirm")
        visitor.sees("Welcome back!")
        visitor.sees("Active")

    def _change_the_card(self, visitor: Visitor) -> None:
        page = visitor.page
        visitor.go("/account/methods")
        visitor.sees("Visa •••• 3184")
        visitor.press("Add a payment method")
        page.get_by_label("Mastercard •••• 4444").check()
        visitor.press("Save")
        page.wait_for_url(f"{self.url}/**")
        visitor.sees("Your payment method is saved")
        visitor.go("/account/methods")
        visitor.press("Make Mastercard •••• 4444 the default")
        visitor.sees("Mastercard •••• 4444 pays from now on.")
        visitor.press("Remove Visa •••• 3184")
        visitor.sees("Visa •••• 3184 is forgotten.")
        visitor.picture("methods")

    def _cancel(self, visitor: Visitor) -> None:
        visitor.page.goto(self.home)
        visitor.sees("Paid by Mastercard •••• 4444.")
        visitor.link("Cancel the subscription")
        visitor.fill("Why do you leave?", "Moving away")
        visitor.picture("cancel")
        visitor.press("Continue")
        visitor.sees("nothing is charged after that.")
        visitor.picture("cancel-review")
        visitor.press("Cancel the subscription")
        visitor.sees("It is cancelled.")
        visitor.sees("Keep it after all")
        visitor.picture("cancelled")
