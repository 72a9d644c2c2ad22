"""A request sent again with its Idempotency-Key is answered again and done once, also when both come at once."""

import datetime as dt
import time
from unittest import mock

import frappe
from frappe.utils import now_datetime

from subscription_plus.sp_billing import idempotency
from subscription_plus.sp_billing.idempotency import DOCTYPE, KeyConflict, once
from subscription_plus.tests.support.case import ERPNextCase
from subscription_plus.tests.support.threads import at_once

done: list[str] = []


@once
def write_down(text: str, times: int = 1, fail: str = "", seconds: float = 0) -> dict:
    """Writes a note so often, and says when it did."""
    time.sleep(seconds)
    for _number in range(times):
        note = frappe.get_doc({"doctype": "ToDo", "description": text}).insert(ignore_permissions=True)
    done.append(text)
    if fail:
        frappe.throw(fail)
    return {"note": note.name, "at": now_datetime()}


class WithKeys(ERPNextCase):
    def setUp(self) -> None:
        super().setUp()
        done.clear()
        self.key = frappe.generate_hash(length=12)

    def ask(self, *args, key: str | None = None, **kwargs):
        """Call it as a request with the header does: its end commits."""
        with mock.patch.object(idempotency, "key", return_value=self.key if key is None else key):
            answer = write_down(*args, **kwargs)
        frappe.db.commit()
        return answer

    def notes(self, text: str) -> int:
        return frappe.db.count("ToDo", {"description": text})


class TestAgain(WithKeys):
    def test_the_same_request_gets_the_same_answer_and_is_done_once(self) -> None:
        text = frappe.generate_hash()
        first, second = self.ask(text), self.ask(text=text, times=1)
        self.assertEqual(second, {"note": first["note"], "at": str(first["at"])})
        self.assertEqual(self.notes(text), 1)

    def test_another_request_with_the_key_is_refused(self) -> None:
        self.ask("a")
        for other in ({"text": "b"}, {"text": "a", "times": 2}):
            with self.assertRaises(KeyConflict) as refusal:
                self.ask(**other)
            self.assertEqual(refusal.exception.http_status_code, 409)
        self.assertEqual(done, ["a"])

    def test_another_caller_and_another_key_are_other_requests(self) -> None:
        self.ask("a")
        self.ask("a", key="another")
        with self.set_user("Guest"):
            self.ask("a")
        self.assertEqual(done, ["a"] * 3)

    def test_without_a_key_every_request_is_done(self) -> None:
        for _time in range(2):
            self.ask("a", key="")
        self.assertEqual(done, ["a", "a"])

    def test_a_request_that_failed_left_nothing_and_may_be_sent_again(self) -> None:
        text = frappe.generate_hash()
        for _time in range(2):
            with self.assertRaisesRegex(frappe.ValidationError, "Not today"):
                self.ask(text, fail="Not today")
            self.assertEqual(self.notes(text), 0)
        self.assertEqual(done, [text, text])

    def test_a_key_is_forgotten_after_a_day(self) -> None:
        self.ask("a")
        frappe.db.set_value(DOCTYPE, {"user": frappe.session.user}, "expires_at", now_datetime())
        frappe.db.commit()
        time.sleep(0.01)
        self.ask("a")
        self.assertEqual(done, ["a", "a"])

    def test_the_daily_job_takes_old_keys_away(self) -> None:
        self.ask("a")
        frappe.db.set_value(
            DOCTYPE, {"user": "Administrator"}, "expires_at", now_datetime() - dt.timedelta(1)
        )
        idempotency.expire()
        self.assertEqual(frappe.db.count(DOCTYPE, {"user": "Administrator"}), 0)

    def test_a_key_too_long_is_refused(self) -> None:
        with (
            mock.patch.object(frappe, "get_request_header", return_value="k" * 256),
            mock.patch.object(frappe.local, "request", object(), create=True),
            self.assertRaisesRegex(frappe.ValidationError, "255"),
        ):
            write_down("a")


class TestAtOnce(WithKeys):
    def test_of_many_at_once_one_does_it_and_all_get_its_answer(self) -> None:
        text = frappe.generate_hash()
        with mock.patch.object(idempotency, "key", return_value=self.key):
            answers = at_once(*[lambda: write_down(text, seconds=0.3)] * 4)
        self.assertEqual({answer["note"] for answer in answers}, {answers[0]["note"]})
        self.assertEqual((done, self.notes(text)), ([text], 1))

    def test_one_that_never_ended_is_not_done_again_behind_its_back(self) -> None:
        text = frappe.generate_hash()
        with mock.patch.object(idempotency, "WAIT_SECONDS", 0.2):
            self.ask(text)
            frappe.db.set_value(DOCTYPE, {"user": "Administrator"}, "status", "Running")
            frappe.db.commit()
            with self.assertRaisesRegex(KeyConflict, "has not ended"):
                self.ask(text)
        self.assertEqual(self.notes(text), 1)
