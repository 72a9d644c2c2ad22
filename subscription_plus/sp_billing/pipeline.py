"""The pipeline: brings one subscription up to date, one document and one transaction at a time.

Killed anywhere, the next run goes on from the period's row. Every step locks the subscription, reads the
row anew and does nothing that is done already. Money never moves in here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, cint, flt, getdate, now_datetime

from subscription_plus.engine.planning import Piece, due
from subscription_plus.engine.steps import Documents, Flow, Step, next_step
from subscription_plus.erp import invoices, orders, payment_requests, payments
from subscription_plus.erp.bills import Bill

from . import (
    composing,
    contracts,
    coupons,
    credits,
    events,
    facts,
    failures,
    mails,
    notices,
    periods,
    settings,
    state,
)
from .transactions import billing_session, lock_subscription, unit_of_work

T = TypeVar("T")


@dataclass
class Outcome:
    """What bringing a subscription up to date came to. `error`: why it stopped, in words for people."""

    documents: list[tuple[str, str]] = field(default_factory=list)
    periods: int = 0
    error: str | None = None

    @property
    def did_something(self) -> bool:
        return bool(self.documents or self.periods)


def advance(name: str, now: dt.datetime | None = None, touched: tuple[str, ...] = ()) -> Outcome:
    """Do everything that can be done for a subscription now.

    `touched`: closed periods to look at again, because one of their documents changed. Errors stop this
    subscription only: they are stored on it, retried later, and returned.

    Before the first period after a trial is billed, the hook `sp_trial_ends` may end or pause the subscription.
    Once all documents are made, the collectors (hook `sp_collectors`) may take the money, outside of any
    transaction; periods they moved go on at once, and then the collector may see what that has ended.
    """
    billing = _Billing(name, now or now_datetime())
    with billing_session():
        billing.attempt(lambda: billing.run(touched))
    if billing.outcome.error or billing.held_back:
        return billing.outcome
    for collector in frappe.get_hooks("sp_collectors"):
        moved = billing.attempt(lambda collector=collector: frappe.get_attr(collector)(name))
        if moved:
            with billing_session():
                billing.attempt(lambda moved=moved: billing.run(moved))
            billing.attempt(lambda collector=collector: frappe.get_attr(collector)(name))
    return billing.outcome


class _Billing:
    """One subscription being brought up to date."""

    def __init__(self, name: str, now: dt.datetime) -> None:
        self.name, self.now, self.today = name, now, now.date()
        self.outcome = Outcome()
        self.held_back = False
        self.doc: Document | None = None
        self.version: tuple | None = None

    def attempt(self, work: Callable[[], T]) -> T | None:
        """Do it; an error is stored on the subscription and ends nothing but this."""
        try:
            return work()
        except Exception as error:
            frappe.db.rollback()
            with billing_session():
                self.outcome.error = failures.record(self.name, error, self.now)
            return None

    def run(self, touched: tuple[str, ...]) -> None:
        for period in self._unit(lambda: self._begin(touched)):
            self._work_off(period)
        while begun := self._unit(self._begin_period_or_finish):
            period, goes_on = begun
            if goes_on:
                self._work_off(period)

    def _work_off(self, period: str) -> None:
        while self._unit(lambda: self._step(period)):
            pass

    def _unit(self, work: Callable[[], T]) -> T:
        """A unit of work; what a lost attempt has noted in memory is forgotten with it."""
        documents, begun = len(self.outcome.documents), self.outcome.periods

        def attempt() -> T:
            try:
                return work()
            except BaseException:
                self.doc = None
                del self.outcome.documents[documents:]
                self.outcome.periods = begun
                raise

        return unit_of_work(attempt)

    # The methods below run inside a unit of work.

    def _load(self) -> Document:
        """The subscription under its lock; read again only where a person or another run changed it meanwhile."""
        version = lock_subscription(self.name)
        if self.doc is None or version != self.version or self._has_fees_to_bill():
            self.doc, self.version = frappe.get_doc("SP Subscription", self.name), version
        return self.doc

    def _has_fees_to_bill(self) -> bool:
        """Another run may have billed them, which the version does not tell."""
        return any(line.once and not line.billed_once_in for line in self.doc.lines)

    def _begin(self, touched: tuple[str, ...]) -> list[str]:
        """The periods to look at; none while people may still edit, or have to mend something first."""
        doc = self._load()
        window = facts.moment(doc.edit_window_until)
        self.held_back = bool(
            doc.parked or (window and window > self.now) or contracts.waits_for_signature(doc)
        )
        if self.held_back:
            return []
        failures.break_circuit(doc, self.today)
        rows = facts.periods_of(self.name)
        if doc.status == "Trial" and not rows and getdate(doc.trial_until) < self.today:
            for hook in frappe.get_hooks("sp_trial_ends"):
                frappe.get_attr(hook)(doc)
        return [row.name for row in rows if periods.is_open(row) or row.name in touched]

    def _begin_period_or_finish(self) -> tuple[str, bool] | None:
        """Make the next due period's row together with its first document, and say whether a step follows;
        None when nothing is due any more, or enough was done for a run."""
        doc = self._load()
        rows = facts.periods_of(self.name)
        limit = cint(settings.get("periods_per_run")) or 24
        held = self.held_back or self.outcome.periods >= limit
        piece = None if held else next(iter(due(facts.facts(doc, rows), self.today, 1)), None)
        if piece is None:
            self._finish(doc, rows)
            return None
        self.outcome.periods += 1
        return self._begin_period(doc, piece, rows)

    def _begin_period(self, doc: Document, piece: Piece, rows: list[frappe._dict]) -> tuple[str, bool]:
        name, recurrence = (
            periods.name_of(self.name, piece.start, rows),
            facts.recurrence_on(doc, piece.start),
        )
        coupon = coupons.counting(doc)
        bill = composing.compose(doc, piece, name, recurrence, coupon)
        row = periods.create(
            doc,
            piece,
            name,
            recurrence_period=recurrence,
            coupon=coupon,
            due_date=add_days(piece.bill_on, bill.days_until_due),
            sales_order=None if rows else self._origin_order(doc),
            total=float(composing.net_total(bill)),
            status="To Order" if bill.lines else "Nothing to Bill",
        )
        if piece.period.is_whole:
            state.store(doc, {"total": float(composing.recurring_total(doc, bill))})
        self._remember_use(doc, bill, row)
        goes_on = bool(bill.lines) and self._perform(doc, row, facts.flow(recurrence), bill)
        return row.name, goes_on

    def _origin_order(self, doc: Document) -> str | None:
        """The order that created the subscription is the order of its first period, as the customer placed it."""
        return doc.sales_order if doc.sales_order and orders.is_live(doc.sales_order) else None

    def _remember_use(self, doc: Document, bill: Bill, row: frappe._dict) -> None:
        """What counts once, or for some periods, has counted: with the row, in its transaction."""
        billed = {line.subscription_line for line in bill.lines}
        for line in doc.lines:
            if line.once and line.name in billed:
                line.db_set("billed_once_in", row.name, update_modified=False)
        if row.coupon:
            doc.db_set("coupon_periods_used", cint(doc.coupon_periods_used) + 1, update_modified=False)

    def _step(self, period: str) -> bool:
        """Do the period's next step. False: none follows it now."""
        doc = self._load()
        row = periods.locked(period)
        return bool(row) and self._perform(doc, row, facts.flow(row.recurrence_period))

    def _perform(self, doc: Document, row: frappe._dict, flow: Flow, bill: Bill | None = None) -> bool:
        before = dict(row)
        docs = periods.look(row)
        if row.pop("invoice_found", None):
            invoices.claim(row.sales_invoice, self.name, row.name)
        step = next_step(flow, docs)
        if step in _MAKING:
            made = _MAKING[step](self, doc, row, flow, docs, bill)
            self.outcome.documents.append(made)
            events.record(self.name, f"{made[0]} Made", period=row.name, document=made)
            docs = periods.look(row)
            step = next_step(flow, docs)
        if step is Step.DONE and row.payment_request and flt(row.outstanding) <= 0:
            # Something else has settled what the request still asks for.
            payment_requests.withdraw(row.payment_request)
        periods.store(row, docs, flow, before)
        return step in _MAKING

    def _order(
        self, doc: Document, row: frappe._dict, _flow: Flow, _docs: Documents, bill: Bill | None
    ) -> tuple[str, str]:
        row.sales_order = orders.make(bill or composing.of_row(doc, row))
        return "Sales Order", row.sales_order

    def _request(
        self, doc: Document, row: frappe._dict, _flow: Flow, docs: Documents, _bill: Bill | None
    ) -> tuple[str, str]:
        if row.payment_request:
            # It asks for the order, which was invoiced, or its payment was cancelled: it can bring nothing.
            payment_requests.withdraw(row.payment_request)
        target = ("Sales Invoice", row.sales_invoice) if docs.invoiced else ("Sales Order", row.sales_order)
        row.payment_request = payment_requests.request(
            *target,
            subscription=self.name,
            billing_period=row.name,
            email=doc.contact_email,
            mode_of_payment=doc.mode_of_payment,
        )
        mails.payment_request(doc, row, target)
        return "Payment Request", row.payment_request

    def _invoice(
        self, doc: Document, row: frappe._dict, flow: Flow, docs: Documents, bill: Bill | None
    ) -> tuple[str, str]:
        if row.sales_order:
            orders.lock(row.sales_order)
            paid_on = payments.last_paid_on("Sales Order", row.sales_order) if docs.order_paid else None
            on = max(filter(None, (row.billing_date, paid_on)))
            heading = composing.of_row(doc, row, with_lines=False)
            row.sales_invoice = invoices.make_from_order(row.sales_order, heading, on, flow.submit_invoice)
        else:
            row.sales_invoice = invoices.make(bill or composing.of_row(doc, row), flow.submit_invoice)
        if flow.submit_invoice:
            mails.invoice(doc, row)
        return "Sales Invoice", row.sales_invoice

    def _finish(self, doc: Document, rows: list[frappe._dict]) -> None:
        """Notices, credit notes, and the state people and the next run read."""
        if not self.held_back:
            self.outcome.documents += credits.credit_unused_days(doc, rows, self.today)
            notices.send_due(doc, rows, self.today)
        state.refresh(doc, rows, self.now, worked=not self.held_back)


_MAKING = {Step.ORDER: _Billing._order, Step.REQUEST: _Billing._request, Step.INVOICE: _Billing._invoice}
