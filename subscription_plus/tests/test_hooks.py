"""Every dotted path in hooks.py and patches.txt leads to something that can be called (erpnext 38219)."""

from __future__ import annotations

import importlib
import re
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from subscription_plus import hooks

DOTTED_PATH = re.compile(r"(subscription_plus|frappe|erpnext)(\.\w+)+")
ASSETS = (".js", ".css", ".html", ".svg", ".png")


def strings(value: Any) -> Iterator[str]:
    """All texts in a hook's value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from strings(inner)


def dotted_paths(module: Any) -> list[tuple[str, str]]:
    """Hook and dotted path, for each one in a hooks module."""
    return [
        (name, text)
        for name, value in vars(module).items()
        if not name.startswith("__")
        for text in strings(value)
        if DOTTED_PATH.fullmatch(text) and not text.endswith(ASSETS)
    ]


def callable_at(path: str) -> bool:
    """Whether a path is a function or class of an importable module. Errors of the import are not hidden."""
    module, _, name = path.rpartition(".")
    return callable(getattr(importlib.import_module(module), name, None))


class TestHooks(unittest.TestCase):
    def test_every_dotted_path_is_importable_and_callable_erpnext_38219(self) -> None:
        paths = dotted_paths(hooks)
        self.assertTrue(paths)
        for name, path in paths:
            with self.subTest(hook=name, path=path):
                self.assertTrue(callable_at(path), f"{path} is nothing that can be called")

    def test_every_patch_is_importable_and_callable(self) -> None:
        listing = Path(hooks.__file__).with_name("patches.txt").read_text()
        for line in filter(None, map(str.strip, listing.splitlines())):
            if not line.startswith(("[", "#")):
                with self.subTest(patch=line):
                    self.assertTrue(callable_at(f"{line.split()[0]}.execute"))


class TestTheReaderOfHooks(unittest.TestCase):
    def test_paths_are_found_wherever_they_stand(self) -> None:
        class example:
            after_install = "subscription_plus.install.after_install"
            doc_events = {"Sales Order": {"on_submit": ["subscription_plus.overrides.sales_order.on_submit"]}}
            override_whitelisted_methods = {"frappe.client.get": "subscription_plus.api.get"}
            scheduler_events = {"cron": {"*/5 * * * *": ["subscription_plus.tasks.often"]}}
            app_include_js = "subscription_plus.bundle.js"
            app_name = "subscription_plus"
            required_apps = ["frappe/erpnext"]

        self.assertEqual(
            [path for _, path in dotted_paths(example)],
            [
                "subscription_plus.install.after_install",
                "subscription_plus.overrides.sales_order.on_submit",
                "frappe.client.get",
                "subscription_plus.api.get",
                "subscription_plus.tasks.often",
            ],
        )

    def test_a_path_to_nothing_is_found_out(self) -> None:
        self.assertTrue(callable_at("subscription_plus.tests.test_hooks.callable_at"))
        self.assertFalse(callable_at("subscription_plus.tests.test_hooks.nothing"))
        with self.assertRaises(ModuleNotFoundError):
            callable_at("subscription_plus.nothing.at_all")
