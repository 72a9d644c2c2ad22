"""Many subscriptions read together: what planning and pricing ask for, in as many queries for one as for all."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import BillAt, Facts, Piece, Recurrence, pieces
from subscription_plus.engine.pricing import Line, LineShare, lines_in
from subscription_plus.engine.proration import Rounding
from subscription_plus.erp import customers, prices

from . import composing, coupons, facts

ZERO, _NO_COUPON = Decimal(0), coupons.Discount()
SUBSCRIPTION, PERIOD = "SP Subscription", "SP Billing Period"
_FIELDS = (
    "name",
    "customer",
    "customer_name",
    "company",
    "currency",
    "plan",
    "status",
    "creation",
    "start_date",
    "trial_until",
    "end_date",
    "cancellation_date",
    "prorate_last_invoice",
    "recurrence_period",
    "price_list",
    "coupon",
    "coupon_periods_used",
    "apply_discount_on",
    "additional_discount_percentage",
    "discount_amount",
    "parked",
    "edit_window_until",
    "error_message",
    "next_billing_date",
)
_LINE_FIELDS = (
    "name",
    "parent",
    "idx",
    "item",
    "qty",
    "uom",
    "price_determination",
    "fixed_rate",
    "price_list",
    "discount_percentage",
    "from_date",
    "to_date",
    "once",
    "prorate",
    "billed_once_in",
)
_BREAK_FIELDS = ("parent", "kind", "from_date", "until_date", "new_anchor", "recurrence_before")


@dataclass(frozen=True, slots=True)
class Coming:
    """What is to be billed for a piece of a period: `net` before tax, after all discounts, in the document's currency."""

    subscription: Any
    piece: Piece
    net: Decimal


class Reading:
    """Subscriptions with their lines and breaks, and what their prices follow from. Good for one question."""

    def __init__(self, subscriptions: Iterable[Any]) -> None:
        self.subscriptions = list(subscriptions)
        self.missing: list[tuple[str, str]] = []
        self.covered: dict[str, list[tuple[dt.date, dt.date]]] = {}
        self._recurrences: dict[str, Recurrence] = {}
        self._roundings: dict[str, Rounding] = {}
        self._uoms: dict[str, str | None] = {}

    @classmethod
    def of(cls, doc: Document) -> Reading:
        """One subscription, as it stands in memory."""
        return cls([doc])

    @classmethod
    def stored(cls, due_until: dt.date | None = None, **filters: Any) -> Reading:
        """All subscriptions with these values; with `due_until`, those that have days to be billed until then,
        and with the days that are billed already."""
        found = {row.name: row for row in _rows(SUBSCRIPTION, None, _FIELDS, filters, due_until)}
        for row in found.values():
            row.lines, row.breaks = [], []
        for row in _rows("SP Subscription Line", "parent", _LINE_FIELDS, filters, due_until):
            found[row.parent].lines.append(row)
        for row in _rows("SP Subscription Break", "parent", _BREAK_FIELDS, filters, due_until):
            found[row.parent].breaks.append(row)
        for row in found.values():
            row.lines.sort(key=lambda line: line.idx)
        reading = cls(found.values())
        if due_until:
            reading.covered = _covered(reading.subscriptions, filters, due_until)
        return reading

    def coming(self, doc: Any, until: dt.date) -> Iterator[Coming]:
        """What is to be billed up to a day, the oldest first: as the preview, for many."""
        plan = self._plan(doc)
        pairs = [(row, facts.line(row)) for row in doc.lines]
        rows = {line.key: row for row, line in pairs}
        lines = [line for row, line in pairs if not (row.once and row.billed_once_in)]
        once = any(line.once for line in lines)
        turns, used = self._turns(doc, lines), cint(doc.coupon_periods_used)
        known: dict[Any, Decimal] = {}
        for piece in takewhile(lambda piece: piece.bill_on <= until, pieces(plan)):
            coupon = coupons.discount(doc, coupons.counting(doc, used)) if doc.coupon else _NO_COUPON
            recurrence = facts.recurrence_on(doc, piece.start) if doc.breaks else doc.recurrence_period
            key = None if once else turns.key(piece, recurrence, coupon)
            net = known.get(key) if key else None
            if net is None:
                shares = list(lines_in(piece, lines))
                net = self._sum(doc, rows, shares, piece.start, recurrence, coupon)
                net = max(net - self._off(doc, net, piece, coupon), ZERO)
                if key:
                    known[key] = net
                if once:
                    billed = {share.line.key for share in shares if share.line.once}
                    lines = [line for line in lines if line.key not in billed]
                    once = any(line.once for line in lines)
            yield Coming(doc, piece, net)
            used += coupon != _NO_COUPON

    def _turns(self, doc: Any, lines: list[Line]) -> _Turns:
        """The days on which a period may come to another amount than the one before."""
        days = {line.from_date for line in lines if line.from_date}
        days |= {line.to_date + DAY for line in lines if line.to_date and line.to_date < dt.date.max}
        return _Turns(sorted(days), sorted(self.price_days(doc)))

    def _plan(self, doc: Any) -> Facts:
        plan = facts.facts(doc, read=self.recurrence)
        return replace(plan, covered=tuple(self.covered.get(doc.name, ())))

    def whole(
        self, doc: Any, lines: list[Line], on: dt.date, recurrence: str, coupon: coupons.Discount
    ) -> Decimal:
        """What these lines come to in a whole period at the prices of a day, after all discounts, before tax."""
        rows = {row.name or str(row.idx): row for row in doc.lines}
        net = self._sum(doc, rows, [LineShare(line, None) for line in lines], on, recurrence, coupon)
        return net - self._off(doc, net, None, coupon)

    def price_days(self, doc: Any) -> set[dt.date]:
        """The days from which on another list price may count for a line."""
        days: set[dt.date] = set()
        for row in _by_list([doc]):
            price_list = row.price_list or self._price_list(doc)
            if price_list:
                days |= self._prices.days_of_change(row.item, price_list, doc.currency)
        return days

    def recurrence(self, name: str) -> Recurrence:
        """The recurrence period as the engine reads it."""
        if name not in self._recurrences:
            self._recurrences[name] = facts.recurrence(name)
        return self._recurrences[name]

    def rounding(self, currency: str) -> Rounding:
        """How amounts in a currency are rounded."""
        if currency not in self._roundings:
            self._roundings[currency] = prices.rounding(currency)
        return self._roundings[currency]

    def _sum(
        self,
        doc: Any,
        rows: dict[str, Any],
        shares: Iterable[LineShare],
        on: dt.date,
        recurrence: str,
        coupon: coupons.Discount,
    ) -> Decimal:
        """The shares' amounts at the prices of a day; a line without a price is noted, and adds nothing."""
        total = ZERO
        for share in shares:
            quote = self._quote(doc, rows[share.line.key], on, recurrence)
            if quote is not None:
                total += composing.billed(share, quote, coupon, self.rounding(doc.currency)).amount
        return total

    def _quote(self, doc: Any, row: Any, on: dt.date, recurrence: str) -> prices.Quote | None:
        """The price; None, and noted, where there is none."""
        fixed = row.price_determination == "Fixed Rate"
        price_list = None if fixed else row.price_list or self._price_list(doc)
        uom = None if fixed else row.uom or self._uom(recurrence)
        try:
            return composing.quote_for(
                doc, row, on, uom, price_list, ask=self._prices.quote if price_list else None
            )
        except prices.PriceMissing as error:
            self.missing.append((doc.name, str(error)))
            return None

    def _off(self, doc: Any, net: Decimal, piece: Piece | None, coupon: coupons.Discount) -> Decimal:
        """The additional discount of a period that comes to `net`: as in ERPNext, a percentage stands for all of it."""
        rounding = self.rounding(doc.currency)
        if flt(doc.additional_discount_percentage) and not coupon.amount:
            return rounding(net * Decimal(str(flt(doc.additional_discount_percentage))) / 100)
        if coupon.amount or flt(doc.discount_amount):
            return composing.discount_amount(doc, piece, rounding, coupon)
        return Decimal(0)

    def _uom(self, recurrence: str) -> str | None:
        if recurrence not in self._uoms:
            row = frappe.get_cached_doc("SP Recurrence Period", recurrence)
            self._uoms[recurrence] = row.billing_interval_uom
        return self._uoms[recurrence]

    def _price_list(self, doc: Any) -> str | None:
        return doc.price_list or self._lists.get(doc.customer)

    @cached_property
    def _lists(self) -> dict[str, str | None]:
        return customers.default_price_lists(doc.customer for doc in self.subscriptions if not doc.price_list)

    @cached_property
    def _prices(self) -> prices.PriceBook:
        return prices.PriceBook.read(row.item for row in _by_list(self.subscriptions))


@dataclass(frozen=True, slots=True)
class _Turns:
    """Days from which on other lines count, and days from which on other prices do."""

    lines: list[dt.date]
    prices: list[dt.date]

    def key(self, piece: Piece, recurrence: str, coupon: coupons.Discount) -> tuple[Any, ...] | None:
        """The same for whole periods that come to the same amount; None for what has to be reckoned."""
        if not piece.period.is_whole:
            return None
        stage = bisect_right(self.lines, piece.start)
        if stage != bisect_right(self.lines, piece.end):
            return None
        return (recurrence, stage, bisect_right(self.prices, piece.start), coupon)


def _by_list(subscriptions: Iterable[Any]) -> Iterator[Any]:
    """The lines whose price comes from a list."""
    return (row for doc in subscriptions for row in doc.lines if row.price_determination != "Fixed Rate")


def _chosen(filters: dict[str, Any], due_until: dt.date | None) -> tuple[Any, Any]:
    """The table of subscriptions and the condition on it."""
    table = frappe.qb.DocType(SUBSCRIPTION)
    condition = table.name.isnotnull()
    for field, value in filters.items():
        condition &= table[field].isin(value) if isinstance(value, list | tuple) else table[field] == value
    if due_until:
        condition &= table.next_billing_date <= due_until
    return table, condition


def _rows(
    doctype: str,
    link: str | None,
    fields: Iterable[str],
    filters: dict[str, Any],
    due_until: dt.date | None,
) -> list[Any]:
    """Rows of a table that hang on the chosen subscriptions (or these themselves)."""
    table, condition = _chosen(filters, due_until)
    if not link:
        query = frappe.qb.from_(table).select(*(table[field] for field in fields))
        return query.where(condition).orderby(table.name).run(as_dict=True)
    rows = frappe.qb.DocType(doctype)
    query = frappe.qb.from_(rows).inner_join(table).on(table.name == rows[link])
    if link == "parent":
        condition &= rows.parenttype == SUBSCRIPTION
    return query.select(*(rows[field] for field in fields)).where(condition).run(as_dict=True)


def _covered(
    subscriptions: list[Any], filters: dict[str, Any], due_until: dt.date
) -> dict[str, list[tuple[dt.date, dt.date]]]:
    """The days that are billed, by subscription.

    All days before the next billing date are, where nothing is billed in arrears: only what reaches beyond it is
    read. Elsewhere every period is, and those that follow each other are put together.
    """
    arrears = set(frappe.get_all("SP Recurrence Period", {"bill_at": BillAt.END.value}, pluck="name"))
    covered: dict[str, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    late = []
    for doc in subscriptions:
        if arrears and arrears.intersection((doc.recurrence_period, *_earlier(doc))):
            late.append(doc.name)
        elif doc.next_billing_date > doc.start_date:
            covered[doc.name].append((doc.start_date, doc.next_billing_date - DAY))
    table, condition = _chosen(filters, due_until)
    rows = frappe.qb.DocType(PERIOD)
    beyond = rows.end_date >= table.next_billing_date
    fields = (rows.subscription, rows.start_date, rows.end_date, rows.credited_from)
    query = frappe.qb.from_(rows).inner_join(table).on(table.name == rows.subscription).select(*fields)
    query = query.where(condition & ((beyond | rows.subscription.isin(late)) if late else beyond))
    for name, start, end, credited in query.orderby(rows.subscription).orderby(rows.start_date).run():
        spans, last = covered[name], credited - DAY if credited else end
        if spans and spans[-1][1] + DAY == start:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((start, last))
    return covered


def _earlier(doc: Any) -> Iterator[str]:
    """The recurrences it had before."""
    return (row.recurrence_before for row in doc.breaks if row.recurrence_before)
