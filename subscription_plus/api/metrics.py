"""The numbers over REST, and the number cards of the desk. What each means: docs/en/numbers.md."""

import datetime as dt
from typing import Any

import frappe
from frappe.utils import cint, flt

from subscription_plus.engine.metrics import arr, cohorts, loss, together
from subscription_plus.erp import exchange
from subscription_plus.sp_billing import forecasting, numbers, reporting
from subscription_plus.sp_booking import reporting as bookings

from .answers import Card, Cohort, Forecast, Loss, PastDue, Revenue, RevenueMonth, Unbilled
from .reading import Day, day, json_of


def _allowed(company: str | None) -> str:
    """The company, after the caller's right to report on subscriptions and to read the company was checked."""
    frappe.has_permission("SP Subscription", "report", throw=True)
    return reporting.readable_company(company)


def _days(since: Day | None, until: Day | None) -> tuple[dt.date, dt.date]:
    asked = reporting.days({"since": day(since), "until": day(until)})
    return asked.since, asked.until


@frappe.whitelist(methods=["GET"])
def overview(company: str | None = None, on: Day | None = None, currency: str | None = None) -> Revenue:
    """{company, currency, on, mrr, arr, subscriptions, customers} on a day (today by default): monthly and yearly
    recurring revenue, and how many bring it."""
    company = _allowed(company)
    on_day = day(on) or numbers.today()
    found = {by: numbers.courses(company, on_day, currency, by) for by in numbers.SUBJECTS}
    mrr = together(found["customer"].values())
    amount = mrr[-1].mrr if mrr else 0
    return {
        "company": company,
        "currency": numbers.currency_of(company, currency),
        "on": on_day,
        "mrr": float(amount),
        "arr": float(arr(amount)),
        "subscriptions": sum(steps[-1].mrr > 0 for steps in found["subscription"].values() if steps),
        "customers": sum(steps[-1].mrr > 0 for steps in found["customer"].values() if steps),
    }


@frappe.whitelist(methods=["GET"])
def movements(
    company: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
    currency: str | None = None,
) -> list[RevenueMonth]:
    """[{since, until, opening, new, expansion, reactivation, contraction, churn, change, closing}] by month; the
    last twelve months by default."""
    company = _allowed(company)
    return numbers.movements_by_month(company, *_days(since, until), currency)


@frappe.whitelist(methods=["GET"])
def churn(
    company: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
    currency: str | None = None,
    by: str = "customer",
) -> Loss:
    """{count, lost, rate, mrr, lost_mrr, mrr_rate, retention} between two days, of those that were there at the
    start; rates as parts of 1. `by`: customer or subscription."""
    company = _allowed(company)
    first, last = _days(since, until)
    lost = loss(numbers.courses(company, last, currency, by).values(), first, last)
    return {
        "since": first,
        "until": last,
        "count": lost.count,
        "lost": lost.lost,
        "rate": float(lost.rate),
        "mrr": float(lost.mrr),
        "lost_mrr": float(lost.lost_mrr),
        "mrr_rate": float(lost.mrr_rate),
        "retention": float(lost.retention),
    }


@frappe.whitelist(methods=["GET"])
def cohort_table(
    company: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
    currency: str | None = None,
    by: str = "customer",
) -> list[Cohort]:
    """[{month, count, begun, kept: [], mrr: []}] of those that began in the same month; `kept` and `mrr` at the end
    of that month and of each month after it."""
    company = _allowed(company)
    first, last = _days(since, until)
    return [
        {
            "month": cohort.month,
            "count": cohort.count,
            "begun": float(cohort.begun),
            "kept": list(cohort.kept),
            "mrr": [float(amount) for amount in cohort.mrr],
        }
        for cohort in cohorts(numbers.courses(company, last, currency, by).values(), first, last)
    ]


@frappe.whitelist(methods=["GET"])
def forecast(company: str | None = None, months: int = 12, currency: str | None = None) -> Forecast:
    """{currency, months: [{month, periods, amount}], remarks}: what will be billed, net before tax."""
    company = _allowed(company)
    found = forecasting.forecast(company, cint(months), currency)
    return {"currency": found.currency, "months": found.by_month(), "remarks": found.remarks()}


@frappe.whitelist(methods=["GET"])
def due_and_not_billed(company: str | None = None) -> list[Unbilled]:
    """[{subscription, customer, period, start, end, billing_date, currency, amount, reason}] that has no invoice yet."""
    return numbers.due_and_not_billed(_allowed(company))


@frappe.whitelist(methods=["GET"])
def past_due(company: str | None = None) -> list[PastDue]:
    """The periods whose money should have come: [{name, subscription, customer, due_date, days, currency,
    outstanding, sales_order, sales_invoice}]."""
    return numbers.past_due(_allowed(company))


# The cards of the workspace: a value, how it is shown, and where a click leads.


def _card(filters: Any) -> str:
    given = json_of(filters)
    return _allowed(given.get("company") if isinstance(given, dict) else None)


def _amount(value: float, report: str, company: str) -> Card:
    return {
        "value": value,
        "fieldtype": "Currency",
        "options": "Company:company:default_currency",
        "route": ["query-report", report],
        "route_options": {"company": company},
    }


def _together(company: str, sums: dict[str, float]) -> float:
    """Amounts of several currencies in the company's, at today's stored rates."""
    own, today = numbers.currency_of(company), numbers.today()
    return flt(sum(amount * float(exchange.rate(code, own, today) or 0) for code, amount in sums.items()), 2)


@frappe.whitelist(methods=["GET", "POST"])
def card_mrr(filters: Any = None) -> Card:
    """Monthly recurring revenue today."""
    company = _card(filters)
    return _amount(flt(numbers.mrr(company, numbers.today()), 2), "MRR Movements", company)


@frappe.whitelist(methods=["GET", "POST"])
def card_active(filters: Any = None) -> Card:
    """Active subscriptions."""
    company = _card(filters)
    wanted = {"company": company, "status": "Active"}
    return {
        "value": frappe.db.count("SP Subscription", wanted),
        "fieldtype": "Int",
        "route": ["List", "SP Subscription"],
        "route_options": wanted,
    }


@frappe.whitelist(methods=["GET", "POST"])
def card_past_due(filters: Any = None) -> Card:
    """What should have been paid by today."""
    company = _card(filters)
    sums = numbers.sums_by_currency(numbers.past_due(company), "outstanding")
    return _amount(_together(company, sums), "Past Due by Age", company)


@frappe.whitelist(methods=["GET", "POST"])
def card_due_and_not_billed(filters: Any = None) -> Card:
    """What is due today and has no invoice yet."""
    company = _card(filters)
    sums = numbers.sums_by_currency(numbers.due_and_not_billed(company), "amount")
    return _amount(_together(company, sums), "Due and Not Billed", company)


@frappe.whitelist(methods=["GET", "POST"])
def card_credits(filters: Any = None) -> Card:
    """Booking credits that customers have not used yet, at their value."""
    company = _card(filters)
    frappe.has_permission("SP Booking Credit", "report", throw=True)
    owed = sum(flt(row.amount) for row in bookings.liability(frappe._dict()))
    return {**_amount(flt(owed, 2), "Booking Credit Liability", company), "route_options": {}}
