"""What state a subscription is in, and whether a verb (cancel, pause, resume, restart …) may act on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from .calendar import DAY
from .planning import Facts


class Status(str, Enum):
    """Where a subscription stands in its life. Terminal statuses are left by a restart alone."""

    SCHEDULED = "Scheduled"
    TRIAL = "Trial"
    ACTIVE = "Active"
    PAUSED = "Paused"
    CANCELLED = "Cancelled"
    COMPLETED = "Completed"


TERMINAL = frozenset({Status.CANCELLED, Status.COMPLETED})


class BillingStatus(str, Enum):
    """How its billing stands; independent of the status."""

    UP_TO_DATE = "Up to Date"
    TO_ORDER = "To Order"
    AWAITING_PAYMENT = "Awaiting Payment"
    PAYMENT_PROCESSING = "Payment Processing"
    PAST_DUE = "Past Due"
    UNPAID = "Unpaid"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class Life:
    """The dates a status follows from. `cancelled_on`: last day, set by a cancellation; `ends_on`: last
    day by contract. Both inclusive."""

    facts: Facts
    cancelled_on: dt.date | None = None
    ends_on: dt.date | None = None


def last_day(cancelled_on: dt.date | None, ends_on: dt.date | None) -> dt.date | None:
    """The earlier of the two ends."""
    return min((day for day in (cancelled_on, ends_on) if day), default=None)


def status(life: Life, today: dt.date) -> Status:
    """The status on a day. On the day of a cancellation it is Cancelled already; that day is still billed."""
    if life.cancelled_on and today >= life.cancelled_on:
        return Status.CANCELLED
    if life.ends_on and today > life.ends_on:
        return Status.COMPLETED
    if today < life.facts.start:
        return Status.SCHEDULED
    if life.facts.trial_end and today <= life.facts.trial_end:
        return Status.TRIAL
    if any(brk.start <= today and (brk.end is None or today <= brk.end) for brk in life.facts.breaks):
        return Status.PAUSED
    return Status.ACTIVE


def status_changes(life: Life) -> Iterable[dt.date]:
    """The days on which the status may become another one by the passing of time."""
    if life.cancelled_on:
        yield life.cancelled_on
    if life.ends_on:
        yield life.ends_on + DAY
    yield life.facts.start
    if life.facts.trial_end:
        yield life.facts.trial_end + DAY
    for brk in life.facts.breaks:
        yield brk.start
        if brk.end:
            yield brk.end + DAY


def billing_status(
    *,
    failed: bool = False,
    unpaid: bool = False,
    overdue: bool = False,
    processing: bool = False,
    awaiting: bool = False,
    to_order: bool = False,
) -> BillingStatus:
    """The most urgent of what is true of the open periods."""
    ranked = (
        (failed, BillingStatus.FAILED),
        (unpaid, BillingStatus.UNPAID),
        (overdue, BillingStatus.PAST_DUE),
        (processing, BillingStatus.PAYMENT_PROCESSING),
        (awaiting, BillingStatus.AWAITING_PAYMENT),
        (to_order, BillingStatus.TO_ORDER),
    )
    return next((state for true, state in ranked if true), BillingStatus.UP_TO_DATE)
