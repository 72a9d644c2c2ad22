"""The arrows of the design run one way: doctype, api and tasks use erp, erp uses the engine, the engine nothing."""

from __future__ import annotations

import ast
import re
import sys
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path

APP = "subscription_plus"
ROOT = Path(__file__).resolve().parent.parent


def modules(folder: Path = ROOT) -> Iterator[tuple[str, Path]]:
    """Name and file of every module of the app that is no test."""
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "tests" not in parts and not path.name.startswith("test_"):
            yield ".".join((APP, *parts)), path


def imports(source: str, module: str) -> set[str]:
    """Every module and name a source imports, anywhere in it, by its absolute name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(module.split(".")[: -node.level]) if node.level else ""
            origin = ".".join(filter(None, (base, node.module)))
            found |= {f"{origin}.{alias.name}" for alias in node.names}
    return found


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


class TestArrows(unittest.TestCase):
    def assert_imports(self, allowed: Callable[[str, str], bool], folder: Path = ROOT) -> None:
        """Every import under a folder is allowed. A folder without imports is a mistake in the test."""
        found = [
            (module, name)
            for module, path in modules(folder)
            for name in imports(path.read_text(encoding="utf-8"), module)
        ]
        self.assertTrue(found, f"no imports found under {folder}")
        self.assertEqual([pair for pair in found if not allowed(*pair)], [])

    def test_the_engine_imports_nothing_but_the_standard_library_dateutil_and_itself(self) -> None:
        def allowed(module: str, name: str) -> bool:
            return within(name, f"{APP}.engine", "dateutil", *sys.stdlib_module_names)

        self.assert_imports(allowed, ROOT / "engine")

    def test_the_engine_reads_no_clock(self) -> None:
        clock = re.compile(r"\.(now|utcnow|today|fromtimestamp)$|^time\.")
        for module, path in modules(ROOT / "engine"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    self.assertNotRegex(ast.unparse(node.func), clock, module)

    def test_the_door_to_erpnext_uses_nothing_of_ours_but_the_engine(self) -> None:
        def allowed(module: str, name: str) -> bool:
            return within(name, f"{APP}.erp", f"{APP}.engine") or not within(name, APP)

        self.assert_imports(allowed, ROOT / "erp")

    def test_nobody_but_the_door_imports_erpnext(self) -> None:
        def allowed(module: str, name: str) -> bool:
            return within(module, f"{APP}.erp") or not within(name, "erpnext")

        self.assert_imports(allowed)

    def test_a_gateway_is_known_by_its_hook_alone(self) -> None:
        """Nothing outside of its one file knows Stripe, so that a third gateway is one file too."""

        def allowed(module: str, name: str) -> bool:
            return module.endswith(".gateways.stripe") or not within(
                name, "stripe", f"{APP}.sp_payments.gateways.stripe"
            )

        self.assert_imports(allowed)

    def test_billing_knows_nothing_of_what_hangs_on_it(self) -> None:
        """Payments and bookings import billing; billing calls them by hooks alone."""

        def allowed(module: str, name: str) -> bool:
            return not within(name, f"{APP}.sp_payments", f"{APP}.sp_booking")

        for folder in ("sp_billing", "erp", "engine"):
            self.assert_imports(allowed, ROOT / folder)

    def test_no_module_imports_who_calls_it(self) -> None:
        """Verbs, jobs and event handlers call the modules; none of these imports them."""

        def allowed(module: str, name: str) -> bool:
            return not within(name, f"{APP}.api", f"{APP}.tasks", f"{APP}.overrides")

        for folder in ("sp_billing", "sp_payments", "sp_booking"):
            self.assert_imports(allowed, ROOT / folder)

    def test_no_module_imports_itself_in_a_circle(self) -> None:
        known = dict(modules())
        uses = {
            module: {
                name if name in known else name.rpartition(".")[0]
                for name in imports(path.read_text(encoding="utf-8"), module)
            }
            & known.keys()
            for module, path in known.items()
        }
        before = -1
        while len(uses) != before:  # what uses none of the others, or is used by none, is in no circle
            before, used = len(uses), set().union(*uses.values())
            uses = {
                module: of & uses.keys() for module, of in uses.items() if of & uses.keys() and module in used
            }
        self.assertEqual(sorted(uses), [], "these import each other")

    def test_the_app_does_not_know_the_host_it_runs_on(self) -> None:
        def allowed(module: str, name: str) -> bool:
            return not within(name, "embedded")

        self.assert_imports(allowed)


class TestTheReaderOfImports(unittest.TestCase):
    def test_every_way_to_import_is_seen(self) -> None:
        module = f"{APP}.sp_billing.facts"
        cases = (
            ("import erpnext", {"erpnext"}),
            ("import frappe.utils as u, json", {"frappe.utils", "json"}),
            ("from erpnext.accounts import party", {"erpnext.accounts.party"}),
            (f"from {APP} import erp", {f"{APP}.erp"}),
            ("from . import coupons", {f"{APP}.sp_billing.coupons"}),
            ("from .coupons import discount", {f"{APP}.sp_billing.coupons.discount"}),
            ("from ..api import subscribe", {f"{APP}.api.subscribe"}),
            ("def inside():\n    from erpnext import x", {"erpnext.x"}),
            ("if True:\n    import embedded", {"embedded"}),
        )
        for source, expected in cases:
            with self.subTest(source):
                self.assertEqual(imports(source, module), expected)

    def test_tests_are_not_read(self) -> None:
        self.assertNotIn(f"{APP}.tests.test_architecture", dict(modules()))
