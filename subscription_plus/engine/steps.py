"""The pipeline of one period: from what its documents say, the one step that comes next.

Default: order, request, payment, invoice. Invoice before payment: order, invoice, request, payment.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Step(str, Enum):
    """What is to be done next for a period."""

    ORDER = "order"
    REQUEST = "request"
    INVOICE = "invoice"
    WAIT = "wait"
    DONE = "done"


class PeriodStatus(str, Enum):
    """What people read on a billing period."""

    TO_ORDER = "To Order"
    AWAITING_PAYMENT = "Awaiting Payment"
    PAYMENT_PROCESSING = "Payment Processing"
    TO_INVOICE = "To Invoice"
    DRAFT_INVOICE = "Draft Invoice"
    PAID = "Paid"
    NOTHING_TO_BILL = "Nothing to Bill"
    VOID = "Void"


CLOSED = frozenset({PeriodStatus.PAID, PeriodStatus.NOTHING_TO_BILL, PeriodStatus.VOID})


@dataclass(frozen=True, slots=True)
class Flow:
    """Which documents a recurrence wants, and in which order.

    Without an order there is nothing a customer could pay before the invoice, so the invoice comes first.
    """

    make_order: bool = True
    make_request: bool = True
    invoice_first: bool = False
    submit_invoice: bool = True
    invoice_zero: bool = False

    @property
    def invoice_before_payment(self) -> bool:
        return self.invoice_first or not self.make_order


@dataclass(frozen=True, slots=True)
class Documents:
    """What exists for a period now. Amounts in the documents' currency.

    `total`: what it comes to, None before it is known. `order_paid`: the advance on the order covers it.
    `invoice_outstanding`: None while there is no submitted invoice. `processing`: a payment is on its way.
    """

    total: Decimal | None = None
    has_lines: bool = True
    order: bool = False
    order_paid: bool = False
    request: bool = False
    invoice_draft: bool = False
    invoice_outstanding: Decimal | None = None
    void: bool = False
    processing: bool = False

    @property
    def invoiced(self) -> bool:
        return self.invoice_outstanding is not None

    @property
    def paid(self) -> bool:
        return self.invoice_outstanding <= 0 if self.invoice_outstanding is not None else self.order_paid


def next_step(flow: Flow, docs: Documents) -> Step:
    """The step that comes next; WAIT: something outside (a payment, a person) must happen first."""
    if docs.void or not docs.has_lines:
        return Step.DONE
    if docs.invoiced:
        if docs.paid:
            return Step.DONE
        return Step.REQUEST if flow.make_request and not docs.request else Step.WAIT
    if docs.invoice_draft:
        return Step.WAIT
    if flow.make_order and not docs.order:
        return Step.ORDER
    if docs.total is not None and docs.total <= 0:
        return Step.INVOICE if flow.invoice_zero else Step.DONE
    if flow.invoice_before_payment or docs.order_paid:
        return Step.INVOICE
    return Step.REQUEST if flow.make_request and not docs.request else Step.WAIT


def period_status(flow: Flow, docs: Documents) -> PeriodStatus:
    """The status that follows from the documents."""
    if docs.void:
        return PeriodStatus.VOID
    if not docs.has_lines:
        return PeriodStatus.NOTHING_TO_BILL
    if docs.invoice_draft:
        return PeriodStatus.DRAFT_INVOICE
    step = next_step(flow, docs)
    if step is Step.DONE:
        return PeriodStatus.PAID if docs.invoiced else PeriodStatus.NOTHING_TO_BILL
    if step is Step.INVOICE and (docs.order_paid or (flow.make_order and docs.order)):
        return PeriodStatus.TO_INVOICE
    if step in (Step.ORDER, Step.INVOICE):
        return PeriodStatus.TO_ORDER
    return PeriodStatus.PAYMENT_PROCESSING if docs.processing else PeriodStatus.AWAITING_PAYMENT
