"""What the benchmarks share: a site to connect to, a query counter, the data they bill, medians."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if "--embedded" in sys.argv:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from embedded import take_place

    take_place()

import frappe


def arguments(purpose: str) -> argparse.ArgumentParser:
    """The arguments every benchmark takes."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--bench", default=".", help="the bench's folder (default: here)")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--site", help="a site for tests, with the app: it is written to")
    place.add_argument("--embedded", metavar="FOLDER", help="the embedded host; the site is made there")
    return parser


def connect(options: argparse.Namespace) -> None:
    """Work on a site as Administrator; on a bench the process stands in its `sites` afterwards."""
    if options.embedded:
        from embedded.host.site import create_site, open_site

        if Path(options.embedded).exists():
            open_site(options.embedded)
        else:
            create_site(options.embedded)
        frappe.set_user("Administrator")
        return
    sites = Path(options.bench).resolve() / "sites"
    if sites.is_dir():
        os.chdir(sites)
    frappe.init(site=options.site, sites_path=".")
    frappe.connect()
    if not frappe.conf.allow_tests:
        sys.exit(f"{options.site} is not a site for tests: set allow_tests in its configuration.")
    frappe.set_user("Administrator")


@dataclass
class Cost:
    """What a piece of work cost: statements sent to the database, and wall time."""

    queries: int = 0
    seconds: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """Count the statements (commits included) and the time of what runs inside."""
    cost = Cost()

    def count() -> None:
        cost.queries += 1

    with _each_statement(count):
        began = time.perf_counter()
        try:
            yield cost
        finally:
            cost.seconds = time.perf_counter() - began


@contextmanager
def callers() -> Iterator[Counter[str]]:
    """Count the statements by the app's line that caused them."""
    counts: Counter[str] = Counter()

    def note() -> None:
        counts[_line_of_the_app(sys._getframe(2))] += 1

    with _each_statement(note):
        yield counts


@contextmanager
def _each_statement(heard: Callable[[], None]) -> Iterator[None]:
    sql = frappe.db.sql

    def hearing(*args: Any, **kwargs: Any) -> Any:
        heard()
        return sql(*args, **kwargs)

    frappe.db.sql = hearing
    try:
        yield
    finally:
        frappe.db.sql = sql


def _line_of_the_app(frame: Any) -> str:
    while frame:
        path = frame.f_code.co_filename
        if "subscription_plus/" in path and "/benchmarks/" not in path:
            module = path.rsplit("subscription_plus/", 1)[1]
            return f"{module}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
    return "(caller)"


def median(costs: list[Cost]) -> Cost:
    """The median of queries and of time, each on its own."""
    return Cost(
        round(statistics.median(cost.queries for cost in costs)),
        statistics.median(cost.seconds for cost in costs),
    )


def alternately(count: int, **works: Callable[[], Cost]) -> dict[str, Cost]:
    """Medians of works that are run in turns, so that a busy machine is as slow for all of them."""
    costs: dict[str, list[Cost]] = {name: [] for name in works}
    for work in works.values():
        work()  # warm
    for _round in range(count):
        for name, work in works.items():
            costs[name].append(work())
    return {name: median(found) for name, found in costs.items()}


def set_settings(**values: Any) -> None:
    """Set values of SP Settings."""
    for field, value in values.items():
        frappe.db.set_single_value("SP Settings", field, value)
    frappe.db.commit()
    frappe.clear_document_cache("SP Settings", "SP Settings")


def recurrence(title: str, **values: Any) -> str:
    """The name of a recurrence period, made where it is missing."""
    if not frappe.db.exists("SP Recurrence Period", title):
        frappe.get_doc(
            {"doctype": "SP Recurrence Period", "title": title, "unit": "Month", **values}
        ).insert()
        frappe.db.commit()
    return title
