"""Every form, list, report and workspace of the app: no error in the console, and usable on a desktop and on a phone."""

from __future__ import annotations

import json
import unittest
from pathlib import Path

from browser.desk import URL, Desk

APP = Path(__file__).resolve().parents[1] / "subscription_plus"
SIZES = {"desktop": (1280, 900), "phone": (375, 800)}


def shipped(kind: str) -> list[dict]:
    """The app's standard documents of a kind."""
    return [json.loads(path.read_text()) for path in sorted(APP.glob(f"*/{kind}/*/*.json"))]


def routes() -> list[str]:
    """The addresses of all of them."""
    # What nobody may read has no page.
    doctypes = [doc for doc in shipped("doctype") if not doc.get("istable") and doc.get("permissions")]
    slugs = {doc["name"]: doc["name"].lower().replace(" ", "-") for doc in doctypes}
    found = []
    for doc in doctypes:
        if doc.get("issingle"):
            found.append(slugs[doc["name"]])
        else:
            found.append(f"{slugs[doc['name']]}/view/list")
            if not doc.get("in_create"):
                found.append(f"{slugs[doc['name']]}/new")
    found += [f"query-report/{report['name']}" for report in shipped("report")]
    found += [workspace["name"].lower().replace(" ", "-") for workspace in shipped("workspace")]
    return found


@unittest.skipUnless(URL, "SP_BENCH_URL names no bench")
class TestEveryPage(unittest.TestCase):
    def test_no_page_has_an_error_or_is_wider_than_a_desktops_window(self) -> None:
        self.look_at_all(*SIZES["desktop"])

    def test_no_page_has_an_error_or_is_wider_than_a_phones_window(self) -> None:
        self.look_at_all(*SIZES["phone"])

    def look_at_all(self, width: int, height: int) -> None:
        desk = Desk(width, height)
        self.addCleanup(desk.close)
        desk.open("subscriptions")
        for route in [*routes(), *self.some_documents(desk)]:
            with self.subTest(route):
                desk.errors.clear()
                desk.open(route)
                self.assertEqual(desk.errors, [])
                wide = desk.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
                self.assertLessEqual(wide, 0, "it must be scrolled sideways")

    def some_documents(self, desk: Desk) -> list[str]:
        """The newest document of each kind that has one."""
        found = []
        for doc in shipped("doctype"):
            if not doc.get("istable") and not doc.get("issingle") and doc.get("permissions"):
                name = desk.first(doc["name"])
                if name:
                    found.append(f"{doc['name'].lower().replace(' ', '-')}/{name}")
        return found
