"""Who owns a transaction: a billing session, and one retried unit of work inside it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import frappe

T = TypeVar("T")

ATTEMPTS = 6
_LOST = (frappe.QueryDeadlockError, frappe.QueryTimeoutError, frappe.DuplicateEntryError)

_VERSION = [
    "modified",
    "status",
    "billing_status",
    "next_billing_at",
    "coupon_periods_used",
    "trial_notice_sent",
    "renewal_notice_for",
    "price_notice_for",
    "error_count",
]


@contextmanager
def billing_session() -> Iterator[None]:
    """Everything billed inside is billed by Administrator, at READ COMMITTED.

    The user: what a period's documents are does not depend on the rights of the person who pressed
    Update Now, and that person's right to write the subscription was checked before. The isolation:
    ERPNext's naming series and payment references deadlock under REPEATABLE READ (docs/architecture.md).
    Only the user is exchanged, not the session: a web request goes on afterwards. Inside a session, as for
    each subscription of a batch, it is the same session.
    """
    if frappe.flags.sp_billing:
        yield  # inside a session already: it ends where it began
        return
    _refuse_in_rehearsal()
    session, user = frappe.local.session, frappe.session.user
    # What the caller has not committed is committed first: locks and looks need fresh transactions.
    frappe.db.commit()
    _become("Administrator")
    _isolate("READ COMMITTED")
    frappe.flags.sp_billing = True
    try:
        yield
    finally:
        frappe.flags.sp_billing = False
        if frappe.local.session is session:
            _become(user)
        _isolate("REPEATABLE READ")


@contextmanager
def as_billing_user() -> Iterator[None]:
    """Look as billing would, whatever the caller may see; for reading, in the caller's own transaction."""
    session, user = frappe.local.session, frappe.session.user
    _become("Administrator")
    try:
        yield
    finally:
        if frappe.local.session is session:
            _become(user)


def _refuse_in_rehearsal() -> None:
    if frappe.flags.sp_rehearsing:
        raise RuntimeError("A rehearsal takes back what it did: nothing may be committed inside.")


def _become(user: str) -> None:
    frappe.local.session.user = user
    frappe.local.role_permissions = {}
    frappe.local.user_perms = None


def _isolate(level: str) -> None:
    """MariaDB only: Postgres reads committed rows by default, and the level counts from the next transaction."""
    if frappe.db.db_type == "mariadb":
        frappe.db.sql(f"SET SESSION TRANSACTION ISOLATION LEVEL {level}")


def in_own_transaction(work: Callable[[], T]) -> T:
    """Do it as the same user in a transaction of its own, at READ COMMITTED, tried again where it lost a race.

    For verbs that take places and credits: they must see what others have committed while they waited.
    """
    if frappe.flags.sp_billing:
        return unit_of_work(work)
    _refuse_in_rehearsal()
    frappe.db.commit()
    _isolate("READ COMMITTED")
    try:
        return unit_of_work(work)
    finally:
        _isolate("REPEATABLE READ")


def is_lost(error: BaseException) -> bool:
    """Whether a transaction lost against another one, which tried again it may win.

    The database's own duplicate error comes from naming series: two transactions that take the first number
    of a year both find no row, and insert it.
    """
    return isinstance(error, _LOST) or bool(error.args and frappe.db.is_primary_key_violation(error))


def unit_of_work(work: Callable[[], T]) -> T:
    """Run `work` in a transaction of its own and commit it; all of it is there afterwards, or nothing.

    Inside a billing session. A lost race is tried again, a little later each time; other errors roll
    back and go on up.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            result = work()
            frappe.db.commit()
            return result
        except BaseException as error:
            frappe.db.rollback()
            if attempt == ATTEMPTS or not is_lost(error):
                raise
            frappe.clear_messages()
            time.sleep(random.uniform(0.02, 0.1) * attempt)
    raise AssertionError("unreachable")


def lock_subscription(name: str) -> tuple:
    """Keep a subscription's row until the transaction ends, and say what tells one state of it from another:
    when a person changed it last, and what billing writes without touching that.

    One lock for all that is done to a subscription: its periods' steps, its verbs, its state.
    """
    version = frappe.db.get_value("SP Subscription", name, _VERSION, for_update=True)
    if version is None:
        frappe.throw(frappe._("Subscription {0} does not exist.").format(name), frappe.DoesNotExistError)
    return tuple(version)
