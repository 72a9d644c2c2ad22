"""One sentence over a subscription: where it stands, and what happens next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, fmt_money, format_datetime, formatdate, strip_html

from subscription_plus.engine.planning import Piece, next_piece

from . import contracts, facts, periods, state


class Headline(NamedTuple):
    """A sentence in the reader's language, as plain text, and the colour that says how urgent it is."""

    text: str
    colour: str


def of(doc: Document, rows: Iterable[Any], now: dt.datetime) -> Headline:
    """The headline of a stored subscription whose period rows are `rows`."""
    rows = list(rows)
    if doc.error_message:
        return _failed(doc)
    stands, colour = _stands(doc, rows, now)
    parts = [stands, _next(doc, rows, now)]
    sentence = _("{0}.", context="Headline").format(_joined(*filter(None, parts)))
    if doc.mail_error:
        return Headline(f"{sentence} {strip_html(doc.mail_error)}", "orange")
    return Headline(sentence, colour)


def _joined(first: str, *rest: str) -> str:
    for part in rest:
        first = _("{0}; {1}", context="Headline").format(first, part)
    return first


def _failed(doc: Document) -> Headline:
    said = strip_html(doc.error_message)
    if doc.parked:
        return Headline(
            _("Parked, nothing is billed until the cause is mended and Update Now pressed: {0}").format(said),
            "red",
        )
    again = format_datetime(doc.next_billing_at) if doc.next_billing_at else _("the next run")
    return Headline(_("Billing failed, it is tried again at {0}: {1}").format(again, said), "red")


def _stands(doc: Document, rows: list[Any], now: dt.datetime) -> tuple[str, str]:
    """Where it stands, without a full stop."""
    if contracts.waits_for_signature(doc):
        if doc.contract:
            return _("Nothing is billed until contract {0} is signed").format(doc.contract), "orange"
        return _("Nothing is billed until a signed contract is linked"), "orange"
    owed = _owed(doc, rows, now.date())
    if doc.status in ("Cancelled", "Completed"):
        last = min(filter(None, (facts.date(doc.cancellation_date), facts.date(doc.end_date))), default=None)
        ended = _("It ended on {0}").format(formatdate(last)) if last else _("It has ended")
        return (_joined(ended, owed[0]), owed[1]) if owed else (ended, "gray")
    if owed:
        return owed
    if doc.cancellation_date:
        return _("It is cancelled, its last day is {0}").format(formatdate(doc.cancellation_date)), "orange"
    if doc.status == "Trial":
        return _("On trial until {0}").format(formatdate(doc.trial_until)), "blue"
    if doc.status == "Scheduled":
        return _("It begins on {0}").format(formatdate(doc.start_date)), "blue"
    if doc.status == "Paused":
        return _paused(doc, now.date()), "yellow"
    return _("All that was billed is paid") if rows else _("Nothing is billed yet"), "green"


def _owed(doc: Document, rows: list[Any], today: dt.date) -> tuple[str, str] | None:
    """What the customer owes, or is about to pay; None where nothing is open."""
    still_open = [row for row in rows if periods.is_open(row) and flt(row.outstanding) > 0]
    if not still_open:
        return None
    late = [row for row in still_open if periods.is_overdue(row, today)]
    if late:
        since = formatdate(min(facts.date(row.due_date) for row in late))
        return _("{0} is past due since {1}").format(_money(doc, late), since), "red"
    if any(row.processing for row in still_open):
        return _("A payment of {0} is being processed").format(_money(doc, still_open)), "blue"
    due = min((facts.date(row.due_date) for row in still_open if row.due_date), default=None)
    if due:
        return _("{0} is to be paid by {1}").format(_money(doc, still_open), formatdate(due)), "orange"
    return _("{0} is to be paid").format(_money(doc, still_open)), "orange"


def _paused(doc: Document, today: dt.date) -> str:
    for row in doc.breaks:
        until = facts.date(row.until_date)
        if row.kind == "Pause" and facts.date(row.from_date) <= today and (not until or until >= today):
            if until:
                return _("Paused until {0}").format(formatdate(until))
            return _("Paused until someone resumes it")
    return _("Paused")


def _next(doc: Document, rows: list[Any], now: dt.datetime) -> str:
    """What happens next, without a full stop."""
    piece = next_piece(facts.facts(doc, rows))
    if piece is None:
        return _("nothing more is billed")
    if contracts.waits_for_signature(doc) or state.is_paused_for_good(doc, now.date()):
        return ""
    window = facts.moment(doc.edit_window_until)
    if piece.bill_on <= now.date():
        if window and window > now:
            return _("it can be edited until {0}, then {1} is billed; Update Now does it at once").format(
                format_datetime(window, "HH:mm"), _days(piece)
            )
        return _("{0} is due and billed with the next run; Update Now does it at once").format(_days(piece))
    text = _("{0} is billed on {1}").format(_days(piece), formatdate(piece.bill_on))
    if flt(doc.total) and piece.period.is_whole:
        text += f" ({fmt_money(doc.total, currency=doc.currency)})"
    return text


def _days(piece: Piece) -> str:
    if piece.start == piece.end:
        return formatdate(piece.start)
    return _("{0} to {1}", context="Days of a period").format(formatdate(piece.start), formatdate(piece.end))


def _money(doc: Document, rows: list[Any]) -> str:
    return fmt_money(sum(flt(row.outstanding) for row in rows), currency=doc.currency)
