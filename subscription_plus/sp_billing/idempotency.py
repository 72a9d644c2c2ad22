"""Idempotency keys: a request that is sent again is answered again, and done once.

A program that got no answer cannot know whether its request was done. With an `Idempotency-Key` it may send it again:
the database's primary key, made of caller, method and key, lets one of any number of requests do the work.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import inspect
import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

import frappe
from frappe import _
from frappe.utils import now_datetime

DOCTYPE = "SP Idempotency Key"
HEADER = "Idempotency-Key"
HOURS = 24
LONGEST_KEY = 255
WAIT_SECONDS = 20
RUNNING, DONE = "Running", "Done"

F = TypeVar("F", bound=Callable[..., Any])


class KeyConflict(frappe.ValidationError):
    """The key is in use: for another request, or for one whose outcome is not known."""

    http_status_code = 409


def once(function: F) -> F:
    """Let callers send an Idempotency-Key; stands below `@frappe.whitelist(methods=["POST"])`.

    Same caller, key and arguments: the first answer again, also when both come at once. Other arguments: 409.
    A request that failed left nothing behind, and may be sent again. Without the header nothing changes.
    """

    @functools.wraps(function)
    def answer(*args: Any, **kwargs: Any) -> Any:
        sent = key()
        if not sent:
            return function(*args, **kwargs)
        method = f"{function.__module__}.{function.__name__}"
        name = _hash(frappe.session.user, method, sent)
        asked = _hash(_arguments(function, args, kwargs))
        if not _begin(name, method, asked):
            return _answer_of(name, asked)
        try:
            given = function(*args, **kwargs)
            # In the transaction of what the request wrote last: it is kept with it, or lost with it.
            frappe.db.set_value(DOCTYPE, name, {"status": DONE, "answer": frappe.as_json(given)})
            return given
        except BaseException:
            frappe.db.rollback()
            frappe.db.delete(DOCTYPE, {"name": name})
            frappe.db.commit()
            raise

    answer.takes_idempotency_key = True  # said in the API's description
    return answer  # type: ignore[return-value]


def key() -> str | None:
    """The key of the request being answered; None where it has none."""
    if not getattr(frappe.local, "request", None):
        return None
    sent = frappe.get_request_header(HEADER)
    if sent and len(sent) > LONGEST_KEY:
        frappe.throw(_("An Idempotency-Key has {0} characters at most.").format(LONGEST_KEY))
    return sent or None


def _arguments(function: Callable, args: tuple, kwargs: dict[str, Any]) -> str:
    """The call's arguments, defaults included: whether one was left out or given makes no difference."""
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    return json.dumps(bound.arguments, sort_keys=True, default=str)


def _hash(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _begin(name: str, method: str, asked: str) -> bool:
    """Take the key; False where somebody has it. Committed at once, so that others see it."""
    row = frappe.get_doc(
        {
            "doctype": DOCTYPE,
            "name": name,
            "user": frappe.session.user,
            "method": method[:140],
            "status": RUNNING,
            "request_hash": asked,
            "expires_at": now_datetime() + dt.timedelta(hours=HOURS),
        }
    )
    try:
        row.db_insert()
    except frappe.DuplicateEntryError:
        frappe.db.rollback()
        frappe.clear_messages()
        # One that is over counts no more, though the daily job has not taken it away yet.
        if frappe.db.get_value(DOCTYPE, {"name": name, "expires_at": ("<", now_datetime())}):
            frappe.db.delete(DOCTYPE, {"name": name})
            frappe.db.commit()
            return _begin(name, method, asked)
        return False
    frappe.db.commit()
    return True


def _answer_of(name: str, asked: str) -> Any:
    """What the first request with the key answered; waits for it while it runs."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        row = frappe.db.get_value(DOCTYPE, name, ["status", "request_hash", "answer"], as_dict=True)
        if row and row.request_hash != asked:
            frappe.throw(_("This Idempotency-Key was used for another request. Use a new one."), KeyConflict)
        if row and row.status == DONE:
            return json.loads(row.answer)
        if not row:
            frappe.throw(_("The request with this Idempotency-Key failed. Send it once more."), KeyConflict)
        if time.monotonic() > until:
            frappe.throw(
                _(
                    "The request with this Idempotency-Key has not ended. Look what became of it before you send it with a new one."
                ),
                KeyConflict,
            )
        frappe.db.rollback()  # what others commit is seen by a new transaction only
        time.sleep(0.05)


def expire() -> None:
    """Forget keys after their day; for the daily job."""
    frappe.db.delete(DOCTYPE, {"expires_at": ("<", now_datetime())})
