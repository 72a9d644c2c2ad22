"""The hourly run: finds what is due by index, hands it to the queue in batches, counts what was done."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import frappe
from frappe.utils import cint, now_datetime

from . import settings
from .pipeline import advance
from .transactions import billing_session

PAGE = 1000


def dispatch(inline: bool = False) -> str | None:
    """Hand every due subscription to the queue; the name of the run's log, None where nothing was due.

    Batches of one size, each enqueued under an id that its first subscription gives, so a dispatcher that
    overtakes a slow queue enqueues nothing twice; and if it does, a subscription looks for itself what is
    left to do. `inline`: work the batches off here, for consoles and tests.
    """
    now = now_datetime()
    size = cint(settings.get("batch_size")) or 100
    run: str | None = None
    for names in _pages(now, size):
        run = run or _begin_run(now)
        if inline:
            bill_batch(names, run)
        else:
            _enqueue(names, run)
    frappe.db.set_single_value("SP Settings", "last_run_at", now, update_modified=False)
    frappe.db.commit()
    return run


def _pages(now: dt.datetime, size: int) -> Iterator[list[str]]:
    """Due names in batches, paged by key: rows that become due or are done meanwhile shift nothing."""
    subscription = frappe.qb.DocType("SP Subscription")
    after: tuple[Any, str] | None = None
    waiting: list[str] = []
    while True:
        query = (
            frappe.qb.from_(subscription)
            .select(subscription.name, subscription.next_billing_at)
            .where(subscription.next_billing_at <= now)
            .orderby(subscription.next_billing_at, subscription.name)
            .limit(PAGE)
        )
        if after:
            query = query.where(
                (subscription.next_billing_at > after[0])
                | ((subscription.next_billing_at == after[0]) & (subscription.name > after[1]))
            )
        rows = query.run()
        waiting += [name for name, _at in rows]
        while len(waiting) >= size:
            yield waiting[:size]
            waiting = waiting[size:]
        if len(rows) < PAGE:
            break
        after = (rows[-1][1], rows[-1][0])
    if waiting:
        yield waiting


def _enqueue(names: list[str], run: str) -> None:
    frappe.enqueue(
        "subscription_plus.sp_billing.dispatcher.bill_batch",
        queue="long",
        timeout=3600,
        job_id=f"sp_billing::{names[0]}",
        deduplicate=True,
        enqueue_after_commit=True,
        names=names,
        run=run,
    )


def bill_batch(names: list[str], run: str) -> None:
    """Bring each subscription up to date. One that fails stops nothing; what the time budget leaves goes
    back to the queue."""
    with billing_session():
        _bill_batch(names, run)


def _bill_batch(names: list[str], run: str) -> None:
    began, budget = time.monotonic(), cint(settings.get("batch_seconds")) or 600
    counts = {"looked_at": 0, "billed": 0, "documents": 0, "skipped": 0, "failed": 0}
    failed: list[str] = []
    for position, name in enumerate(names):
        if position and time.monotonic() - began > budget:
            _enqueue(names[position:], run)
            break
        if not _is_due(name):
            counts["skipped"] += 1
            continue
        outcome = advance(name)
        counts["looked_at"] += 1
        counts["billed"] += bool(outcome.documents)
        counts["documents"] += len(outcome.documents)
        counts["skipped"] += not outcome.did_something and not outcome.error
        if outcome.error:
            counts["failed"] += 1
            failed.append(f"{name}: {outcome.error}")
    _add_to_run(run, counts, time.monotonic() - began, failed)


def _is_due(name: str) -> bool:
    """Still due: another worker, or a person, may have been here since the page was read."""
    next_at = frappe.db.get_value("SP Subscription", name, "next_billing_at")
    return bool(next_at and next_at <= now_datetime())


def _begin_run(now: dt.datetime) -> str:
    run = frappe.get_doc({"doctype": "SP Billing Run", "started_at": now})
    run.flags.ignore_permissions = True  # the log of a scheduled job: nobody may write it by hand
    run.insert()
    frappe.db.commit()
    return run.name


def _add_to_run(run: str, counts: dict[str, int], seconds: float, failed: list[str]) -> None:
    """Add a batch's counts in one statement: batches of one run end at the same time."""
    table = frappe.qb.DocType("SP Billing Run")
    query = frappe.qb.update(table).where(table.name == run)
    for field, count in counts.items():
        query = query.set(table[field], table[field] + count)
    query.set(table.seconds, table.seconds + seconds).set(table.finished_at, now_datetime()).run()
    if failed:
        before = frappe.db.get_value("SP Billing Run", run, "failures", for_update=True)
        text = "\n".join(filter(None, [before, *failed]))
        frappe.db.set_value("SP Billing Run", run, "failures", text[:60000])
    frappe.db.commit()
