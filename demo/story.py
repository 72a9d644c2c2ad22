"""Sixteen months, hour by hour: people join, things happen, the hourly jobs run, members pay."""

import datetime as dt
from zoneinfo import ZoneInfo

import frappe
from frappe.utils.scheduler import events as scheduled

from embedded.host import clock

from . import bookings, events, payers
from .members import MEMBERS, join
from .payments import Stripe
from .progress import Progress

ZONE = ZoneInfo("Europe/Paris")
# Fixed, so that every run prints the same numbers; the months hold a 29 February and two 31 January.
# Off the full second: Frappe reads those back from the database without a fraction, and sees a change.
START = dt.datetime(2024, 1, 1, 7, 0, 0, 1, tzinfo=ZONE)
END = dt.datetime(2025, 5, 1, 20, 0, 0, 1, tzinfo=ZONE)
HOUR = dt.timedelta(hours=1)
OFFICE_OPENS, EVENING = 9, 18


def set_clock(moment: dt.datetime) -> dt.datetime:
    """Let the site's time stand at a moment; returns it as Frappe tells it, in the site's zone."""
    clock.set_to(moment, still=True)
    return moment.astimezone(ZONE).replace(tzinfo=None)


def tell(stripe: Stripe) -> None:
    """Live through it all, committing each hour."""
    # Counted in UTC: in local time one spring night has an hour less.
    moment, end = START.astimezone(dt.timezone.utc), END.astimezone(dt.timezone.utc)
    progress = Progress((end - moment) // HOUR)
    for hour in range(progress.total):
        moment += HOUR
        now = set_clock(moment)
        if now.hour == OFFICE_OPENS:
            _office(now.date(), stripe)
        _run_scheduled(now)
        if now.hour == EVENING:
            payers.pay_what_is_due(now.date())
            stripe.evening(now.date())
        frappe.db.commit()
        progress.show(hour + 1, f"{now:%d %b %Y}")


def _office(today: dt.date, stripe: Stripe) -> None:
    """What the people at the desk do in the morning."""
    new = [member for member in MEMBERS if member.first_day == today]
    for member in new:
        join(member)
    events.happen(today)
    frappe.db.commit()  # Stripe is called outside of transactions
    stripe.morning(today, [member.name for member in new])
    bookings.happen(today)


def _run_scheduled(now: dt.datetime) -> None:
    """Run the scheduler's jobs of this hour, here: a connection for each of 11,000 hours would take half the time."""
    for kind, _cron, method in scheduled():
        # What runs every ten minutes runs once an hour here.
        if kind.startswith(("hourly", "cron")) or (kind.startswith("daily") and now.hour == 0):
            frappe.get_attr(method)()
