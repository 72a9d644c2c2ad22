"""Pauses: times without billing, from a day, until a day or until resumed; one skipped period."""

from __future__ import annotations

import datetime as dt

from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate, nowdate

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import next_piece

from . import facts
from .verbs import refuse, verb


def pause(
    name: str, from_date: dt.date | None = None, until: dt.date | None = None, new_anchor: bool = False
) -> None:
    """Stop billing from a day (today by default) until a day (inclusive), or until resumed.

    `new_anchor`: after it periods are counted anew from the day it resumes; else they stay where they were
    and the first one is prorated.
    """
    with verb(name, "Paused") as doc:
        _must_be_alive(doc)
        start = from_date or getdate(nowdate())
        if until and until < start:
            refuse(
                _("A pause ends after it begins: {0} is before {1}.").format(
                    formatdate(until), formatdate(start)
                )
            )
        _add(doc, "Pause", start, until, new_anchor)


def resume(name: str, on: dt.date | None = None, new_anchor: bool = False) -> None:
    """End the running or announced pause: billing counts again from the day (today by default)."""
    with verb(name, "Resumed") as doc:
        on = on or getdate(nowdate())
        running = [
            row
            for row in doc.breaks
            if row.kind == "Pause" and (not row.until_date or getdate(row.until_date) >= on)
        ]
        if not running:
            refuse(_("It is not paused."))
        for row in running:
            if getdate(row.from_date) >= on:
                doc.remove(row)
            else:
                row.until_date = on - DAY
                row.new_anchor = int(new_anchor)


def skip(name: str) -> tuple[dt.date, dt.date]:
    """Leave the next period that is not billed yet unbilled; its first and last day."""
    with verb(name, "Period Skipped") as doc:
        _must_be_alive(doc)
        piece = next_piece(facts.facts(doc, facts.periods_of(name)))
        if not piece:
            refuse(_("There is no further period to skip."))
        _add(doc, "Skip", piece.start, piece.end, False)
    return piece.start, piece.end


def _must_be_alive(doc: Document) -> None:
    if doc.status in ("Cancelled", "Completed"):
        refuse(_("It is {0}. Restart it first.").format(_(doc.status, context=doc.doctype)))


def _add(doc: Document, kind: str, start: dt.date, until: dt.date | None, new_anchor: bool) -> None:
    for row in doc.breaks:
        begins, ends = getdate(row.from_date), facts.date(row.until_date)
        if (ends is None or ends >= start) and (until is None or begins <= until) and ends != begins - DAY:
            refuse(
                _("There is a pause from {0} to {1} already. Resume it first, or choose other days.").format(
                    formatdate(begins), formatdate(ends) if ends else _("open end")
                )
            )
    doc.append(
        "breaks",
        {"kind": kind, "from_date": start, "until_date": until, "new_anchor": int(new_anchor)},
    )
