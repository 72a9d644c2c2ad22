"""What is kept of those that began in the same month: how many, and how much they bring."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import cint, flt, getdate

from subscription_plus.engine.metrics import Cohort, Step, cohorts, month_after, mrr_on
from subscription_plus.sp_billing import numbers, reporting


def execute(filters: dict[str, Any] | None = None):
    """Columns, rows, message, chart."""
    asked = reporting.asked(filters)
    asked.by = (asked.by or "Customer").lower()
    found = numbers.courses(asked.company, asked.until, asked.currency, asked.by)
    return _details(asked, found) if asked.details else _table(asked, found)


def _table(asked: reporting.Filters, found: dict[str, list[Step]]):
    show = asked.show or "Number in Percent"
    rows, all_cohorts = [], cohorts(found.values(), asked.since, asked.until)
    for cohort in all_cohorts:
        row = reporting.Row(
            label=reporting.month(cohort.month),
            count=cohort.count,
            mrr=float(cohort.begun),
            currency=asked.shown_currency,
            drill={"count": {"details": 1, "cohort": str(cohort.month), "after": 0}},
        )
        for number, value in enumerate(_values(cohort, show)):
            row[f"m{number}"] = value
            row.drill[f"m{number}"] = {"details": 1, "cohort": str(cohort.month), "after": number}
        rows.append(row)
    longest = max((len(cohort.kept) for cohort in all_cohorts), default=0)
    fieldtype = {"Number": "Int", "Revenue": "Currency"}.get(show, "Percent")
    options = {"options": "currency"} if show == "Revenue" else {"precision": 1}
    columns = [
        reporting.column("label", _("Began In"), "Data", 130),
        reporting.column("count", _("Began"), "Int", 120),
        reporting.money("mrr", _("First Revenue"), 130),
        *(
            reporting.column(f"m{number}", _("Month {0}").format(number), fieldtype, 95, **options)
            for number in range(longest)
        ),
    ]
    message = numbers.left_out(asked.company, asked.currency)
    return columns, rows, message, _chart(all_cohorts, longest)


def _values(cohort: Cohort, show: str) -> list[float]:
    if show == "Number":
        return list(cohort.kept)
    if show == "Revenue":
        return [float(amount) for amount in cohort.mrr]
    if show == "Revenue in Percent":
        return [flt(100 * amount / cohort.begun, 1) for amount in cohort.mrr]
    return [flt(100 * kept / cohort.count, 1) for kept in cohort.kept]


def _chart(found: list[Cohort], longest: int) -> dict[str, Any] | None:
    """What is kept of all cohorts together, so many months after they began; younger ones count as far as they go."""
    if not found:
        return None
    kept, mrr = [], []
    for number in range(longest):
        old = [cohort for cohort in found if len(cohort.kept) > number]
        kept.append(
            flt(100 * sum(cohort.kept[number] for cohort in old) / sum(cohort.count for cohort in old), 1)
        )
        mrr.append(
            flt(100 * sum(cohort.mrr[number] for cohort in old) / sum(cohort.begun for cohort in old), 1)
        )
    datasets = [
        {"name": _("Number"), "values": kept},
        {"name": _("Revenue"), "values": mrr},
    ]
    labels = [_("Month {0}").format(number) for number in range(longest)]
    colours = [reporting.BLUE, reporting.GREEN]
    return {
        "data": {"labels": labels, "datasets": datasets},
        "type": reporting.line(longest),
        "colors": colours,
        **reporting.SPARSE,
    }


def _details(asked: reporting.Filters, found: dict[str, list[Step]]):
    first = getdate(asked.cohort or asked.since).replace(day=1)
    on = min(month_after(first, cint(asked.after)), asked.until)
    rows = [
        reporting.Row(
            subject=subject,
            began=steps[0].on,
            mrr=float(steps[0].mrr),
            now=float(mrr_on(steps, on)),
            currency=asked.shown_currency,
        )
        for subject, steps in sorted(found.items())
        if steps and steps[0].on.replace(day=1) == first
    ]
    doctype = "Customer" if asked.by == "customer" else "SP Subscription"
    columns = [
        reporting.link(
            "subject", _("Customer") if asked.by == "customer" else _("Subscription"), doctype, 220
        ),
        reporting.column("began", _("Began On"), "Date"),
        reporting.money("mrr", _("First Revenue"), 130),
        reporting.money("now", _("Revenue {0} Months Later").format(cint(asked.after)), 210),
    ]
    return columns, rows, numbers.left_out(asked.company, asked.currency), None
