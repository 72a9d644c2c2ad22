"""Every page for everybody: axe-core finds nothing serious, the keyboard reaches everything and shows where it is."""

from subscription_plus.tests.browser import sample
from subscription_plus.tests.browser.browser import BrowserCase, Visitor

OPEN = (
    "/plans",
    "/book",
    "/account/pay?token=forged",
    "/account/register?token=forged",
    "/account/notices?token=forged",
    "/account/paid",
)
OWN = (
    "/account",
    "/account/subscriptions",
    "/account/invoices",
    "/account/methods",
    "/account/credits",
    "/account/bookings",
    "/account/settings",
)


class TestEveryPage(BrowserCase):
    def test_at_a_desk(self) -> None:
        self._look_at_everything(self.open("desktop"))

    def test_on_a_phone(self) -> None:
        self._look_at_everything(self.open("phone"))

    def _look_at_everything(self, visitor: Visitor) -> None:
        for path in OPEN:
            self._look(visitor, path)
        visitor.log_in(sample.MEMBER_MAIL)
        for path in OWN:
            self._look(visitor, path)
        for path in self._deeper(visitor):
            self._look(visitor, path)

    def _deeper(self, visitor: Visitor) -> list[str]:
        """One page of each further kind, found by following links."""
        found = []
        for start, selector in (
            ("/plans", ".sp-offer a"),
            ("/book", ".sp-offer a"),
            ("/account/subscriptions", ".sp-card h2 a"),
            ("/account/invoices", ".sp-rows .sp-what a"),
            ("/account/bookings", ".sp-rows .sp-actions a"),
        ):
            visitor.go(start)
            links = visitor.page.locator(selector)
            addresses = [links.nth(number).get_attribute("href") for number in range(min(links.count(), 2))]
            self.assertTrue(addresses, f"{start} leads nowhere")
            found += addresses
        visitor.go(next(path for path in found if path.startswith("/account/subscriptions/")))
        changes = visitor.page.locator(".sp-actions a[href*='/account/subscriptions/']")
        asked = [changes.nth(number).get_attribute("href") for number in range(changes.count())]
        self.assertTrue(asked, "no change is offered")
        reviews = [path + "?review=1&last=2099-12-31" for path in asked if path.endswith("/cancel")]
        return sorted({*found, *asked, *reviews})

    def _look(self, visitor: Visitor, path: str) -> None:
        with self.subTest(path, device=visitor.device):
            visitor.go(path)
            self.assertEqual(visitor.violations(), [], path)
            self.assertLessEqual(visitor.wider_than_the_window(), 0, f"{path} scrolls sideways")
            if visitor.device == "phone":
                return  # the same elements in the same order
            stops = visitor.tab_stops()
            self.assertEqual([stop["what"] for stop in stops if not stop["shown"]], [], "focus is not shown")
            self.assertEqual(self._unreached(visitor, len(stops)), [], f"{path}: Tab does not reach")

    def _unreached(self, visitor: Visitor, reached: int) -> list[str]:
        """What can be used by a mouse and was not reached; of a group of radio buttons one is enough."""
        usable = visitor.page.evaluate(_USABLE)
        return [] if reached >= len(usable) else usable


class TestKeyboardAlone(BrowserCase):
    def test_a_pause_by_tab_and_enter(self) -> None:
        visitor = self.open("desktop")
        visitor.log_in(sample.MEMBER_MAIL)
        visitor.go("/account")
        self._choose(visitor, sample.PLAN)
        self._choose(visitor, "Skip the next period")
        visitor.sees("you do not use it, and it is not billed")
        self._choose(visitor, "Confirm")
        visitor.sees("is skipped.")

    def _choose(self, visitor: Visitor, name: str) -> None:
        """Tab to what says so, and press Enter."""
        for _step in range(80):
            visitor.page.keyboard.press("Tab")
            if visitor.page.evaluate("document.activeElement.innerText || ''").strip() == name:
                with visitor.page.expect_navigation():
                    visitor.page.keyboard.press("Enter")
                return
        self.fail(f"Tab does not lead to {name}")


_USABLE = """() => {
    const seen = new Set();
    return [...document.querySelectorAll(".sp-portal a[href], .sp-portal button, .sp-portal input, .sp-portal select, .sp-portal textarea, .sp-portal summary")]
        .filter((it) => it.type !== "hidden" && !it.disabled && it.getClientRects().length && it.tabIndex >= 0)
        .filter((it) => {
            if (it.type !== "radio") return true;
            if (seen.has(it.name)) return false;
            seen.add(it.name);
            return true;
        })
        .map((it) => it.outerHTML.slice(0, 120));
}"""
