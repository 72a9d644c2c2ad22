"""The movements of each subscription's monthly recurring revenue: written when they become known, kept for ever.

A subscription's course is worked out from its facts whenever they change. What lies before today stays as it
was written; from today on the rows are what is known now, and days to come become history by passing. So
numbers of the past never change, and MRR on a day is the sum of the movements until then.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, now, nowdate

from subscription_plus.engine.metrics import Movement, Step, continued, course, movements
from subscription_plus.erp import customers, exchange

from . import coupons, facts
from .reading import Reading
from .transactions import billing_session, lock_subscription, unit_of_work

DOCTYPE = "SP Revenue Movement"
_KEPT = ("name", "subscription", "date", "kind", "amount", "mrr", "rate")
_WRITTEN = (
    *("name", "owner", "modified_by", "creation", "modified", "docstatus"),
    *("subscription", "customer", "company", "currency", "date", "kind", "amount", "mrr", "rate"),
    *("company_amount", "company_mrr"),
)
# An agreement goes on while one of its periods is skipped.
_GOES_ON = ("Skip",)
_ALIVE = ("Scheduled", "Trial", "Active", "Paused")


def write(doc: Document) -> None:
    """Bring the movements of a saved subscription up to what is known now."""
    _write(Reading.of(doc), doc, _kept({"subscription": doc.name}).get(doc.name, []))


def forget(subscription: str) -> None:
    """Delete the movements of a subscription that goes without having billed anything."""
    frappe.db.delete(DOCTYPE, {"subscription": subscription})


def refresh_all() -> int:
    """Look at all subscriptions again, as prices and pricing rules change without them; how many had moved.

    One transaction for each that moved. What moved is what a new price list says from today on.
    """
    moved = 0
    with billing_session():
        for name in stale():
            moved += _try(name, lambda name=name: unit_of_work(lambda: _rewrite(name)))
    return moved


def stale() -> list[str]:
    """The subscriptions whose movements are not what their facts, prices and rates say now."""
    reading, kept = Reading.stored(status=_ALIVE), _kept({})
    rates: dict[Any, Decimal] = {}
    found = []

    def look(doc: Any) -> None:
        if any(_difference(reading, doc, kept.get(doc.name, []), rates)):
            found.append(doc.name)

    for doc in reading.subscriptions:
        _try(doc.name, lambda doc=doc: look(doc))
    return found


def begin() -> None:
    """Write the movements of stored subscriptions that have none: on a site that had subscriptions before this."""
    reading, kept = Reading.stored(), _kept({})
    for doc in reading.subscriptions:
        if doc.name not in kept:
            _try(doc.name, lambda doc=doc: _write(reading, doc, []))


def _try(name: str, work: Callable[[], None]) -> bool:
    """Do it for one subscription; an error is logged and stops no other."""
    try:
        work()
        return True
    except Exception:
        frappe.log_error(
            title=f"Revenue of {name}",
            message=frappe.get_traceback(),
            reference_doctype="SP Subscription",
            reference_name=name,
        )
        return False


def _rewrite(name: str) -> None:
    lock_subscription(name)
    write(frappe.get_doc("SP Subscription", name))


def _kept(filters: dict[str, Any]) -> dict[str, list[frappe._dict]]:
    """The stored movements by subscription, in order."""
    kept: dict[str, list[frappe._dict]] = defaultdict(list)
    for row in frappe.get_all(DOCTYPE, filters=filters, fields=list(_KEPT), order_by="date"):
        kept[row.subscription].append(row)
    return kept


def _write(reading: Reading, doc: Any, kept: list[frappe._dict]) -> None:
    gone, new = _difference(reading, doc, kept, {})
    if gone:
        frappe.db.delete(DOCTYPE, {"name": ("in", gone)})
    if new:
        frappe.db.bulk_insert(
            DOCTYPE, list(_WRITTEN), [tuple(row[field] for field in _WRITTEN) for row in new]
        )


def _difference(
    reading: Reading, doc: Any, kept: list[frappe._dict], rates: dict[Any, Decimal]
) -> tuple[list[str], list[dict[str, Any]]]:
    """The names of the rows that are no longer so, and the rows that are missing."""
    today = getdate(nowdate())
    wanted = {
        row["name"]: row for row in _rows(reading, doc, _moves(reading, doc, kept, today), kept, today, rates)
    }
    same = {row.name for row in kept if row.name in wanted and _alike(row, wanted[row.name])}
    gone = [row.name for row in kept if row.name not in same]
    return gone, [row for name, row in wanted.items() if name not in same]


def _alike(row: frappe._dict, wanted: dict[str, Any]) -> bool:
    return row.kind == wanted["kind"] and all(
        abs(float(row[field] or 0) - float(wanted[field])) < 1e-6 for field in ("amount", "mrr", "rate")
    )


def _moves(reading: Reading, doc: Any, kept: list[frappe._dict], today: dt.date) -> list[Movement]:
    """The movements of its life: as written until yesterday, unless it was entered today or never moved before."""
    known = course_of(reading, doc)
    past = [Step(row.date, _exact(row.mrr)) for row in kept if row.date < today]
    if not past or getdate(doc.creation) >= today:
        return list(movements(known))
    return list(movements(continued(past, known, today)))


def course_of(reading: Reading, doc: Any) -> list[Step]:
    """The monthly revenue over its life by what is known now, in its own currency."""
    coupon = coupons.lasting(doc)
    plan = facts.facts(doc, read=reading.recurrence, without=_GOES_ON)
    lines = [facts.line(row) for row in doc.lines if not row.once]

    def amount(span, counting, on):
        return reading.whole(doc, counting, on, facts.recurrence_on(doc, span.start), coupon)

    return course(plan, lines, amount, reading.price_days(doc), reading.rounding(doc.currency))


def _rows(
    reading: Reading,
    doc: Any,
    moves: Iterable[Movement],
    kept: list[frappe._dict],
    today: dt.date,
    rates: dict[Any, Decimal],
) -> Iterable[dict[str, Any]]:
    """The rows of movements. The rate is that of the day revenue began, until it ends: a currency's ups and
    downs are no movements of subscriptions."""
    stored = {row.date: _exact(row.rate) for row in kept if row.date < today and row.rate}
    stamp = {"owner": "Administrator", "modified_by": "Administrator", "docstatus": 0}
    to_currency = customers.company_currency(doc.company)
    rate = before = Decimal(0)
    for move in moves:
        if move.on in stored:
            rate = stored[move.on]
        elif not rate or not move.mrr - move.amount:
            rate = _rate(doc.currency, to_currency, min(move.on, today), rates)
        after = reading.rounding(to_currency)(move.mrr * rate)
        yield {
            **stamp,
            "name": f"{doc.name}-{move.on.isoformat()}",
            "creation": now(),
            "modified": now(),
            "subscription": doc.name,
            "customer": doc.customer,
            "company": doc.company,
            "currency": doc.currency,
            "date": move.on,
            "kind": move.kind.value,
            "amount": float(move.amount),
            "mrr": float(move.mrr),
            "rate": float(rate),
            "company_amount": float(after - before),
            "company_mrr": float(after),
        }
        before = after


def _rate(currency: str, to_currency: str, on: dt.date, known: dict[Any, Decimal]) -> Decimal:
    """The stored rate of a day, 0 where the site has none: the night after it has one fills it in."""
    key = (currency, to_currency, on)
    if key not in known:
        known[key] = exchange.rate(currency, to_currency, on) or Decimal(0)
    return known[key]


def _exact(value: Any) -> Decimal:
    return Decimal(str(value or 0))
