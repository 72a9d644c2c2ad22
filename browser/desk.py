"""A person at a real Desk: opens pages, fills in forms, presses buttons, and hears every error in the console."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

URL = os.environ.get("SP_BENCH_URL", "").rstrip("/")
USER = os.environ.get("SP_BENCH_USER", "Administrator")
PASSWORD = os.environ.get("SP_BENCH_PASSWORD", "admin")
CHROMIUM = os.environ.get("SP_CHROMIUM", "/usr/bin/chromium")
PICTURES = os.environ.get("SP_PICTURES")
PATIENCE = 60_000  # milliseconds: a busy machine draws slowly
# A site for trying has no socket server, and the desk tells so at every page; nor an icon. Frappe's charts stumble when
# their place changes its size while they are drawn anew.
NOISE = ("socket.io", "Error connecting to socket", "favicon.ico", "boundDrawFn")


class Desk:
    """A browser that is logged in. `errors`: what its console and its requests complained about."""

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        self._driver = sync_playwright().start()
        self._browser = self._driver.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP *.localhost 127.0.0.1",
            ],
        )
        self.page: Page = self._browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(PATIENCE)
        self.errors: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._note((error.stack or str(error))[:900]))
        self._log_in()

    def close(self) -> None:
        self._browser.close()
        self._driver.stop()

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self._note(f"{self.page.url}: {message.text[:400]} {message.location.get('url', '')}")

    def _note(self, text: str) -> None:
        if not any(noise in text for noise in NOISE):
            self.errors.append(text)

    def _log_in(self) -> None:
        self.page.goto(f"{URL}/login", wait_until="domcontentloaded")
        status = self.page.evaluate(
            """([usr, pwd]) => fetch("/api/method/login", {
                method: "POST",
                headers: {"Content-Type": "application/x-www-form-urlencoded"},
                body: new URLSearchParams({usr, pwd}),
            }).then((answer) => answer.status)""",
            [USER, PASSWORD],
        )
        if status != 200:
            raise AssertionError(f"{URL} does not let {USER} in ({status})")

    # Where a person goes

    def open(self, route: str) -> None:
        """Open a page of the desk by its address, and wait until it is drawn."""
        self.page.goto(f"{URL}/app/{route}", wait_until="domcontentloaded")
        self.settle()

    def settle(self) -> None:
        """Wait until the desk has drawn and asked all it wants."""
        self.page.wait_for_function(
            "() => window.frappe && frappe.boot && document.querySelector('.page-container:not([style*=none])')"
        )
        self.page.wait_for_function("() => !frappe.request || !frappe.request.ajax_count")
        self.page.wait_for_timeout(900)
        self.page.wait_for_function("() => !frappe.request || !frappe.request.ajax_count")

    def follow(self, text: str, within: str = ".page-container:visible") -> None:
        """Press a link or a button by what it says."""
        self.page.locator(within).get_by_text(text, exact=True).first.click()
        self.settle()

    def as_guest(self, path: str) -> str:
        """What somebody who is not logged in reads on a page of the website."""
        context = self._browser.new_context()
        page = context.new_page()
        page.goto(f"{URL}/{path}")
        text = page.locator("body").inner_text()
        context.close()
        return text

    # Forms

    def new(self, doctype: str, **values: Any) -> None:
        """Open an empty form and fill it in."""
        self.open(f"{doctype.lower().replace(' ', '-')}/new")
        self.page.wait_for_function(
            f"() => cur_frm && cur_frm.doctype === {json.dumps(doctype)} && cur_frm.is_new()"
        )
        self.fill(**values)

    def fill(self, **values: Any) -> None:
        """Set fields of the open form one after the other, as typing them does."""
        for field, value in values.items():
            self.page.evaluate(
                "async ([field, value]) => { await cur_frm.set_value(field, value); }", [field, value]
            )
            self.settle()

    def save(self) -> str:
        """Press Save; the document's name."""
        self.page.evaluate("() => cur_frm.save()")
        self.page.wait_for_function("() => !cur_frm.is_new() && !cur_frm.is_dirty()")
        self.settle()
        return self.page.evaluate("() => cur_frm.docname")

    def submit(self) -> None:
        """Press Submit and say yes."""
        self.page.evaluate("() => { cur_frm.savesubmit(); }")
        self.page.locator(".modal.show .btn-primary").first.click()
        self.page.wait_for_function("() => cur_frm.doc.docstatus === 1")
        self.settle()

    def value(self, field: str) -> Any:
        return self.page.evaluate("(field) => cur_frm.doc[field]", field)

    def headline(self) -> str:
        return self.page.locator(".form-message:visible").first.inner_text()

    def press(self, label: str, group: str | None = "Actions") -> None:
        """Press a form's button, in its group of buttons where it is in one."""
        if group:
            self.page.locator(f".inner-group-button[data-label='{group}']:visible > button").first.click()
            self.page.locator(".inner-group-button .dropdown-menu.show").get_by_text(
                label, exact=True
            ).click()
        else:
            self.page.locator(".page-actions:visible").get_by_text(label, exact=True).first.click()
        self.page.wait_for_timeout(400)

    def buttons(self, group: str = "Actions") -> list[str]:
        """What a group of buttons offers now."""
        self.page.wait_for_selector(f".inner-group-button[data-label='{group}']:visible")
        return self.page.locator(
            f".inner-group-button[data-label='{group}'] .dropdown-item"
        ).all_inner_texts()

    def answer(self, **values: Any) -> None:
        """Fill in the open dialog and press its main button."""
        self.page.wait_for_selector(".modal.show .btn-modal-primary:visible")
        self.page.wait_for_function("() => window.cur_dialog && cur_dialog.fields_dict")
        for field, value in values.items():
            self.page.evaluate(
                "async ([field, value]) => { await cur_dialog.set_value(field, value); }", [field, value]
            )
        self.settle()
        # A list of suggestions that is still open would lie over the button.
        self.page.evaluate("() => { document.activeElement.blur(); }")
        self.page.wait_for_timeout(400)
        self.page.locator(".modal.show .btn-modal-primary:visible").first.click()
        self.page.wait_for_function("() => !document.querySelector('.modal.show .btn-modal-primary')")
        self.settle()

    def dismiss(self) -> None:
        """Close whatever message stands in the way."""
        self.page.evaluate("() => { frappe.hide_msgprint(true); if (cur_dialog) cur_dialog.hide(); }")
        self.page.wait_for_timeout(500)

    # What the walks need beside what they press

    def call(self, method: str, **arguments: Any) -> Any:
        return self.page.evaluate("([method, args]) => frappe.xcall(method, args)", [method, arguments])

    def make(self, doctype: str, name: str | None = None, **values: Any) -> str:
        """A record the walk stands on, made by REST where it is missing; its name."""
        if name and self.call(
            "frappe.client.get_value", doctype=doctype, filters={"name": name}, fieldname="name"
        ):
            return name
        return self.call("frappe.client.insert", doc={"doctype": doctype, **values})["name"]

    def wait_for(self, doctype: str, name: str, **values: Any) -> None:
        """Wait until the queue has given a record these values."""
        until = time.monotonic() + PATIENCE / 1000
        while not self.first(doctype, name=name, **values):
            if time.monotonic() > until:
                raise TimeoutError(f"{doctype} {name} has not come to {values}. Does a worker run?")
            self.page.wait_for_timeout(1000)

    def first(self, doctype: str, field: str = "name", **filters: Any) -> Any:
        rows = self.call(
            "frappe.client.get_list", doctype=doctype, filters=filters, fields=[field], limit_page_length=1
        )
        return rows[0][field] if rows else None

    def picture(self, name: str, selector: str | None = None) -> None:
        """A picture for the guide, in the folder that SP_PICTURES names."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            target = self.page.locator(selector).first if selector else self.page
            target.screenshot(path=str(Path(PICTURES) / f"{name}.png"))
