"""The shop in a real browser: every step of subscribing and every view of booking, with axe, wide and narrow; without JavaScript too."""

import datetime as dt

from subscription_plus.tests.browser import sample
from subscription_plus.tests.browser.browser import BrowserCase, Visitor


class TestShop(BrowserCase):
    def test_at_a_desk(self) -> None:
        self._shop(self.open("desktop"), weeks=3)

    def test_on_a_phone(self) -> None:
        self._shop(self.open("phone"), weeks=4)

    def test_without_javascript(self) -> None:
        visitor = self.open("phone", java_script_enabled=False)
        visitor.log_in(sample.MEMBER_MAIL)
        self._order_by_transfer(visitor, look=False)
        self._book_next_to_what_is_taken(visitor, 5, look=False)

    def _shop(self, visitor: Visitor, weeks: int) -> None:
        visitor.go("/plans")
        visitor.link(sample.BIGGER)
        visitor.link("Subscribe")
        self._look(visitor, "choice")
        visitor.press("Continue")
        self._look(visitor, "account")
        visitor.log_in(sample.MEMBER_MAIL)
        self._order_by_transfer(visitor, look=True)
        self._book_next_to_what_is_taken(visitor, weeks, look=True)

    def _order_by_transfer(self, visitor: Visitor, look: bool) -> None:
        page = visitor.page
        visitor.go("/plans/own-desk/subscribe")
        visitor.press("Continue")
        if page.get_by_label("Street and number").count():
            self._look(visitor, "address", look)
            visitor.fill("Street and number", "1 rue du Port")
            visitor.fill("Town", "Brest")
            page.get_by_label("Country").select_option("France")
            visitor.press("Continue")
        page.get_by_label("Bank transfer").check()
        visitor.fill("Coupon", "NO-SUCH")
        visitor.press("Review the order")
        visitor.sees("There is no coupon NO-SUCH.")
        self._look(visitor, "payment", look)
        visitor.fill("Coupon", "")
        page.get_by_label("Bank transfer").check()
        visitor.press("Review the order")
        visitor.sees("To pay now")
        visitor.sees("€288.00")
        self._look(visitor, "order", look)
        visitor.press("Place the order")
        visitor.sees("Please transfer")
        visitor.sees("€288.00")
        self._look(visitor, "transfer", look)

    def _book_next_to_what_is_taken(self, visitor: Visitor, weeks: int, look: bool) -> None:
        page = visitor.page
        start = dt.date.today() + dt.timedelta(weeks=weeks)
        visitor.go(f"/book/meeting-room?view=month&date={start}")
        self._look(visitor, "month", look)
        visitor.go(f"/book/meeting-room?view=week&date={start}")
        page.locator(".sp-slot").first.click()
        page.wait_for_load_state()
        wanted = page.url
        self._look(visitor, "slot-form", look)
        visitor.press("Book")
        visitor.sees("Booked: Meeting room")
        page.goto(wanted)
        visitor.sees("This time is taken")
        visitor.sees("These are free next to it")
        self._look(visitor, "taken", look)
        page.locator("#book .sp-slot").first.click()
        page.wait_for_load_state()
        visitor.sees("How would you like to pay?")

    def _look(self, visitor: Visitor, name: str, look: bool = True) -> None:
        visitor.picture(name)
        if look:  # axe needs JavaScript
            self.assertEqual(visitor.violations(), [], name)
            self.assertLessEqual(visitor.wider_than_the_window(), 0, f"{name} scrolls sideways")
