"""Forty subscriptions of all kinds over fifteen months, day by day, the hourly run three times a day; once with
the scheduler and the workers dead for seventy days in the middle. Both ways must leave the same documents.

    env/bin/python …/fifteen_months.py --bench . --site one.localhost --out steady.json
    env/bin/python …/fifteen_months.py --bench . --site two.localhost --out dead.json --dead
    env/bin/python …/fifteen_months.py --bench . --site one.localhost --compare steady.json dead.json

Each run wants a site without subscriptions. Payers pay on their day what they were asked for; while the workers
are dead the jobs that their payments wake are lost. What changes a subscription happens outside those days:
what a person finds billed then decides what the change means.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from support import arguments, connect  # first: it says which host is imported

import frappe  # isort: skip
import time_machine
from fifteen_months_kinds import KINDS, Kind, make
from frappe.utils import flt, getdate

from subscription_plus.engine import planning
from subscription_plus.sp_billing import dispatcher, facts, pipeline, wake
from subscription_plus.tests.support import masters

START = dt.date(2026, 1, 31)
DAYS = 455
DEAD = range(200, 270)
HOURS = (12, 17, 22)  # UTC: on the same day from New York to Paris
DOCUMENTS = {
    "sales_order": "Sales Order",
    "payment_request": "Payment Request",
    "sales_invoice": "Sales Invoice",
}


def live(kinds: list[Kind], dead: bool) -> None:
    """Move the clock over the months; people act at noon, the hourly run before and after."""
    names: dict[str, str] = {}
    for number in range(DAYS + 1):
        for hour in HOURS:
            moment = dt.datetime.combine(START, dt.time(hour), dt.timezone.utc) + dt.timedelta(days=number)
            with time_machine.travel(moment, tick=True):
                if hour == HOURS[0]:
                    _people(kinds, names, number, working=not (dead and number in DEAD))
                if not (dead and number in DEAD):
                    dispatcher.dispatch(inline=True)
        if number % 30 == 0:
            print(
                f"  {START + dt.timedelta(days=number)}: {frappe.db.count('SP Billing Period')} periods",
                flush=True,
            )
    with time_machine.travel(moment, tick=True):  # payers pay what they would have paid in the coming days
        for kind in kinds:
            for _part in range(8 if kind.pays_in_parts else 1):
                if kind.pays_after is not None:
                    _pay(names[kind.key], replace(kind, pays_after=0))
                    pipeline.advance(names[kind.key])


def _people(kinds: list[Kind], names: dict[str, str], number: int, working: bool) -> None:
    """New subscriptions, changes and payments of a day; `working`: somebody runs the jobs these wake."""
    woken: list[tuple[str, list[str]]] = []

    def enqueue(method: str, **job: Any) -> None:
        if method.endswith("advance_woken"):
            woken.append((job["subscription"], job["touched"]))

    with patch("frappe.enqueue", enqueue):
        for kind in kinds:
            if kind.starts_after == number:
                names[kind.key] = make(kind, getdate())
                frappe.db.commit()
            for day, verb, arguments in kind.verbs:
                if day == number:
                    verb(names[kind.key], **arguments)
                    frappe.db.commit()
            if kind.key in names and kind.pays_after is not None:
                _pay(names[kind.key], kind)
    if working:
        for subscription, touched in woken:
            wake.advance_woken(subscription, touched)


def _pay(name: str, kind: Kind) -> None:
    rows = frappe.get_all(
        "SP Billing Period",
        filters={"subscription": name, "status": ("in", ("Awaiting Payment", "Draft Invoice"))},
        fields=["name", "sales_order", "sales_invoice", "creation"],
        order_by="start_date",
    )
    for row in rows:
        if (getdate() - getdate(row.creation)).days < kind.pays_after:
            continue
        doctype, document = (
            ("Sales Invoice", row.sales_invoice) if row.sales_invoice else ("Sales Order", row.sales_order)
        )
        doc = frappe.get_doc(doctype, document)
        if doc.docstatus == 0:  # a person looks through the draft
            doc.submit()
            frappe.db.commit()
        owed = (
            flt(doc.get("outstanding_amount")) if row.sales_invoice else doc.rounded_total - doc.advance_paid
        )
        if owed <= 0:
            continue
        masters.pay(doc, round(owed / 2, 2) if kind.pays_in_parts and owed > 10 else None)
        frappe.db.commit()


def documents() -> list[list[Any]]:
    """Every submitted document of every subscription: key, period, kind, amount."""
    periods = {row.name: row for row in frappe.get_all("SP Billing Period", fields=["*"])}
    key = dict(frappe.get_all("SP Subscription", fields=["name", "customer"], as_list=True))
    found = [
        [
            key[row.subscription],
            str(row.start_date),
            str(row.end_date),
            "Period",
            flt(row.total, 2),
            row.status,
        ]
        for row in periods.values()
    ]
    by_document = {(field, row[field]): row for row in periods.values() for field in DOCUMENTS if row[field]}
    for field, doctype in DOCUMENTS.items():
        for doc in frappe.get_all(
            doctype, filters={"docstatus": 1, "company": masters.COMPANY}, fields=["*"]
        ):
            row = by_document.get((field, doc.name)) or periods.get(doc.sp_billing_period) or {}
            kind = "Credit Note" if doc.get("is_return") else doctype
            found.append(
                [
                    key.get(row.get("subscription"), doc.get("customer") or doc.get("party")),
                    str(row.get("start_date")),
                    str(row.get("end_date")),
                    kind,
                    flt(doc.grand_total, 2),
                    doc.status,
                ]
            )
    return sorted(found, key=str)


def check() -> list[str]:
    """What is wrong: doubles, gaps against the engine's plan, unpaid invoices of payers, errors."""
    wrong = []
    today = START + dt.timedelta(days=DAYS)
    kinds = {kind.key: kind for kind in KINDS}
    counts = Counter(tuple(row[:4]) for row in documents() if row[3] != "Payment Request")
    wrong += [f"{number} times {row}" for row, number in counts.items() if number > 1]
    for name in frappe.get_all("SP Subscription", pluck="name"):
        doc = frappe.get_doc("SP Subscription", name)
        kind = kinds[doc.customer]
        if doc.error_message or doc.parked:
            wrong.append(f"{kind.key}: {doc.error_message}")
        rows = facts.periods_of(name)
        plan = replace(facts.facts(doc), covered=())
        planned = [(piece.start, piece.end) for piece in planning.due(plan, today, 1000)]
        made = [(row.start_date, _last_day(row)) for row in rows]
        if kind.verbs:  # a period that was billed whole stays whole when a pause is announced inside it
            planned, made = [{start for start, _end in found} for found in (planned, made)]
        if planned != made:
            wrong.append(f"{kind.key}: planned {sorted(set(planned) ^ set(made))}")
        if kind.pays_after is not None:
            wrong += [
                f"{kind.key} {row.start_date}: {row.status}"
                for row in rows
                if row.status not in ("Paid", "Nothing to Bill")
            ]
    for row in documents():
        payer = kinds[row[0]].pays_after is not None
        if payer and row[3] == "Sales Invoice" and row[5] not in ("Paid", "Credit Note Issued"):
            wrong.append(f"not paid: {row}")
        if payer and row[3] == "Sales Order" and row[5] != "Completed" and row[4]:
            wrong.append(f"not completed: {row}")
    return wrong


def _last_day(row: Any) -> dt.date:
    return row.credited_from - dt.timedelta(days=1) if row.credited_from else row.end_date


def compare(one: str, other: str) -> None:
    """Print what one run has made and the other not."""
    sets = [Counter(tuple(row[:5]) for row in json.loads(Path(path).read_text())) for path in (one, other)]
    print(f"{sets[0].total()} and {sets[1].total()} documents and periods")
    for label, rest in ((f"only in {one}", sets[0] - sets[1]), (f"only in {other}", sets[1] - sets[0])):
        for row in sorted(rest):
            print(label, row)
    if sets[0] == sets[1]:
        print("The same, with the same amounts.")


def main() -> None:
    parser = arguments("Fifteen months of forty subscriptions.")
    parser.add_argument("--dead", action="store_true", help="no scheduler and no workers for 70 days")
    parser.add_argument("--only", default="", help="subscriptions whose name has this in it")
    parser.add_argument("--out", type=Path, help="write the documents there (relative to where you are)")
    parser.add_argument("--compare", nargs=2, metavar="FILE", help="compare two results")
    options = parser.parse_args()
    if options.compare:
        compare(*options.compare)
        return
    out = options.out.resolve() if options.out else None
    connect(options)
    if frappe.db.count("SP Subscription"):
        raise SystemExit("This site has subscriptions already; restore it first.")
    with time_machine.travel(dt.datetime.combine(START, dt.time(10), dt.timezone.utc), tick=True):
        masters.ensure()
    began = time.perf_counter()
    kinds = [kind for kind in KINDS if options.only in kind.key]
    live(kinds, options.dead)
    found = documents()
    print(
        f"{len(kinds)} subscriptions, {DAYS} days, {time.perf_counter() - began:.0f} s: {dict(Counter(row[3] for row in found))}"
    )
    for line in check():
        print("WRONG", line)
    if out:
        out.write_text(json.dumps(found, indent=0))


if __name__ == "__main__":
    main()
