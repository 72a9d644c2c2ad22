"""How long the forecast of 12 months over 5,000 subscriptions takes to open.

    env/bin/python apps/subscription_plus/benchmarks/forecast.py --bench . --site test.localhost
    python benchmarks/forecast.py --embedded /tmp/site

The subscriptions (monthly, quarterly and yearly; half of them priced by list; a tenth cancelled, a tenth paused) and
a year of billed periods are written straight into the tables and taken away again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from support import arguments, connect, measured, recurrence  # first: it says which host is imported

import frappe  # isort: skip
from frappe.desk.query_report import run
from frappe.utils import getdate, now_datetime, nowdate

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import pieces
from subscription_plus.sp_billing import facts, forecasting

PREFIX, RUNS, WANTED = "BENCH-", 5, 3.0
STAMP = ("name", "owner", "creation", "modified", "modified_by", "docstatus")
COMPANY, PRICES, ITEM = "Benchmark of the Forecast", "Benchmark of the Forecast", "BENCH-ITEM"


def stamp(name: str) -> tuple[Any, ...]:
    return (name, "Administrator", now_datetime(), now_datetime(), "Administrator", 0)


def masters() -> list[str]:
    """A price list with ten priced items; the recurrences. The company is a name only: nothing is booked."""
    items = [f"{ITEM}-{number}" for number in range(10)]
    currency = frappe.db.get_default("currency") or "EUR"  # a new site has neither company nor currency
    frappe.db.bulk_insert("Company", (*STAMP, "default_currency"), [(*stamp(COMPANY), currency)])
    frappe.db.bulk_insert(
        "Item", (*STAMP, "item_code", "stock_uom"), [(*stamp(item), item, "Nos") for item in items]
    )
    columns = ("item_code", "price_list", "currency", "selling", "price_list_rate")
    prices = [(*stamp(item), item, PRICES, currency, 1, 40 + len(item)) for item in items]
    frappe.db.bulk_insert("Item Price", (*STAMP, *columns), prices)
    return items


def subscriptions(
    count: int, items: list[str]
) -> Iterator[tuple[tuple, list[tuple], list[tuple], list[tuple]]]:
    """Rows of each subscription: itself, its lines, its breaks, its billed periods."""
    today = getdate(nowdate())
    kinds = [recurrence(f"Benchmark {unit}", unit=unit) for unit in ("Month", "Month", "Quarter", "Year")]
    currency = frappe.get_cached_value("Company", COMPANY, "default_currency")
    for number in range(count):
        name, kind = f"{PREFIX}{number:06}", kinds[number % 4]
        start = today - (30 + number % 335) * DAY
        end = today + (number % 300) * DAY if number % 10 == 1 else None
        doc = frappe._dict(
            start_date=start, recurrence_period=kind, cancellation_date=end, breaks=[], prorate_last_invoice=1
        )
        planned, covered = pieces(facts.facts(doc)), []
        coming = next(planned, None)
        while coming and coming.bill_on <= today:
            covered.append((f"{name}-{coming.start}", coming.start, coming.end))
            coming = next(planned, None)
        lines = [
            (
                *stamp(f"{name}-{idx}"),
                name,
                "SP Subscription",
                "lines",
                idx,
                items[(number + idx) % 10],
                1 + idx,
                30,
                by,
                1,
            )
            for idx, by in enumerate(("Fixed Rate", "Price List") if number % 2 else ("Fixed Rate",), 1)
        ]
        paused = today + 40 * DAY
        breaks = [
            (*stamp(f"{name}-b"), name, "SP Subscription", "breaks", 1, "Pause", paused, paused + 30 * DAY)
        ]
        yield (
            (
                *stamp(name),
                COMPANY,
                currency,
                PREFIX,
                PRICES,
                "Active",
                kind,
                start,
                end,
                1,
                coming and coming.bill_on,
            ),
            lines,
            breaks if number % 10 == 2 else [],
            [
                (
                    *stamp(period),
                    name,
                    COMPANY,
                    currency,
                    first,
                    last,
                    first,
                    last,
                    "Prorated",
                    first,
                    "Paid",
                    kind,
                )
                for period, first, last in covered
            ],
        )


def fill(count: int) -> int:
    """Write everything; how many billed periods there are."""
    rows = list(subscriptions(count, masters()))
    parent = ("parent", "parenttype", "parentfield", "idx")
    period = (
        "subscription",
        "company",
        "currency",
        "start_date",
        "end_date",
        "whole_start",
        "whole_end",
        "charge",
    )
    subscription = (
        "company",
        "currency",
        "customer",
        "price_list",
        "status",
        "recurrence_period",
        "start_date",
    )
    for doctype, fields, values in (
        (
            "SP Subscription",
            (*subscription, "cancellation_date", "prorate_last_invoice", "next_billing_date"),
            [row[0] for row in rows],
        ),
        (
            "SP Subscription Line",
            (*parent, "item", "qty", "fixed_rate", "price_determination", "prorate"),
            [line for row in rows for line in row[1]],
        ),
        (
            "SP Subscription Break",
            (*parent, "kind", "from_date", "until_date"),
            [one for row in rows for one in row[2]],
        ),
        (
            "SP Billing Period",
            (*period, "billing_date", "status", "recurrence_period"),
            [one for row in rows for one in row[3]],
        ),
    ):
        frappe.db.bulk_insert(doctype, (*STAMP, *fields), values)
    frappe.db.commit()
    return sum(len(row[3]) for row in rows)


def clear() -> None:
    frappe.db.rollback()
    for doctype in (
        "SP Subscription",
        "SP Subscription Line",
        "SP Subscription Break",
        "SP Billing Period",
        "Item",
        "Item Price",
    ):
        frappe.db.delete(doctype, {"name": ("like", f"{PREFIX}%")})
    frappe.db.delete("Company", {"name": COMPANY})
    frappe.db.set_value("Report", "Subscription Forecast", "prepared_report", 0, update_modified=False)
    frappe.db.commit()
    frappe.clear_cache()


def main() -> None:
    parser = arguments("The forecast over many subscriptions.")
    parser.add_argument("--count", type=int, default=5_000)
    options = parser.parse_args()
    connect(options)
    clear()
    try:
        billed = fill(options.count)
        print(f"{options.count:,} subscriptions, {billed:,} billed periods, on {frappe.db.db_type}")
        measure(options.count)
    finally:
        clear()


def measure(count: int) -> None:
    costs, processor = [], []
    for _number in range(RUNS):
        began = time.process_time()
        with measured() as cost:
            found = forecasting.forecast(COMPANY, 12)
        costs.append(cost)
        processor.append(time.process_time() - began)
    # A report that once took long is prepared in the background by itself: here it is opened at once.
    with measured() as opened:
        report = run("Subscription Forecast", {"company": COMPANY, "months": 12}, ignore_prepared_report=True)
    assert sum(row["periods"] for row in report["result"]) == len(found.coming)
    best = min(processor)
    times = ", ".join(f"{cost.seconds:.2f}" for cost in costs)
    total = sum(row.amount for row in found.by_month())
    print(f"  {len(found.coming):,} coming periods, {total:,.2f} in all, {costs[-1].queries} queries")
    print(f"  forecast: {times} s, of which {best:.2f} s of this process' own at best")
    print(f"  {len(found.coming) / best:,.0f} read, planned and priced periods a second of processor")
    print(
        f"  the report: {opened.seconds:.2f} s, {opened.queries} queries ({opened.seconds / WANTED:.2f} x allowed for 5,000)"
    )
    print(f"  {best * 100_000 / count:.0f} s of processor for 100,000 subscriptions at that rate")


if __name__ == "__main__":
    main()
