"""Notices ahead of time: a trial that ends, a renewal that comes. Each is sent once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from frappe.utils import cint, formatdate, getdate

from subscription_plus.engine.planning import Piece, next_piece

from . import events, facts, mails, settings


def send_due(doc: Document, rows: list[frappe._dict], today: dt.date) -> None:
    """Send the notices whose day has come."""
    piece = next_piece(facts.facts(doc, rows))
    trial_notice, renewal_notice = _trial_notice_on(doc, piece), _renewal_notice_on(doc, piece)
    if trial_notice and trial_notice <= today <= getdate(doc.trial_until):
        doc.db_set("trial_notice_sent", 1, update_modified=False)
        context = {"trial_until": formatdate(doc.trial_until), "period": _period(piece)}
        _send(doc, "trial_template", context, "Trial Notice Sent")
    if piece and renewal_notice and renewal_notice <= today < piece.bill_on:
        doc.db_set("renewal_notice_for", piece.start, update_modified=False)
        _send(doc, "renewal_template", {"period": _period(piece)}, "Renewal Notice Sent")


def days(doc: Document, piece: Piece | None) -> Iterable[dt.date]:
    """The days on which notices are to be sent."""
    return filter(None, (_trial_notice_on(doc, piece), _renewal_notice_on(doc, piece)))


def _trial_notice_on(doc: Document, piece: Piece | None) -> dt.date | None:
    ahead = cint(settings.get("trial_notice_days"))
    if not (ahead and piece and doc.trial_until) or doc.trial_notice_sent:
        return None
    return getdate(doc.trial_until) - dt.timedelta(days=ahead)


def _renewal_notice_on(doc: Document, piece: Piece | None) -> dt.date | None:
    ahead = cint(settings.get("renewal_notice_days"))
    first = facts.facts(doc).first_billed_day
    if not (ahead and piece) or piece.start == first or facts.date(doc.renewal_notice_for) == piece.start:
        return None
    return piece.bill_on - dt.timedelta(days=ahead)


def _period(piece: Piece) -> frappe._dict:
    return frappe._dict(start_date=piece.start, end_date=piece.end, billing_date=piece.bill_on)


def _send(doc: Document, template_field: str, context: dict, event: str) -> None:
    if mails.send(doc, settings.get(template_field), context, about=("SP Subscription", doc.name)):
        events.record(doc.name, event)
