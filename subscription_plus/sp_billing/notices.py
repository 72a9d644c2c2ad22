"""Notices ahead of time: a trial that ends, a renewal that comes, prices that change. Each is sent once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, fmt_money, formatdate, get_url, getdate

from subscription_plus.engine.planning import Piece, next_piece

from . import events, facts, mails, price_changes, settings, signing

LINK_DAYS = 3650


def send_due(doc: Document, rows: list[frappe._dict], today: dt.date) -> None:
    """Send the notices whose day has come."""
    piece = next_piece(facts.facts(doc, rows))
    trial_notice, renewal_notice = _trial_notice_on(doc, piece), _renewal_notice_on(doc, piece)
    if trial_notice and trial_notice <= today <= getdate(doc.trial_until):
        doc.db_set("trial_notice_sent", 1, update_modified=False)
        context = {
            "trial_until": formatdate(doc.trial_until),
            "period": _period(piece),
            "method_url": mails.method_url(doc),
        }
        _send(doc, "trial_template", context, "Trial Notice Sent")
    if piece and renewal_notice and renewal_notice <= today < piece.bill_on:
        doc.db_set("renewal_notice_for", piece.start, update_modified=False)
        _send(doc, "renewal_template", {"period": _period(piece)}, "Renewal Notice Sent")
    if piece:
        _announce_prices(doc, piece, rows, today)


def _announce_prices(doc: Document, piece: Piece, rows: list[frappe._dict], today: dt.date) -> None:
    notice = price_changes.notice_on(piece, rows)
    if not notice or not notice <= today < piece.bill_on:
        return
    changes = price_changes.coming(doc, piece, rows)
    mark = price_changes.mark(piece, changes)
    if not changes or doc.price_notice_for == mark:
        return
    doc.db_set("price_notice_for", mark, update_modified=False)
    shown = [
        frappe._dict(
            item=change.item,
            item_name=change.item_name,
            old=fmt_money(float(change.old), currency=doc.currency),
            new=fmt_money(float(change.new), currency=doc.currency),
        )
        for change in changes
    ]
    context = {"period": _period(piece), "changes": shown, "first_day": formatdate(piece.start)}
    _send(doc, "price_template", context, "Price Notice Sent")


def days(doc: Document, piece: Piece | None, rows: list[frappe._dict]) -> Iterable[dt.date]:
    """The days on which notices are to be sent."""
    prices = price_changes.notice_on(piece, rows) if piece else None
    return filter(None, (_trial_notice_on(doc, piece), _renewal_notice_on(doc, piece), prices))


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


def wanted(customer: str) -> bool:
    """Whether a customer wants notices ahead of time; requests and invoices are no notices."""
    return not frappe.db.get_value("Customer", customer, "sp_no_notices")


def choose(customer: str, on: bool) -> None:
    """Send a customer notices, or none. The caller's right was checked, or the link was signed."""
    frappe.db.set_value("Customer", customer, "sp_no_notices", int(not on))


def send(doc: Document, template_field: str, context: dict, about: tuple[str, str]) -> bool:
    """Send a notice about a subscription, with a link that ends notices; False where it was not sent."""
    if not wanted(doc.customer):
        return False
    return mails.send(doc, settings.get(template_field), context, about=about, footer=farewell(doc.customer))


def farewell(customer: str) -> str:
    """The end of a notice: where to stop them."""
    address = get_url(f"/account/notices?token={signing.sign('notices', customer, LINK_DAYS)}")
    text = _("Stop notices like this one")
    return f'<p><small><a href="{address}">{text}</a></small></p>'


def _period(piece: Piece) -> frappe._dict:
    return frappe._dict(start_date=piece.start, end_date=piece.end, billing_date=piece.bill_on)


def _send(doc: Document, template_field: str, context: dict, event: str) -> None:
    about = ("SP Subscription", doc.name)
    if template_field == "price_template":
        # Who gets no notices is told of a new price all the same: it changes what was agreed.
        sent = mails.send(doc, settings.get(template_field), context, about=about)
    else:
        sent = send(doc, template_field, context, about)
    if sent:
        events.record(doc.name, event)
