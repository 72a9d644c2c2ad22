"""How long a month of free slots takes for 50 items with 20,000 bookings, and how many queries it is.

env/bin/python …/availability.py --bench . --site test.localhost
python benchmarks/availability.py --embedded /tmp/availability
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import time

from support import arguments, connect

import frappe  # isort: skip
from frappe.utils import add_days, getdate, now, nowdate

ITEMS, BOOKINGS, RUNS = 50, 20_000, 5


def main() -> int:
    options = arguments(__doc__.splitlines()[0]).parse_args()
    connect(options)
    from subscription_plus.sp_booking import availability
    from subscription_plus.tests.support import masters
    from subscription_plus.tests.support.booking import HOUR, make_calendar, make_room

    masters.ensure()
    random.seed(0)
    first = getdate(add_days(nowdate(), 1))
    last = getdate(add_days(first, 30))
    calendars = [make_calendar(buffer_after=5 * number) for number in range(3)]
    rooms = [make_room(places=10, calendar=calendars[number % 3]) for number in range(ITEMS)]
    fields = (
        "name",
        "item",
        "starts_on",
        "ends_on",
        "places",
        "status",
        "payment",
        "owner",
        "creation",
        "modified",
    )
    rows = []
    for number in range(BOOKINGS):
        start = dt.datetime.combine(first, dt.time(9)) + dt.timedelta(
            days=random.randrange(31), hours=random.randrange(7)
        )
        end = start + dt.timedelta(hours=1)
        mark = frappe.generate_hash(length=8)
        rows.append(
            (
                f"BENCH-{mark}-{number}",
                rooms[number % ITEMS],
                start,
                end,
                1,
                "Confirmed",
                "Free",
                "Administrator",
                now(),
                now(),
            )
        )
    frappe.db.bulk_insert("SP Item Booking", fields=fields, values=rows)
    frappe.db.commit()
    queries, seconds, busy, slots = 0, [], [], 0
    for _run in range(RUNS):
        real, sent = frappe.db.sql, []
        frappe.db.sql = lambda *args, real=real, sent=sent, **kwargs: (sent.append(1), real(*args, **kwargs))[
            1
        ]
        began, processed = time.perf_counter(), time.process_time()
        try:
            found = availability.free(rooms, HOUR, first, last)
        finally:
            frappe.db.sql = real
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - processed)
        queries, slots = len(sent), sum(map(len, found.values()))
    # They take more places than there are: no check is to find them.
    frappe.db.delete("SP Item Booking", {"item": ("in", rooms)})
    frappe.db.commit()
    print(
        f"{ITEMS} items, {BOOKINGS} bookings, 31 days: {slots} free slots, {queries} queries, "
        f"median {statistics.median(seconds) * 1000:.0f} ms, {statistics.median(busy) * 1000:.0f} ms of them in this process"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
