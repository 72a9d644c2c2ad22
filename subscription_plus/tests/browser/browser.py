"""A visitor with a real browser: Chromium driven by Playwright, at the width of a desk or of a phone."""

from __future__ import annotations

import email
import email.policy
import os
import re
import shutil
import time
import unittest
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import frappe
import requests

from subscription_plus.tests.browser.host import ROOT, Host
from subscription_plus.tests.support.web import PASSWORD

WIDTHS = {"desktop": 1280, "phone": 375}
PATIENCE = 20  # seconds until something must have come
# Another site than the embedded host's: where it answers, and the fake Stripe its account points at.
URL, STRIPE = os.environ.get("SP_BROWSER_URL"), os.environ.get("SP_BROWSER_STRIPE", "")
ADMIN_PASSWORD = os.environ.get("SP_BROWSER_ADMIN_PASSWORD", "admin")
# Where to keep pictures of the pages; nowhere, unless told.
PICTURES = os.environ.get("SP_BROWSER_PICTURES")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SERIOUS = ("serious", "critical")


def missing() -> str:
    """What this machine lacks for a browser; empty where nothing is missing."""
    if not find_spec("playwright") or not find_spec("axe_playwright_python"):
        return "Playwright and axe are not installed: pip install '.[browser]'"
    return "" if CHROMIUM else "There is no Chromium on this machine."


class BrowserCase(unittest.TestCase):
    """One host for a class; each test opens its own browser windows."""

    @classmethod
    def setUpClass(cls) -> None:
        if URL:
            cls.url = URL.rstrip("/")
        elif Path(frappe.__file__).is_relative_to(ROOT / "embedded"):
            host = Host()
            cls.addClassCleanup(host.stop)
            cls.url = host.url
        else:
            raise unittest.SkipTest("Say where a site answers: SP_BROWSER_URL")
        lacks = missing()
        if lacks and os.environ.get("CI"):
            raise RuntimeError(lacks)
        if lacks:
            raise unittest.SkipTest(lacks)
        from playwright.sync_api import sync_playwright

        driver = sync_playwright().start()
        cls.addClassCleanup(driver.stop)
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        cls.browser = driver.chromium.launch(executable_path=CHROMIUM, args=quiet)
        cls.addClassCleanup(cls.browser.close)

    def open(self, device: str, **options: Any) -> Visitor:
        """A new window without cookies."""
        context = self.browser.new_context(
            viewport={"width": WIDTHS[device], "height": 800}, locale="en-GB", **options
        )
        self.addCleanup(context.close)
        context.set_default_timeout(PATIENCE * 1000)
        return Visitor(self, context.new_page(), device)


class Visitor:
    """What a person does, told in a person's words: links and buttons by what they say, fields by their labels."""

    def __init__(self, case: BrowserCase, page: Any, device: str) -> None:
        self.case, self.page, self.device = case, page, device

    def go(self, path: str) -> None:
        answer = self.page.goto(self.case.url + path)
        self.case.assertEqual(answer.status, 200, path)

    def log_in(self, user: str, password: str = PASSWORD) -> None:
        """Through the API: the login page is the host's own."""
        answer = self.page.request.post(
            f"{self.case.url}/api/method/login", form={"usr": user, "pwd": password}
        )
        self.case.assertTrue(answer.ok, answer.text())

    def link(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(value)

    def sees(self, text: str) -> None:
        """The page says so, at once or when it has come."""
        end = time.monotonic() + PATIENCE
        while text not in (shown := self.text()) and time.monotonic() < end:
            self.page.wait_for_timeout(100)
        self.case.assertIn(text, shown, f"at {self.page.url}")

    def text(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def picture(self, name: str) -> None:
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{PICTURES}/{name}-{self.device}.png", full_page=True)

    # Accessibility

    def violations(self) -> list[str]:
        """What axe-core finds serious or critical within our part of the page, as `rule: where`."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, context=".sp-portal").response["violations"]
        return [
            f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
            for rule in found
            if rule["impact"] in SERIOUS
            for node in rule["nodes"]
        ]

    def tab_stops(self) -> list[str]:
        """Where the Tab key leads in our part of the page, in order; each must show its focus."""
        stops = []
        self.page.locator("body").evaluate(
            "body => { document.activeElement.blur(); window.scrollTo(0, 0); }"
        )
        for _step in range(150):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_FOCUSED)
            if stop is None:
                if stops:
                    break
                continue
            if stops and stop["id"] == stops[-1]["id"]:
                continue  # the parts of a date field
            if stops and stop["id"] == stops[0]["id"]:
                break
            stops.append(stop)
        return stops

    def wider_than_the_window(self) -> int:
        """By how many pixels the page has to be scrolled sideways."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )


# The element that has the focus, if it is in our part of the page: which, and whether it shows it.
_FOCUSED = """() => {
    const it = document.activeElement;
    if (!it || !it.closest(".sp-portal")) return null;
    const all = [...document.querySelectorAll("*")];
    const style = getComputedStyle(it);
    const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
    return { id: all.indexOf(it), what: it.outerHTML.slice(0, 120), shown };
}"""


def mail_link(case: BrowserCase, recipient: str, part: str) -> str:
    """The address with `part` in the newest mail to somebody, read from the outbox as Administrator."""
    session = requests.Session()
    login = session.post(
        f"{case.url}/api/method/login", data={"usr": "Administrator", "pwd": ADMIN_PASSWORD}, timeout=30
    )
    case.assertEqual(login.status_code, 200, login.text)
    query = {"fields": '["name","message"]', "order_by": "creation desc", "limit_page_length": 20}
    rows = session.get(f"{case.url}/api/resource/Email Queue", params=query, timeout=30).json()["data"]
    for row in rows:
        parts = email.message_from_string(row["message"], policy=email.policy.default).walk()
        text = " ".join(each.get_content() for each in parts if each.get_content_type().startswith("text/"))
        if recipient in row["message"] or recipient in text:
            # Frappe's text part writes links as `words (address)`.
            found = re.search(rf'https?://[^\s"<>()]*{re.escape(part)}[^\s"<>()]*', text)
            if found:
                return found.group(0).replace("&amp;", "&")
    raise AssertionError(f"no mail to {recipient} holds an address with {part}")
