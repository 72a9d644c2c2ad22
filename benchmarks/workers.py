"""Real processes against each other: two dispatchers, four RQ workers, and workers that are killed.

    redis-server --port 11099 --save "" &          # a queue of its own: no other site's worker takes part
    env/bin/python …/workers.py --bench . --site test.localhost --queue redis://127.0.0.1:11099 race
    env/bin/python …/workers.py … kill
    env/bin/python …/workers.py … throughput

race: two dispatchers and four workers over 200 due subscriptions, then every order is paid and the jobs that this
wakes make the invoices. kill: a worker is killed (SIGKILL) at random moments, then one undisturbed run follows.
throughput: the same number of full periods, payments included, by one process and by two. Everything is checked by looking at the documents.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections import Counter
from typing import Any
from unittest.mock import patch

from support import arguments, connect, recurrence, set_settings

import frappe  # isort: skip
from frappe.utils import add_days, nowdate
from frappe.utils.background_jobs import generate_qname, get_redis_conn

from subscription_plus.sp_billing import dispatcher, pipeline
from subscription_plus.tests.support import masters

MARK = "workers.py"
KINDS = {"sales_order": "Sales Order", "payment_request": "Payment Request", "sales_invoice": "Sales Invoice"}
Options = argparse.Namespace


def start(options: Options, role: str, *names: str) -> subprocess.Popen[bytes]:
    """A process of this file in a role."""
    command = [sys.executable, __file__, "--bench", options.bench, "--site", options.site]
    log = open(f"/tmp/{MARK}.{role}.log", "ab")  # noqa: SIM115 - the child keeps it
    return subprocess.Popen(
        [*command, "--queue", options.queue, role, *names], stdout=log, stderr=log, start_new_session=True
    )


def play(options: Options) -> None:
    """What a child process does."""
    if options.what == "periods":
        with patch("frappe.enqueue"):
            whole_periods(options.names)
    elif options.what == "dispatcher":
        dispatcher.dispatch()
    elif options.what == "inline":
        dispatcher.dispatch(inline=True)
    else:
        from rq import Worker

        queues = [generate_qname(name) for name in ("long", "default", "short")]
        Worker(queues, connection=get_redis_conn()).work()


def make_due(count: int, every: str = "Monthly") -> list[str]:
    """Subscriptions of different customers, due now."""
    item = masters.make_item().name
    names = []
    for _number in range(count):
        doc = frappe.get_doc(
            {
                "doctype": "SP Subscription",
                "customer": masters.make_customer().name,
                "company": masters.COMPANY,
                "currency": masters.CURRENCY,
                "recurrence_period": every,
                "start_date": add_days(nowdate(), -random.randrange(20)),
                "price_list": masters.PRICE_LIST,
                "send_emails": 0,
                "lines": [{"item": item, "qty": 1, "price_determination": "Fixed Rate", "fixed_rate": 100}],
            }
        )
        names.append(doc.insert().name)
    frappe.db.commit()
    return names


def rows_of(names: list[str]) -> list[Any]:
    """The billing periods of subscriptions, as committed now."""
    frappe.db.commit()
    return frappe.get_all("SP Billing Period", filters={"subscription": ("in", names)}, fields=["*"])


def wait_for(names: list[str], condition: Any, seconds: int = 1800) -> None:
    """Until all periods are as wanted."""
    until = time.monotonic() + seconds
    while not condition(rows_of(names)):
        if time.monotonic() > until:
            sys.exit("The workers did not finish in time.")
        time.sleep(0.5)


def pay_all(names: list[str]) -> None:
    """A payment for every order that waits for one."""
    for row in rows_of(names):
        if row.status == "Awaiting Payment":
            kind = "sales_invoice" if row.sales_invoice else "sales_order"
            masters.pay(frappe.get_doc(KINDS[kind], row[kind]))
            frappe.db.commit()


def check(names: list[str], invoiced: bool) -> None:
    """Print counts; stop where a document is missing, double, half made or not submitted."""
    rows = rows_of(names)
    wrong = [
        f"{name}: {count} periods"
        for name, count in Counter(row.subscription for row in rows).items()
        if count != 1
    ]
    counts = Counter({"periods": len(rows)})
    for field, doctype in KINDS.items():
        made = frappe.get_all(
            doctype,
            filters={"sp_subscription": ("in", names)},
            fields=["name", "docstatus", "sp_billing_period", "status"],
        )
        counts[doctype] = len(made)
        wanted = {row[field] for row in rows if row[field]}
        wrong += [f"{doc.name} is not on its period" for doc in made if doc.name not in wanted]
        wrong += [f"{doc.name} has docstatus {doc.docstatus}" for doc in made if doc.docstatus != 1]
        wrong += [f"{name} is gone" for name in wanted - {doc.name for doc in made}]
        for period, number in Counter(doc.sp_billing_period for doc in made).items():
            if number > 1:
                wrong.append(f"{period}: {number} of {doctype}")
        if doctype != "Payment Request":
            wrong += [
                f"{doc.name} has no rows"
                for doc in made
                if not frappe.db.exists(f"{doctype} Item", {"parent": doc.name})
            ]
        if doctype == "Sales Invoice":
            wrong += [_ledger(doc.name) for doc in made if _ledger(doc.name)]
            wrong += [f"{doc.name} is {doc.status}" for doc in made if invoiced and doc.status != "Paid"]
    if invoiced:
        wrong += [f"{row.name} is {row.status}" for row in rows if row.status != "Paid"]
    errors = frappe.get_all(
        "SP Subscription", filters={"name": ("in", names), "error_message": ("is", "set")}, fields=["*"]
    )
    wrong += [f"{row.name}: {row.error_message}" for row in errors]
    wrong += frappe.get_all("Error Log", filters={"error": ("like", "%eadlock%")}, pluck="name")
    print(f"  {len(names)} subscriptions: {dict(counts)}")
    for line in wrong:
        print("  WRONG", line)


def _ledger(invoice: str) -> str | None:
    entries = frappe.get_all(
        "GL Entry", filters={"voucher_no": invoice, "is_cancelled": 0}, fields=["debit", "credit"]
    )
    debit, credit = sum(row.debit for row in entries), sum(row.credit for row in entries)
    return None if entries and abs(debit - credit) < 0.005 else f"{invoice}: ledger {debit} / {credit}"


def deadlocks() -> int:
    """Deadlocks of the whole database server since it started."""
    return int(frappe.db.sql("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")[0][1])


def race(options: Options) -> None:
    """Two dispatchers, four workers."""
    set_settings(edit_window_minutes=0, batch_size=20)
    names, before = make_due(options.count), deadlocks()
    workers = [start(options, "worker") for _number in range(4)]
    dispatchers = [start(options, "dispatcher") for _number in range(2)]
    for process in dispatchers:
        process.wait()
    wait_for(names, lambda rows: len(rows) == len(names) and all(row.payment_request for row in rows))
    check(names, invoiced=False)
    pay_all(names)
    wait_for(names, lambda rows: all(row.status == "Paid" for row in rows))
    for process in workers:
        process.terminate()
        process.wait()
    check(names, invoiced=True)
    print(f"  deadlocks met (and retried) on the database server meanwhile: {deadlocks() - before}")


def kill(options: Options) -> None:
    """Kill a billing process again and again, while it orders and while it invoices."""
    set_settings(edit_window_minutes=0, batch_size=20)
    names = make_due(options.count // 4) + make_due(
        options.count // 4, recurrence("Invoice First", invoice_before_payment=1)
    )
    for stage in ("billing", "paid"):
        killed = sum(_kill_once(options, names) for _number in range(10))
        print(
            f"  {stage}: killed {killed} times; periods by status: {dict(Counter(row.status for row in rows_of(names)))}"
        )
        dispatcher.dispatch(inline=True)
        check(names, invoiced=stage == "paid")
        if stage == "billing":
            pay_all(names)
            # The jobs that the payments woke are lost; the daily look is due.
            for name in names:
                frappe.db.set_value(
                    "SP Subscription", name, "next_billing_at", nowdate(), update_modified=False
                )
            frappe.db.commit()


def _kill_once(options: Options, names: list[str]) -> bool:
    """Kill a process some time after it has done something; False where it was done before."""
    before = _progress(names)
    process = start(options, "inline")
    while _progress(names) == before and process.poll() is None:
        time.sleep(0.02)
    time.sleep(random.uniform(0, 1.2))
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive


def _progress(names: list[str]) -> int:
    frappe.db.commit()
    return frappe.db.count("SP Subscription Event", {"subscription": ("in", names)})


def throughput(options: Options) -> None:
    """Full periods (order, request, payment, invoice) an hour by one process and by two, in turns."""
    set_settings(edit_window_minutes=0)
    for _turn in range(options.turns):
        rates, waits = [], []
        for number in (1, 2):
            names = make_due(options.count // 5)
            waited = _row_lock_seconds()
            processes = [start(options, "periods", *names[worker::number]) for worker in range(number)]
            for process in processes:
                process.wait()
            waits.append(_row_lock_seconds() - waited)
            made = rows_of(names)
            assert len(made) == len(names) and all(row.status == "Paid" for row in made)
            span = max(row.modified for row in made) - min(row.creation for row in made)
            rates.append(len(names) / span.total_seconds() * 3600)
        print(
            f"  one {rates[0]:6.0f}, two {rates[1]:6.0f} periods an hour: {rates[1] / rates[0]:.2f}"
            f" (waited for rows: {waits[0]:.1f} s, {waits[1]:.1f} s)",
            flush=True,
        )


def whole_periods(names: list[str]) -> None:
    """What a worker does for each of these over time: bill, book the payment, invoice. Warm before it is timed."""
    for name in [*make_due(1), *names]:
        pipeline.advance(name)
        pay_all([name])
        pipeline.advance(name)


def _row_lock_seconds() -> float:
    """How long transactions of the whole server have waited for each other's rows."""
    return int(frappe.db.sql("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_time'")[0][1]) / 1000


def main() -> None:
    parser = arguments("Dispatchers and workers against each other.")
    parser.add_argument("--queue", required=True, help="Redis for this benchmark's jobs alone")
    parser.add_argument("--count", type=int, default=200, help="subscriptions (default 200)")
    parser.add_argument("--turns", type=int, default=5, help="turns of throughput (default 5)")
    parts = {"race": race, "kill": kill, "throughput": throughput}
    parser.add_argument("what", choices=[*parts, "dispatcher", "worker", "periods", "inline"])
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    connect(options)
    frappe.local.conf.redis_queue = options.queue
    if options.what not in parts:
        play(options)
        return
    masters.ensure()
    print(options.what)
    parts[options.what](options)


if __name__ == "__main__":
    main()
