"""Places for subscriptions: one that would hold more of an item than there are is refused."""

from __future__ import annotations

import datetime as dt
import math

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, getdate, nowdate

from subscription_plus.engine import slots
from subscription_plus.engine.slots import Span

from . import availability, holds


def check(doc: Document, method: str | None = None) -> None:
    """A subscription is saved: refuse one that would hold more places than there are from today on. The items' rows are
    locked: of two that take the last place at once, one is refused."""
    wanted = holds.of_document(doc)
    before = doc.get_doc_before_save()
    if not wanted or (before and holds.of_document(before) == wanted):
        return
    today = dt.datetime.combine(getdate(nowdate()), dt.time())
    for item in sorted({hold.item for hold in wanted}):
        frappe.db.get_value("Item", item, "name", for_update=True)
        place = availability.place(item)
        own = [
            Span(max(hold.start, today), hold.end, math.ceil(hold.places))
            for hold in wanted
            if hold.item == item and hold.end > today
        ]
        others = availability.taken({item: place}, today, holds.END_OF_TIME, for_update=True, but=doc.name)[
            item
        ]
        _refuse_overfull(item, place.house.places, own, others)


def _refuse_overfull(item: str, places: int, own: list[Span], others: list[Span]) -> None:
    usage = slots.Usage([*own, *others])
    for moment in sorted({one.start for one in [*own, *others]}):
        if not any(one.start <= moment < one.end for one in own):
            continue
        peak = usage.peak(moment, moment + dt.timedelta(minutes=1))
        if peak > places:
            frappe.throw(
                _(
                    "{0} has {1} places; on {2} {3} would be taken. Take fewer, begin later, or free some first."
                ).format(item, places, format_date(moment.date()), peak),
                title=_("No place left"),
            )
