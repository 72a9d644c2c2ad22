"""Places that subscriptions hold: a line with a booked item keeps its quantity for the line's whole life."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import frappe
from frappe.model.document import Document
from frappe.utils import flt, getdate

from subscription_plus.engine.allowances import Span as Days
from subscription_plus.engine.allowances import without
from subscription_plus.sp_billing import facts

END_OF_TIME = dt.datetime(9999, 1, 1)


@dataclass(frozen=True)
class Hold:
    """Places of an item that a line holds, from the first moment of its first day to the last of its last."""

    item: str
    start: dt.datetime
    end: dt.datetime
    places: float
    subscription: str


def holds(
    items: list[str],
    start: dt.datetime,
    end: dt.datetime,
    *,
    leave_out: str | None = None,
    for_update: bool = False,
) -> list[Hold]:
    """What subscriptions hold of items between two moments."""
    line, subscription = frappe.qb.DocType("SP Subscription Line"), frappe.qb.DocType("SP Subscription")
    query = (
        frappe.qb.from_(line)
        .inner_join(subscription)
        .on((subscription.name == line.parent) & (line.parenttype == "SP Subscription"))
        .select(
            line.booked_item,
            line.qty,
            line.from_date,
            line.to_date,
            subscription.name,
            subscription.start_date,
            subscription.end_date,
            subscription.cancellation_date,
        )
        .where(line.booked_item.isin(items))
        .where(subscription.start_date <= end.date())
    )
    rows = (query.for_update() if for_update else query).run(as_dict=True)
    gaps: dict[str, list[Days]] = defaultdict(list)
    names = list({row.name for row in rows})
    if names:
        for gap in frappe.get_all(
            "SP Subscription Break",
            filters={"parent": ("in", names), "kind": "Ended"},
            fields=["parent", "from_date", "until_date"],
        ):
            gaps[gap.parent].append((getdate(gap.from_date), facts.date(gap.until_date)))
    found = []
    for row in rows:
        if row.name != leave_out:
            found += _holds_of(row.name, row, row, gaps[row.name])
    return [hold for hold in found if hold.start < end and hold.end > start]


def of_document(doc: Document) -> list[Hold]:
    """What a subscription holds as it stands in memory."""
    gaps = [(getdate(row.from_date), facts.date(row.until_date)) for row in doc.breaks if row.kind == "Ended"]
    return [
        hold for row in doc.lines if row.booked_item for hold in _holds_of(doc.name or "", doc, row, gaps)
    ]


def _holds_of(name: str, subscription, line, gaps: list[Days]) -> list[Hold]:
    first = max(filter(None, (facts.date(subscription.start_date), facts.date(line.from_date))))
    ends = [
        facts.date(value) for value in (subscription.end_date, subscription.cancellation_date, line.to_date)
    ]
    last = min(filter(None, ends), default=None)
    if flt(line.qty) <= 0 or (last and last < first):
        return []
    return [
        Hold(
            line.booked_item,
            dt.datetime.combine(start, dt.time()),
            dt.datetime.combine(end + dt.timedelta(days=1), dt.time()) if end else END_OF_TIME,
            flt(line.qty),
            name,
        )
        for start, end in without([(first, last)], gaps)
    ]
