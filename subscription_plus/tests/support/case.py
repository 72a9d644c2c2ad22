"""The base of tests that need ERPNext's masters: they are there before the first test of the class."""

import json
from pathlib import Path

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import masters


class ERPNextCase(FrappeTestCase):
    """Every test makes its own documents; the class' end rolls back what the tests did not commit."""

    @classmethod
    def setUpClass(cls) -> None:
        masters.ensure()
        super().setUpClass()


def _other_records() -> list[str]:
    """The DocTypes that those of this app link to."""
    app = Path(frappe.get_app_path("subscription_plus"))
    linked = {
        field["options"]
        for path in app.glob("sp_*/doctype/*/*.json")
        for field in json.loads(path.read_text(encoding="utf-8"))["fields"]
        if field["fieldtype"] in ("Link", "Table", "Table MultiSelect")
    }
    return sorted(linked | {"Role"})


# What a DocType's test module hands to the bench's test runner as `test_ignore`: no sample records are made of
# these, the tests make their own (and ERPNext's own samples need its whole test set-up).
OTHER_RECORDS = _other_records()
