"""Sixteen months, hour by hour: people join, things happen, the hourly jobs run, members pay."""

import datetime as dt
from zoneinfo import ZoneInfo

import frappe
from frappe.utils.scheduler import run_event

from embedded.host import clock
from embedded.host.scheduler import events_between

from . import events, payers
from .members import MEMBERS, join
from .progress import Progress

ZONE = ZoneInfo("Europe/Paris")
# Fixed, so that every run prints the same numbers; it holds a 29 February and two 31 January.
START = dt.datetime(2024, 1, 1, 7, tzinfo=ZONE)
END = dt.datetime(2025, 5, 1, 20, tzinfo=ZONE)
HOUR = dt.timedelta(hours=1)
OFFICE_OPENS, EVENING = 9, 18


def set_clock(moment: dt.datetime) -> dt.datetime:
    """Let the site's time stand at a moment; returns it as Frappe tells it, in the site's zone."""
    clock.set_to(moment, still=True)
    return moment.astimezone(ZONE).replace(tzinfo=None)


def tell() -> None:
    """Live through it all, committing each hour."""
    # Counted in UTC: in local time one spring night has an hour less.
    moment, end = START.astimezone(dt.timezone.utc), END.astimezone(dt.timezone.utc)
    progress = Progress((end - moment) // HOUR)
    before = set_clock(moment)
    for hour in range(progress.total):
        moment += HOUR
        now = set_clock(moment)
        if now.hour == OFFICE_OPENS:
            _office(now.date())
        for kind in events_between(before, now):
            run_event(kind)
        if now.hour == EVENING:
            payers.pay_what_is_due(now.date())
        frappe.db.commit()
        before = now
        progress.show(hour + 1, f"{now:%d %b %Y}")


def _office(today: dt.date) -> None:
    """What the people at the desk do in the morning."""
    for member in MEMBERS:
        if member.first_day == today:
            join(member)
    events.happen(today)
