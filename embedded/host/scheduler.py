"""Runs the apps' scheduler_events by the site's clock: hour by hour, whether time passes by itself or is moved."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

import frappe
from frappe.utils import now_datetime
from frappe.utils.scheduler import run_event

from embedded.host import clock

LOOK_EVERY_SECONDS = 5
EACH_HOUR = ("all", "hourly", "hourly_long")
EACH_DAY = ("daily", "daily_long")

_running = threading.Lock()
_last: datetime.datetime | None = None


def events_between(before: datetime.datetime, now: datetime.datetime) -> list[str]:
    """The kinds of events that fall due when the site's time goes from `before` to `now`, at most once each."""
    if now.replace(minute=0, second=0, microsecond=0) <= before:
        return []
    kinds = list(EACH_HOUR)
    if now.date() > before.date():
        kinds += EACH_DAY
        if now.isocalendar()[:2] != before.isocalendar()[:2]:
            kinds += ["weekly", "weekly_long"]
        if (now.year, now.month) != (before.year, before.month):
            kinds += ["monthly", "monthly_long"]
    return [*kinds, "cron"]


def run_due() -> int:
    """Run what fell due since the last look, in this thread's connection; returns the number of jobs run."""
    global _last
    with _running:
        now, before = now_datetime(), _last
        _last = now
        if before is None:
            return 0
        return sum(run_event(kind) for kind in events_between(before, now))


def advance(hours: int) -> int:
    """Move the clock on hour by hour and run each hour's events in a connection of their own."""
    frappe.db.commit()
    done: list[int] = []

    def work() -> None:
        run_due()
        for _hour in range(hours):
            clock.advance(hours=1)
            done.append(run_due())

    _elsewhere(work)
    return sum(done)


def start() -> threading.Thread:
    """Look at the clock every few seconds from a thread of its own, for as long as the process lives."""
    stop = threading.Event()
    site, sites_path = frappe.local.site, frappe.local.sites_path

    def look() -> None:
        while not stop.wait(LOOK_EVERY_SECONDS):
            _with_connection(site, sites_path, run_due)

    thread = threading.Thread(target=look, name="scheduler", daemon=True)
    thread.start()
    return thread


def _elsewhere(work: Callable[[], object]) -> None:
    failure: list[BaseException] = []
    site, sites_path = frappe.local.site, frappe.local.sites_path

    def guarded() -> None:
        try:
            _with_connection(site, sites_path, work)
        except Exception as error:  # told to the caller below, whose thread it is not
            failure.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]


def _with_connection(site: str, sites_path: str, work: Callable[[], object]) -> None:
    frappe.init(site=site, sites_path=sites_path, force=True)
    frappe.connect()
    try:
        work()
        frappe.db.commit()
    finally:
        frappe.destroy()
