"""The shapes of answers: what endpoints return, for readers, type checkers and the description of the API."""

import datetime as dt
from typing import Annotated, Any

from pydantic import WithJsonSchema
from typing_extensions import NotRequired, TypedDict

# Frappe writes dates like 2025-06-30 and moments like 2025-06-30 09:00:00, in the site's time zone.
Date = Annotated[dt.date, WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    dt.datetime,
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d)?$"}
    ),
]
Amount = Annotated[float, WithJsonSchema({"type": "number"})]
Flag = Annotated[int, WithJsonSchema({"type": "integer", "enum": [0, 1]})]


class Url(TypedDict):
    url: str


class Me(TypedDict):
    user: str
    full_name: str
    customers: list["CustomerOfMine"]


class CustomerOfMine(TypedDict):
    name: str
    customer_name: str


class PlanOffered(TypedDict):
    plan: str
    title: str
    description: str | None
    url: str
    currency: str | None
    recurrence_period: str
    trial_days: int
    minimum_term: int
    max_quantity: int


class PeriodLine(TypedDict):
    item: str
    qty: Amount
    rate: Amount
    amount: Amount
    description: str | None


class ComingPeriod(TypedDict):
    start: Date
    end: Date
    billing_date: Date
    days: int
    whole_days: int
    currency: str
    total: Amount
    documents: list[str]
    lines: list[PeriodLine]


class Tax(TypedDict):
    name: str
    amount: Amount


class ReviewedPeriod(ComingPeriod):
    net: Amount
    taxes: list[Tax]
    to_pay: Amount


class Subscribed(TypedDict):
    subscription: str
    sales_order: str | None
    payment_request: str | None
    sales_invoice: str | None
    payment_link: str | None
    error: str | None


class SubscriptionRow(TypedDict, total=False):
    name: str
    customer: str
    customer_name: str
    plan: str | None
    recurrence_period: str
    status: str
    billing_status: str
    start_date: Date
    trial_until: Date | None
    end_date: Date | None
    commitment_until: Date | None
    cancellation_date: Date | None
    current_period_start: Date | None
    current_period_end: Date | None
    next_billing_date: Date | None
    total: Amount
    currency: str
    coupon: str | None
    charge_automatically: Flag
    payment_method: str | None


class SubscriptionLine(TypedDict):
    name: str
    item: str
    item_name: str | None
    qty: Amount
    uom: str | None
    description: str | None
    discount_percentage: Amount
    once: Flag
    from_date: Date | None
    to_date: Date | None


class SubscriptionBreak(TypedDict):
    kind: str
    from_date: Date
    until_date: Date | None


class SubscriptionDetails(SubscriptionRow):
    lines: list[SubscriptionLine]
    breaks: list[SubscriptionBreak]
    may: list[str]


class PeriodRow(TypedDict, total=False):
    name: str
    subscription: str
    start_date: Date
    end_date: Date
    billing_date: Date | None
    due_date: Date | None
    status: str
    total: Amount
    outstanding: Amount
    currency: str | None
    sales_order: str | None
    payment_request: str | None
    sales_invoice: str | None
    credit_note: str | None


class EventRow(TypedDict):
    at: Moment
    event_type: str
    document_type: str | None
    document_name: str | None


class DocumentRow(TypedDict):
    doctype: str
    name: str
    date: Date
    due_date: Date | None
    status: str
    total: Amount
    outstanding: Amount | None
    currency: str
    subscription: str | None


class MethodRow(TypedDict, total=False):
    name: str
    customer: str
    status: str
    is_default: Flag
    kind: str | None
    brand: str | None
    last4: str | None
    expires_on: Date | None


class Made(TypedDict):
    doctype: str
    name: str


class Updated(TypedDict):
    documents: list[Made]
    periods: int
    error: str | None


class LastDay(TypedDict):
    last_day: Date


# `from`: the first day that a change counts.
From = TypedDict("From", {"from": Date})


class Skipped(TypedDict):
    start: Date
    end: Date


class Slot(TypedDict):
    start: Moment
    end: Moment
    free: int


class Cost(TypedDict):
    credit_type: str
    credits: int


class BookingRow(TypedDict, total=False):
    name: str
    item: str
    item_name: str | None
    customer: str | None
    user: str | None
    starts_on: Moment
    ends_on: Moment
    uom: str | None
    places: int
    status: str
    payment: str
    credit_type: str | None
    credits: int | None
    quotation: str | None
    sales_order: str | None
    subscription: str | None
    expires_at: Moment | None
    given_back: str | None


class CalendarEntry(TypedDict):
    name: str
    item_name: str | None
    customer_name: str | None
    starts_on: Moment
    ends_on: Moment
    status: str
    title: str
    color: str
    allDay: int


class Ordered(TypedDict):
    sales_order: str
    payment_request: str | None


class CreditBalance(TypedDict):
    credit_type: str
    available: int
    ends_on: Date | None
    ending: int


class Movement(TypedDict, total=False):
    name: str
    at: Moment
    kind: str
    credits: int
    credit_type: str
    booking_credit: str
    booking: str | None
    user: str | None
    message: str | None


class Granted(TypedDict):
    booking_credit: str


class GrantedByInvoice(TypedDict):
    booking_credits: list[str]


class Left(TypedDict):
    left: int


class Refund(TypedDict):
    refund: str | None


class Asked(TypedDict):
    status: str | None


class Event(TypedDict):
    event: str


class Health(TypedDict):
    healthy: bool
    last_run_at: Moment | None
    late: Any
    parked: Any
    failing: Any


class Action(TypedDict):
    label: str
    method: str
    args: dict[str, Any]
    fields: list[dict[str, Any]]
    primary: bool
    confirm: str | None


class Revenue(TypedDict):
    company: str
    currency: str
    on: Date
    mrr: Amount
    arr: Amount
    subscriptions: int
    customers: int


class RevenueMonth(TypedDict):
    month: Date
    since: Date
    until: Date
    opening: Amount
    new: Amount
    expansion: Amount
    reactivation: Amount
    contraction: Amount
    churn: Amount
    change: Amount
    closing: Amount


class Loss(TypedDict):
    since: Date
    until: Date
    count: int
    lost: int
    rate: Amount
    mrr: Amount
    lost_mrr: Amount
    mrr_rate: Amount
    retention: Amount


class Cohort(TypedDict):
    month: Date
    count: int
    begun: Amount
    kept: list[int]
    mrr: list[Amount]


class ForecastMonth(TypedDict):
    month: Date
    periods: int
    amount: Amount


class Forecast(TypedDict):
    currency: str
    months: list[ForecastMonth]
    remarks: list[str]


class Unbilled(TypedDict):
    subscription: str
    customer: str
    customer_name: str
    period: str | None
    start: Date
    end: Date
    billing_date: Date
    currency: str
    amount: Amount
    reason: str


class PastDue(TypedDict, total=False):
    name: str
    subscription: str
    customer: str
    customer_name: str
    status: str
    start_date: Date
    end_date: Date
    billing_date: Date
    due_date: Date
    days: int
    currency: str
    total: Amount
    outstanding: Amount
    sales_order: str | None
    sales_invoice: str | None


class Card(TypedDict):
    value: Amount
    fieldtype: str
    options: NotRequired[str]
    route: list[str]
    route_options: dict[str, str]


class Draft(TypedDict):
    periods: list[ComingPeriod]
    problem: str | None


class Document(TypedDict):
    doctype: str
    name: str


class Made(TypedDict):
    documents: list[Document]


class RunState(TypedDict, total=False):
    finished: bool
    message: str
    failed: int
    run: str
    action: str
    position: int
    total: int


class EarlierSubscription(TypedDict):
    name: str
    customer: str | None
    next_start: Date | None
    interval: str
    bill_at: str
    lines: str
    end_date: Date | None
    problem: str | None


class EarlierSubscriptions(TypedDict):
    platform: str | None
    rows: list[EarlierSubscription]


class TakenOver(TypedDict):
    made: list[dict[str, str]]
    failed: dict[str, str]
