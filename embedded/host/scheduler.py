"""Runs the apps' scheduler_events by the site's clock, whether time passes by itself or is moved."""

from __future__ import annotations

import threading

import frappe
from frappe.utils.scheduler import run_due

from embedded.host import clock

LOOK_EVERY_SECONDS = 5

_running = threading.Lock()


def advance(hours: int) -> int:
    """Move the clock on hour by hour, running what falls due in each; returns the number of jobs run."""
    frappe.db.commit()
    ran = 0
    with _running:
        for _hour in range(hours):
            clock.advance(hours=1)
            ran += len(run_due())
    return ran


def start() -> threading.Thread:
    """Look every few seconds, from a thread of its own, for as long as the process lives."""
    site, sites_path = frappe.local.site, frappe.local.sites_path

    def look() -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_EVERY_SECONDS):
            frappe.init(site=site, sites_path=sites_path, force=True)
            frappe.connect()
            try:
                with _running:
                    run_due()
            except (frappe.QueryTimeoutError, frappe.QueryDeadlockError):
                continue  # somebody else writes: the next look comes soon
            finally:
                frappe.destroy()

    thread = threading.Thread(target=look, name="scheduler", daemon=True)
    thread.start()
    return thread
