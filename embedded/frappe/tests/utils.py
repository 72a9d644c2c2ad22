"""FrappeTestCase and the helpers tests use."""

import copy
import signal
import unittest
from contextlib import contextmanager

import frappe
from frappe.model.base_document import BaseDocument


class FrappeTestCase(unittest.TestCase):
    """Commits what was there before the class, and rolls back what the class did."""

    maxDiff = 10_000

    @classmethod
    def setUpClass(cls) -> None:
        frappe.db.commit()
        cls.addClassCleanup(_restore_flags, copy.deepcopy(dict(frappe.local.flags)))
        cls.addClassCleanup(_rollback)
        super().setUpClass()

    def assertDocumentEqual(self, expected, actual) -> None:
        expected = expected.as_dict() if isinstance(expected, BaseDocument) else expected
        for field, value in expected.items():
            found = actual.get(field)
            if isinstance(value, list):
                self.assertEqual(len(value), len(found), f"{field} length should be same")
                for one, other in zip(value, found, strict=True):
                    self.assertDocumentEqual(one, other)
            elif isinstance(value, float):
                self.assertAlmostEqual(value, found, places=actual.precision(field) or 7, msg=field)
            elif hasattr(value, "resolution"):
                self.assertEqual(str(value), str(found), field)
            else:
                self.assertEqual(value, found, field)

    @contextmanager
    def assertQueryCount(self, count: int):
        """At most so many statements inside the block."""
        database, queries = type(frappe.local.db), []
        original = database.sql

        def counted(self, *args, **kwargs):
            answer = original(self, *args, **kwargs)
            queries.append(self.last_query)
            return answer

        database.sql = counted
        try:
            yield
        finally:
            database.sql = original
        self.assertLessEqual(len(queries), count, "Queries executed:\n" + "\n\n".join(queries))

    @contextmanager
    def set_user(self, user: str):
        with set_user(user):
            yield


def _rollback() -> None:
    frappe.db.value_cache.clear()
    frappe.db.rollback()


def _restore_flags(flags: dict) -> None:
    frappe.local.flags = frappe._dict(flags)


@contextmanager
def set_user(user: str):
    before = frappe.session.user
    try:
        frappe.set_user(user)
        yield
    finally:
        frappe.set_user(before)


@contextmanager
def change_settings(doctype: str, settings_dict=None, /, commit=False, **settings):
    """Other settings inside the block: `with change_settings("System Settings", {"time_zone": "UTC"}):`"""
    settings = {**(settings_dict or {}), **settings}

    def write(values: dict) -> None:
        document = frappe.get_doc(doctype)
        for key, value in values.items():
            document.set(key, value)
        document.flags.ignore_permissions = True
        document.save()
        frappe.db.value_cache.clear()
        if commit:
            frappe.db.commit()

    before = frappe.get_doc(doctype)
    before = {key: copy.deepcopy(before.get(key)) for key in settings}
    try:
        write(settings)
        yield
    finally:
        write(before)


def timeout(seconds: int = 30, error_message: str = "Test timed out."):
    """Fails the decorated test when it takes longer."""
    seconds = seconds if isinstance(seconds, int) else 30

    def decorate(function):
        def ring(signum, frame):
            raise Exception(error_message)

        def wrapper(*args, **kwargs):
            signal.signal(signal.SIGALRM, ring)
            signal.alarm(seconds)
            try:
                return function(*args, **kwargs)
            finally:
                signal.alarm(0)

        return wrapper

    return decorate
