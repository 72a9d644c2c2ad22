"""The numbers people look at, from the movements of revenue and the billing periods: for reports, cards and REST.

What each means is written in docs/en/numbers.md. Amounts of revenue are in the company's currency, or with a
chosen `currency` those of the subscriptions in it. Each is a few queries, however many subscriptions there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import flt, getdate, nowdate

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.metrics import Kind, Step, months, tidy
from subscription_plus.erp import customers

from . import periods, revenue
from .reading import Coming, Reading

Row = frappe._dict
MOVEMENT, PERIOD, SUBSCRIPTION = revenue.DOCTYPE, periods.DOCTYPE, "SP Subscription"
SUBJECTS = ("subscription", "customer")
AGES = ((1, 30), (31, 60), (61, 90), (91, None))
_CLOSED = ("Paid", "Nothing to Bill", "Void")
_UNDONE = ("To Order", "To Invoice", "Draft Invoice")


def today() -> dt.date:
    """The site's today."""
    return getdate(nowdate())


def _moves(company: str, currency: str | None) -> tuple[Any, Any, Any]:
    """The table, the condition and the amount that counts."""
    table = frappe.qb.DocType(MOVEMENT)
    if currency:
        return table, (table.company == company) & (table.currency == currency), table.amount
    return table, table.company == company, table.company_amount


def currency_of(company: str, currency: str | None = None) -> str:
    """The currency that amounts are in."""
    return currency or customers.company_currency(company)


def mrr(company: str, on: dt.date, currency: str | None = None) -> float:
    """The monthly recurring revenue on a day: the sum of all movements until then."""
    table, condition, amount = _moves(company, currency)
    rows = frappe.qb.from_(table).select(Sum(amount)).where(condition & (table.date <= on)).run()
    return flt(rows[0][0], 6)


def movements_by_month(
    company: str, since: dt.date, until: dt.date, currency: str | None = None
) -> list[Row]:
    """A row for each month: `opening`, one sum for each kind (`new`, `churn` …), `closing`, and `since`, `until`.

    opening + the five sums = closing, which is the next month's opening.
    """
    table, condition, amount = _moves(company, currency)
    sums = (
        frappe.qb.from_(table)
        .select(table.date, table.kind, Sum(amount).as_("amount"))
        .where(condition & (table.date >= since) & (table.date <= until))
        .groupby(table.date, table.kind)
        .run(as_dict=True)
    )
    opening, rows = mrr(company, since - DAY, currency), []
    for start, end in months(since, until):
        start, end = max(start, since), min(end, until)
        row = Row(month=start, since=start, until=end, opening=opening)
        row.update({kind.name.lower(): 0.0 for kind in Kind})
        for moved in sums:
            if start <= moved.date <= end:
                row[moved.kind.lower()] += flt(moved.amount)
        row.update({kind.name.lower(): flt(row[kind.name.lower()], 6) for kind in Kind})
        row.change = flt(sum(row[kind.name.lower()] for kind in Kind), 6)
        row.closing = opening = flt(row.opening + row.change, 6)
        rows.append(row)
    return rows


def movements(
    company: str,
    since: dt.date | None,
    until: dt.date,
    currency: str | None = None,
    kind: str | None = None,
) -> list[Row]:
    """The movements themselves, the oldest first; `amount` and `mrr` in the currency that is asked for."""
    table, condition, amount = _moves(company, currency)
    customer = frappe.qb.DocType("Customer")
    condition &= table.date <= until
    if since:
        condition &= table.date >= since
    if kind:
        condition &= table.kind == kind
    return (
        frappe.qb.from_(table)
        .left_join(customer)
        .on(customer.name == table.customer)
        .select(
            table.name,
            table.date,
            table.kind,
            table.subscription,
            table.customer,
            customer.customer_name,
            amount.as_("amount"),
            (table.mrr if currency else table.company_mrr).as_("mrr"),
        )
        .where(condition)
        .orderby(table.date, table.subscription)
        .run(as_dict=True)
    )


def courses(
    company: str, until: dt.date, currency: str | None = None, by: str = "customer"
) -> dict[str, list[Step]]:
    """The revenue over time of each customer, or of each subscription, up to a day."""
    if by not in SUBJECTS:
        frappe.throw(_("Count by subscription or by customer."))
    table, condition, amount = _moves(company, currency)
    rows = (
        frappe.qb.from_(table)
        .select(table[by], table.date, Sum(amount))
        .where(condition & (table.date <= until))
        .groupby(table[by], table.date)
        .orderby(table.date)
        .run()
    )
    found: dict[str, list[Step]] = defaultdict(list)
    current: dict[str, Decimal] = defaultdict(Decimal)
    for subject, day, moved in rows:
        current[subject] += Decimal(str(flt(moved, 6)))
        found[subject].append(Step(day, current[subject]))
    return {subject: tidy(steps) for subject, steps in found.items()}


def left_out(company: str, currency: str | None) -> str | None:
    """A sentence about subscriptions in currencies that the site has no rate for; None where there are none."""
    if currency:
        return None
    without = frappe.get_all(
        MOVEMENT, {"company": company, "rate": 0}, pluck="currency", distinct=True, order_by="currency"
    )
    if not without:
        return None
    return _(
        "Subscriptions in {0} count with 0: there is no exchange rate to {1}. Add a Currency Exchange, or choose the currency above."
    ).format(", ".join(without), customers.company_currency(company))


def coming(company: str, until: dt.date) -> tuple[list[Coming], list[tuple[str, str]]]:
    """What is to be billed up to a day, what is late included, by billing date; and the prices that are missing,
    as (subscription, sentence)."""
    reading = Reading.stored(due_until=until, company=company)
    found = [one for doc in reading.subscriptions for one in reading.coming(doc, until)]
    return sorted(found, key=lambda one: one.piece.bill_on), reading.missing


def due_and_not_billed(company: str) -> list[Row]:
    """What is due today and not invoiced: days without a period, and periods whose order or invoice is to come.

    `amount`: net before tax where nothing was made yet, else the document's total. In each one's own currency.
    """
    rows = []
    found, missing = coming(company, today())
    problems = dict(missing)
    for one in found:
        doc = one.subscription
        rows.append(
            Row(
                subscription=doc.name,
                customer=doc.customer,
                customer_name=doc.customer_name,
                period=None,
                start=one.piece.start,
                end=one.piece.end,
                billing_date=one.piece.bill_on,
                currency=doc.currency,
                amount=float(one.net),
                reason=_why(doc, problems),
            )
        )
    rows += [_undone(row) for row in _open_periods(company) if row.status in _UNDONE]
    return sorted(rows, key=lambda row: (row.billing_date, row.subscription))


def _why(doc: Any, problems: dict[str, str]) -> str:
    """What keeps a due period from being billed."""
    if doc.error_message or doc.name in problems:
        return doc.error_message or problems[doc.name]
    if doc.parked:
        return _("Parked")
    if doc.edit_window_until and doc.edit_window_until > frappe.utils.now_datetime():
        return _("Edited a short while ago")
    return _("The next run bills it")


def _undone(row: Row) -> Row:
    return Row(
        subscription=row.subscription,
        customer=row.customer,
        customer_name=row.customer_name,
        period=row.name,
        start=row.start_date,
        end=row.end_date,
        billing_date=row.billing_date,
        currency=row.currency,
        amount=flt(row.total),
        reason=row.error_message or _(row.status, context=PERIOD),
    )


def _open_periods(company: str) -> list[Row]:
    period, subscription = frappe.qb.DocType(PERIOD), frappe.qb.DocType(SUBSCRIPTION)
    fields = (
        "name",
        "subscription",
        "customer",
        "customer_name",
        "status",
        "start_date",
        "end_date",
        "billing_date",
        "due_date",
        "currency",
        "total",
        "outstanding",
        "sales_order",
        "sales_invoice",
        "mode_of_payment",
    )
    return (
        frappe.qb.from_(period)
        .inner_join(subscription)
        .on(subscription.name == period.subscription)
        .select(
            *((subscription if field == "mode_of_payment" else period)[field] for field in fields),
            subscription.error_message,
        )
        .where((period.company == company) & period.status.notin(_CLOSED))
        .orderby(period.billing_date, period.name)
        .run(as_dict=True)
    )


def past_due(company: str) -> list[Row]:
    """Periods whose money should have come by today, the oldest first: with `days` past due and `age`, the
    number of the bracket in AGES. In each one's own currency."""
    day, rows = today(), []
    for row in _open_periods(company):
        if periods.is_overdue(row, day):
            row.days = (day - row.due_date).days
            row.age = next(
                number for number, (_first, last) in enumerate(AGES) if last is None or row.days <= last
            )
            rows.append(row)
    return sorted(rows, key=lambda row: (row.due_date, row.name))


def sums_by_currency(rows: Iterable[Row], field: str) -> dict[str, float]:
    """{currency: sum of a field}"""
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row.currency] += flt(row[field])
    return {currency: flt(amount, 6) for currency, amount in sums.items()}
