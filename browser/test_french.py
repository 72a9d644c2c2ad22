"""A French-speaking person meets no English text of the app on any of its pages."""

from __future__ import annotations

import csv
import unittest

from browser.desk import URL, Desk
from browser.test_every_page import APP, routes

# Said the same way in both languages somewhere on the page, or entered by people: names, codes, units.
VISIBLE_TEXTS = """() => {
    const found = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (!parent || ["SCRIPT", "STYLE", "OPTION"].includes(parent.tagName) || !parent.getClientRects().length) continue;
        const text = walk.currentNode.textContent.trim();
        if (text) found.add(text);
    }
    return [...found];
}"""


def english_only() -> set[str]:
    """What the app says in English and otherwise in French: seen on a French page, it was not translated."""
    with (APP / "translations" / "fr.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    french = {row[1] for row in rows}
    return {row[0] for row in rows if row[0] != row[1] and row[0] not in french}


@unittest.skipUnless(URL, "SP_BENCH_URL names no bench")
class TestFrench(unittest.TestCase):
    def test_no_page_says_anything_of_the_app_in_english(self) -> None:
        desk = Desk()
        self.addCleanup(desk.close)
        desk.open("subscriptions")
        user = desk.page.evaluate("() => frappe.session.user")
        self.speak(desk, user, "fr")
        self.addCleanup(self.speak, desk, user, "en")
        # Records that the site was installed with keep the names of that day's language.
        english = english_only() - {"Monthly", "Quarterly", "Yearly"}
        newest = desk.first("SP Subscription")
        for route in [*routes(), *([f"sp-subscription/{newest}"] if newest else [])]:
            with self.subTest(route):
                desk.open(route)
                self.assertEqual(sorted(english.intersection(desk.page.evaluate(VISIBLE_TEXTS))), [])

    def speak(self, desk: Desk, user: str, language: str) -> None:
        desk.call("frappe.client.set_value", doctype="User", name=user, fieldname="language", value=language)
        desk.call("frappe.sessions.clear")
