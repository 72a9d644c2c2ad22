"""Processes against each other for the last place of a room and for the last credit of a customer.

    env/bin/python …/races.py --bench . --site test.localhost [--processes 8] [--rounds 10]

In each round all processes call the API at the same moment. Exactly one may win; the others must be refused with a
sentence; nothing may be left behind. Afterwards the nightly check must find nothing.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from typing import Any

from support import arguments, connect

import frappe  # isort: skip
from frappe.utils import add_days, nowdate

HALF_DAY = "SP Half-day"


def take_part(options, number: int, barrier, jobs, answers) -> None:
    """A process: connect once, then do each job when all are ready."""
    connect(options)
    from subscription_plus.api import bookings

    while job := jobs.get():
        item, start, more = job
        frappe.db.rollback()
        barrier.wait()
        began = time.perf_counter()
        try:
            answer = bookings.book(item, start, HALF_DAY, **more)["name"]
        except Exception as error:
            frappe.db.rollback()
            answer = f"{type(error).__name__}: {error}"
        answers.put((answer, time.perf_counter() - began))
    frappe.destroy()


def main() -> int:
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    if options.embedded:
        sys.exit("Processes need a bench; on the embedded host the tests race in threads.")
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(options.processes)
    jobs = [context.Queue() for _ in range(options.processes)]
    answers = context.Queue()
    workers = [
        context.Process(target=take_part, args=(options, number, barrier, jobs[number], answers))
        for number in range(options.processes)
    ]
    for worker in workers:
        worker.start()
    connect(options)
    from subscription_plus.tests.support import masters
    from subscription_plus.tests.support.booking import balance, give, make_credit_type, make_room

    masters.ensure()
    day, wrong = add_days(nowdate(), 7), 0

    def race(name: str, tasks: list[tuple[str, str, dict[str, Any]]], refusal: str) -> bool:
        frappe.db.commit()
        for queue, task in zip(jobs, tasks, strict=True):
            queue.put(task)
        got = [answers.get(timeout=120) for _ in tasks]
        won = [answer for answer, _seconds in got if answer.startswith("BOOK-")]
        kinds = Counter(answer.split(":")[0] for answer, _seconds in got if answer not in won)
        fine = len(won) == 1 and set(kinds) == {refusal}
        slowest = max(seconds for _answer, seconds in got)
        print(
            f"{name:<12} won {len(won)}, refused {dict(kinds)}, slowest {slowest * 1000:.0f} ms", flush=True
        )
        if not fine:
            print("\n".join(answer for answer, _seconds in got if not answer.startswith(refusal)))
        frappe.db.rollback()
        return fine

    for _round in range(options.rounds):
        room = make_room()
        tasks = [(room, f"{day} 09:00:00", {"payment": "Free"})] * options.processes
        fine = race("last place", tasks, "NotFree")
        fine &= frappe.db.count("SP Item Booking", {"item": room}) == 1
        rooms = [make_room() for _ in range(options.processes)]
        tickets = make_credit_type([(one, HALF_DAY, 1) for one in rooms])
        customer = masters.make_customer().name
        give(customer, tickets, 1)
        tasks = [(one, f"{day} 09:00:00", {"customer": customer}) for one in rooms]
        fine &= race("last credit", tasks, "NotEnoughCredits")
        fine &= balance(customer, tickets) == 0
        fine &= frappe.db.count("SP Item Booking", {"customer": customer}) == 1
        wrong += not fine
    for queue in jobs:
        queue.put(None)
    for worker in workers:
        worker.join(30)
    from subscription_plus.sp_booking import checks

    found = checks.findings()
    print(
        f"{options.rounds} rounds of {options.processes} processes: {wrong} wrong; nightly check: {len(found)}"
    )
    return int(bool(wrong or found))


if __name__ == "__main__":
    sys.exit(main())
