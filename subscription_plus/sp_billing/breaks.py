"""Pauses: times without billing, from a day, until a day or until resumed; one skipped period."""

from __future__ import annotations

import datetime as dt

from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate, nowdate

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import next_piece

from . import facts, rights
from .verbs import by_customer, for_staff, refuse, verb


def pause(
    name: str, from_date: dt.date | None = None, until: dt.date | None = None, new_anchor: bool = False
) -> None:
    """Stop billing from a day (today by default) until a day (inclusive), or until resumed.

    `new_anchor`: after it periods are counted anew from the day it resumes; else they stay where they were
    and the first one is prorated. Customers: after the plan's days of notice.
    """
    with verb(name, "Paused", right=rights.PAUSE) as doc:
        for_staff(doc, new_anchor)
        _must_be_alive(doc)
        start = from_date or rights.day_of(doc)
        if by_customer(doc):
            _check_length(doc.flags.rights_of_customer, start, until)
        if until and until < start:
            refuse(
                _("A pause ends after it begins: {0} is before {1}.").format(
                    formatdate(until), formatdate(start)
                )
            )
        _add(doc, "Pause", start, until, new_anchor)


def _check_length(may: rights.Rights, start: dt.date, until: dt.date | None) -> None:
    """Customers pause after the plan's notice, and for so long as the plan lets them."""
    if start < may.day():
        refuse(_("A pause can begin on {0} or later.").format(formatdate(may.day())))
    if may.longest_pause and (not until or (until - start).days >= may.longest_pause):
        refuse(_("A pause can be {0} days at most. Say until when.").format(may.longest_pause))


def resume(name: str, on: dt.date | None = None, new_anchor: bool = False) -> None:
    """End the running or announced pause: billing counts again from the day (today by default)."""
    with verb(name, "Resumed", right=rights.PAUSE) as doc:
        for_staff(doc, new_anchor)
        on = on or getdate(nowdate())
        if by_customer(doc) and on < getdate(nowdate()):
            refuse(_("It can go on from today or later."))
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
    with verb(name, "Period Skipped", right=rights.SKIP) as doc:
        _must_be_alive(doc)
        piece = next_piece(facts.facts(doc, facts.periods_of(name)))
        if not piece:
            refuse(_("There is no further period to skip."))
        if by_customer(doc) and piece.start < rights.day_of(doc):
            refuse(_("It is too late to skip the period from {0}.").format(formatdate(piece.start)))
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
