"""What happens to a subscription that cannot be billed: back-off, then parking; and when to look again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

FIRST_RETRY = dt.timedelta(hours=1)
LONGEST_RETRY = dt.timedelta(hours=24)


def retry_at(now: dt.datetime, failures: int) -> dt.datetime:
    """When to try again after the n-th failure in a row: 1, 2, 4 … hours, never more than a day."""
    return now + min(FIRST_RETRY * (1 << min(max(failures - 1, 0), 10)), LONGEST_RETRY)


def is_parked(failures: int, limit: int) -> bool:
    """After `limit` failures in a row (0: never) only a person starts it again."""
    return 0 < limit <= failures


def next_look(
    days: Iterable[dt.date], now: dt.datetime, not_before: Iterable[dt.datetime | None] = ()
) -> dt.datetime | None:
    """When the hourly run must look again: the start of the earliest of `days`, but not before any of
    the given moments (end of the edit window, time of the next retry). None: nothing lies ahead."""
    first = min(days, default=None)
    if first is None:
        return None
    moment = dt.datetime.combine(first, dt.time())
    return max([moment, *(bound for bound in not_before if bound and bound > now)])
