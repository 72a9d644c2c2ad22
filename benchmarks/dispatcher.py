"""What the hourly run costs while nothing, or little, of 100,000 subscriptions is due.

    env/bin/python apps/subscription_plus/benchmarks/dispatcher.py --bench . --site test.localhost
    python benchmarks/dispatcher.py --embedded /tmp/site

The rows are written straight into the table and taken away again. Batches are not handed to the queue here:
counted is what the dispatcher itself does.
"""

from __future__ import annotations

import datetime as dt
import statistics
from functools import partial
from typing import Any
from unittest.mock import patch

from support import Cost, arguments, connect, measured, set_settings  # first: it says which host is imported

import frappe  # isort: skip
from frappe.utils import now_datetime

from subscription_plus.sp_billing import dispatcher

PREFIX = "BENCH-"
FIELDS = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "status", "next_billing_at")
DUE, RUNS = (0, 500, 5000), 9


def fill(count: int) -> None:
    """Rows that are due in the coming weeks, none today."""
    now = now_datetime()
    rows = (
        (
            f"{PREFIX}{number:07}",
            "Administrator",
            now,
            now,
            "Administrator",
            0,
            "Active",
            now + dt.timedelta(days=1, minutes=number % 40_000),
        )
        for number in range(count)
    )
    frappe.db.bulk_insert("SP Subscription", FIELDS, rows)
    frappe.db.commit()


def make_due(count: int) -> None:
    """The first `count` rows are due since yesterday, half of them since the very same moment."""
    if not count:
        return
    table = frappe.qb.DocType("SP Subscription")
    yesterday = now_datetime() - dt.timedelta(days=1)
    last = f"{PREFIX}{count - 1:07}"
    frappe.qb.update(table).set(table.next_billing_at, yesterday).where(table.name <= last).where(
        table.name.like(f"{PREFIX}%")
    ).run()
    frappe.db.commit()


def measure(due: int) -> None:
    """One line: queries, time, batches for a number of due rows."""
    costs: list[Cost] = []
    for _run in range(RUNS):
        handed: list[list[str]] = []
        with patch("frappe.enqueue", partial(_hand_over, handed)), measured() as cost:
            dispatcher.dispatch()
        costs.append(cost)
    names = [name for batch in handed for name in batch]
    assert len(names) == len(set(names)) == due, (len(names), due)
    times = sorted(cost.seconds * 1000 for cost in costs[1:])
    print(
        f"{due:6} due: {costs[-1].queries:3} queries, {statistics.median(times):7.2f} ms"
        f" ({times[0]:.2f} to {times[-1]:.2f}), {len(handed)} batches"
    )


def _hand_over(handed: list[list[str]], _method: str, **job: Any) -> None:
    handed.append(job["names"])


def explain() -> None:
    """How the database finds the due rows."""
    asked: list[tuple[Any, ...]] = []
    sql = frappe.db.sql
    frappe.db.sql = lambda *args, **kwargs: asked.append(args) or sql(*args, **kwargs)
    try:
        list(dispatcher._pages(now_datetime(), 100))
    finally:
        frappe.db.sql = sql
    command = "EXPLAIN" if frappe.db.db_type == "mariadb" else "EXPLAIN QUERY PLAN"
    for row in frappe.db.sql(f"{command} {asked[0][0]}", *asked[0][1:], as_dict=True):
        print("  ", {key: value for key, value in row.items() if value is not None})


def main() -> None:
    parser = arguments("Cost of the hourly run over many subscriptions.")
    parser.add_argument("--count", type=int, default=100_000)
    options = parser.parse_args()
    connect(options)
    clear()
    set_settings(batch_size=100)
    try:
        fill(options.count)
        if frappe.db.db_type == "mariadb":
            frappe.db.sql("ANALYZE TABLE `tabSP Subscription`")
        print(f"{options.count:,} subscriptions on {frappe.db.db_type}")
        for due in DUE:
            make_due(due)
            measure(due)
        explain()
    finally:
        clear()


def clear() -> None:
    frappe.db.rollback()
    frappe.db.delete("SP Subscription", {"name": ("like", f"{PREFIX}%")})
    frappe.db.commit()


if __name__ == "__main__":
    main()
