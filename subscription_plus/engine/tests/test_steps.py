"""One step after the other: what comes next follows from the documents, and always leads to the end."""

from __future__ import annotations

import unittest
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product

from subscription_plus.engine.steps import (
    CLOSED,
    Documents,
    Flow,
    PeriodStatus,
    Step,
    next_step,
    period_status,
)

DUE, PART, NOTHING = Decimal(100), Decimal(40), Decimal(0)

DEFAULT = Flow()
INVOICE_FIRST = Flow(invoice_first=True)
WITHOUT_ORDER = Flow(make_order=False)
WITHOUT_REQUEST = Flow(make_request=False)
INVOICE_ONLY = Flow(make_order=False, make_request=False)
DRAFT = Flow(submit_invoice=False)
ZERO_INVOICED = Flow(invoice_zero=True)
FLOWS = [Flow(*switches) for switches in product((True, False), repeat=5)]

NEW = Documents()
ORDERED = Documents(total=DUE, order=True)
REQUESTED = replace(ORDERED, request=True)
ORDER_PAID = replace(REQUESTED, order_paid=True)


def invoiced(outstanding: Decimal, order: bool = True, request: bool = False) -> Documents:
    return Documents(total=DUE, order=order, request=request, invoice_outstanding=outstanding)


class TestNextStep(unittest.TestCase):
    cases = (
        ("a new period is ordered", DEFAULT, NEW, Step.ORDER, PeriodStatus.TO_ORDER),
        ("an order is requested", DEFAULT, ORDERED, Step.REQUEST, PeriodStatus.AWAITING_PAYMENT),
        ("a request waits", DEFAULT, REQUESTED, Step.WAIT, PeriodStatus.AWAITING_PAYMENT),
        ("a paid order is invoiced", DEFAULT, ORDER_PAID, Step.INVOICE, PeriodStatus.TO_INVOICE),
        ("paid before it was requested", DEFAULT, replace(ORDERED, order_paid=True), Step.INVOICE, PeriodStatus.TO_INVOICE),
        ("a paid invoice is the end", DEFAULT, invoiced(NOTHING), Step.DONE, PeriodStatus.PAID),
        ("an overpaid invoice is the end", DEFAULT, invoiced(Decimal(-5)), Step.DONE, PeriodStatus.PAID),
        ("a part paid invoice waits", DEFAULT, invoiced(PART, request=True), Step.WAIT, PeriodStatus.AWAITING_PAYMENT),
        ("an invoice whose advance was lost is requested", DEFAULT, invoiced(DUE), Step.REQUEST, PeriodStatus.AWAITING_PAYMENT),
        ("invoice first: a new period is ordered", INVOICE_FIRST, NEW, Step.ORDER, PeriodStatus.TO_ORDER),
        ("invoice first: an order is invoiced", INVOICE_FIRST, ORDERED, Step.INVOICE, PeriodStatus.TO_INVOICE),
        ("invoice first: an invoice is requested", INVOICE_FIRST, invoiced(DUE), Step.REQUEST, PeriodStatus.AWAITING_PAYMENT),
        ("invoice first: a request waits", INVOICE_FIRST, invoiced(DUE, request=True), Step.WAIT, PeriodStatus.AWAITING_PAYMENT),
        ("without order: a new period is invoiced", WITHOUT_ORDER, NEW, Step.INVOICE, PeriodStatus.TO_ORDER),
        ("without order: an invoice is requested", WITHOUT_ORDER, invoiced(DUE, order=False), Step.REQUEST, PeriodStatus.AWAITING_PAYMENT),
        ("without request: an order waits for its payment", WITHOUT_REQUEST, ORDERED, Step.WAIT, PeriodStatus.AWAITING_PAYMENT),
        ("without request: a paid order is invoiced", WITHOUT_REQUEST, replace(ORDERED, order_paid=True), Step.INVOICE, PeriodStatus.TO_INVOICE),
        ("invoice only: an invoice waits", INVOICE_ONLY, invoiced(DUE, order=False), Step.WAIT, PeriodStatus.AWAITING_PAYMENT),
        ("a draft waits for a person", DRAFT, replace(ORDER_PAID, invoice_draft=True), Step.WAIT, PeriodStatus.DRAFT_INVOICE),
        ("a draft whose order is unpaid waits too", INVOICE_FIRST, replace(ORDERED, invoice_draft=True), Step.WAIT, PeriodStatus.DRAFT_INVOICE),
        ("no lines: nothing", DEFAULT, Documents(has_lines=False), Step.DONE, PeriodStatus.NOTHING_TO_BILL),
        ("a zero order is not requested", DEFAULT, Documents(total=NOTHING, order=True), Step.DONE, PeriodStatus.NOTHING_TO_BILL),
        ("a zero order is invoiced where wanted", ZERO_INVOICED, Documents(total=NOTHING, order=True), Step.INVOICE, PeriodStatus.TO_INVOICE),
        ("a zero invoice is the end", ZERO_INVOICED, Documents(total=NOTHING, order=True, invoice_outstanding=NOTHING), Step.DONE, PeriodStatus.PAID),
        ("void before its order", DEFAULT, Documents(void=True), Step.DONE, PeriodStatus.VOID),
        ("void though its request is open", DEFAULT, replace(REQUESTED, void=True), Step.DONE, PeriodStatus.VOID),
        ("void though its invoice is unpaid", DEFAULT, replace(invoiced(DUE), void=True), Step.DONE, PeriodStatus.VOID),
    )  # fmt: skip

    def test_what_comes_next(self) -> None:
        for name, flow, docs, step, _ in self.cases:
            with self.subTest(name):
                self.assertIs(next_step(flow, docs), step)

    def test_what_people_read(self) -> None:
        for name, flow, docs, _, expected in self.cases:
            with self.subTest(name):
                self.assertIs(period_status(flow, docs), expected)


class TestTheWholeWay(unittest.TestCase):
    cases = (
        ("by default", DEFAULT, DUE, "order request wait invoice done"),
        ("invoice before payment", INVOICE_FIRST, DUE, "order invoice request wait done"),
        ("without orders", WITHOUT_ORDER, DUE, "invoice request wait done"),
        ("without requests", WITHOUT_REQUEST, DUE, "order wait invoice done"),
        ("invoices only", INVOICE_ONLY, DUE, "invoice wait done"),
        ("invoices first, without requests", Flow(invoice_first=True, make_request=False), DUE, "order invoice wait done"),
        ("a person submits the invoice", DRAFT, DUE, "order request wait invoice wait done"),
        ("a person submits the invoice, then it is paid", Flow(invoice_first=True, submit_invoice=False), DUE,
         "order invoice wait request wait done"),
        ("a total of zero", DEFAULT, NOTHING, "order done"),
        ("a total of zero is invoiced", ZERO_INVOICED, NOTHING, "order invoice done"),
    )  # fmt: skip

    def test_steps_come_in_the_order_of_the_flow(self) -> None:
        for name, flow, total, expected in self.cases:
            with self.subTest(name):
                self.assertEqual(" ".join(walk(flow, NEW, total)), expected)

    def test_any_state_leads_to_the_end_when_payments_arrive(self) -> None:
        for flow, total in product(FLOWS, (DUE, NOTHING)):
            for docs in reachable(flow, total):
                with self.subTest(flow=flow, docs=docs):
                    way = walk(flow, docs, total)
                    self.assertEqual(way[-1], "done")
                    for step in ("order", "request", "invoice"):
                        self.assertLessEqual(way.count(step), 1)

    def test_the_status_is_closed_exactly_when_the_steps_are_done(self) -> None:
        for flow, total in product(FLOWS, (DUE, NOTHING)):
            for docs in reachable(flow, total):
                done = next_step(flow, docs) is Step.DONE
                self.assertEqual(period_status(flow, docs) in CLOSED, done, (flow, docs))


def after(flow: Flow, docs: Documents, step: Step, total: Decimal) -> Documents:
    """What exists once the step was done."""
    if step is Step.ORDER:
        return replace(docs, order=True, total=total)
    if step is Step.REQUEST:
        return replace(docs, request=True)
    if flow.submit_invoice:
        return submitted(replace(docs, total=total))
    return replace(docs, total=total, invoice_draft=True)


def submitted(docs: Documents) -> Documents:
    """The invoice submitted: the advance on the order is allocated to it."""
    return replace(docs, invoice_draft=False, invoice_outstanding=NOTHING if docs.order_paid else docs.total)


def from_outside(docs: Documents) -> Iterator[Documents]:
    """What people and banks may do to a state, most helpful first."""
    if docs.invoice_draft:
        yield submitted(docs)
    if docs.invoice_outstanding:
        yield replace(docs, invoice_outstanding=NOTHING)
        yield replace(docs, invoice_outstanding=PART)
    elif docs.order and not docs.order_paid and docs.invoice_outstanding is None:
        yield replace(docs, order_paid=True)


def walk(flow: Flow, docs: Documents, total: Decimal) -> list[str]:
    """The steps from a state to the end, where every wait is answered from outside."""
    way: list[str] = []
    while len(way) < 10:
        step = next_step(flow, docs)
        way.append(step.value)
        if step is Step.DONE:
            break
        docs = next(from_outside(docs)) if step is Step.WAIT else after(flow, docs, step, total)
    return way


def reachable(flow: Flow, total: Decimal) -> set[Documents]:
    """All states that steps and outside events can bring about, in any order."""
    seen, new = {NEW}, [NEW]
    while new:
        docs = new.pop()
        step = next_step(flow, docs)
        following = list(from_outside(docs))
        if step not in (Step.WAIT, Step.DONE):
            following.append(after(flow, docs, step, total))
        new += [state for state in set(following) if state not in seen]
        seen.update(following)
    return seen
