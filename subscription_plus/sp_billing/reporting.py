"""What all reports of the app are made of: columns, charts, the company and the days that are asked for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_months, flt, formatdate, get_first_day, getdate, nowdate

from . import numbers

Row = frappe._dict
Filters = frappe._dict
Columns = list[dict[str, Any]]
# Where there is little room, fewer labels instead of shortened ones.
SPARSE = {"axisOptions": {"xIsSeries": 1}}
BLUE, GREEN, RED = "#2490ef", "#48bb74", "#e24c4c"


def column(fieldname: str, label: str, fieldtype: str, width: int = 120, **more: Any) -> dict[str, Any]:
    """A report's column."""
    return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}


def link(fieldname: str, label: str, doctype: str, width: int = 120) -> dict[str, Any]:
    """A column that leads to documents."""
    return column(fieldname, label, "Link", width, options=doctype)


def money(fieldname: str, label: str, width: int = 120) -> dict[str, Any]:
    """A column of amounts in the row's `currency`."""
    return column(fieldname, label, "Currency", width, options="currency")


def percent(fieldname: str, label: str, width: int = 120) -> dict[str, Any]:
    """A column of percentages, to a tenth."""
    return column(fieldname, label, "Percent", width, precision=1)


def bars(rows: Iterable[Row], by: str, value: str, label: str) -> dict[str, Any] | None:
    """A chart of a value's sums."""
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row[by]] += flt(row[value])
    if not sums:
        return None
    return {
        "data": {"labels": list(sums), "datasets": [{"name": label, "values": list(sums.values())}]},
        "type": "bar",
        "colors": [BLUE],
    }


def lines(rows: list[Row], along: str, by: str, value: str) -> dict[str, Any] | None:
    """A chart of a value's course, one line for each of up to ten."""
    points = sorted({row[along] for row in rows})
    names = list(dict.fromkeys(row[by] for row in rows))[:10]
    known = {(row[by], row[along]): row[value] for row in rows}
    if not points:
        return None
    return {
        "data": {
            "labels": [str(point) for point in points],
            "datasets": [
                {"name": name, "values": [known.get((name, point), 0) for point in points]} for name in names
            ],
        },
        "type": line(len(points)),
    }


def line(points: int) -> str:
    """How a course is drawn: one point is no line, and Frappe's charts stumble over it."""
    return "line" if points > 1 else "bar"


def chart(
    rows: list[Row], along: str, values: dict[str, str], kind: str = "bar", **more: Any
) -> dict[str, Any] | None:
    """A chart of several values ({fieldname: label}) of the same rows."""
    if not rows:
        return None
    datasets = [
        {"name": label, "values": [flt(row[field]) for row in rows]} for field, label in values.items()
    ]
    return {
        "data": {"labels": [row[along] for row in rows], "datasets": datasets},
        "type": line(len(rows)) if kind == "line" else kind,
        **SPARSE,
        **more,
    }


def month(day: dt.date) -> str:
    """A month as people read it."""
    return formatdate(day, "MMM yyyy")


def asked(filters: dict[str, Any] | None) -> Filters:
    """The filters with a company that the caller may read, its currency, and days: a year back by default."""
    found = days(filters)
    found.company = readable_company(found.company)
    found.shown_currency = numbers.currency_of(found.company, found.currency)
    return found


def days(filters: dict[str, Any] | None) -> Filters:
    """The filters with `since` and `until`: today, and the first day of the month eleven months before it."""
    found = frappe._dict(filters or {})
    found.until = getdate(found.until) if found.until else getdate(nowdate())
    found.since = (
        getdate(found.since) if found.since else getdate(get_first_day(add_months(found.until, -11)))
    )
    if found.since > found.until:
        frappe.throw(_("The first day lies after the last one."))
    return found


def readable_company(company: str | None = None) -> str:
    """The company, by default the caller's own; refused where the caller may not read it."""
    company = company or frappe.defaults.get_user_default("Company")
    if not company:
        frappe.throw(_("Choose a company."))
    if not frappe.db.exists("Company", company):
        frappe.throw(_("Company {0} does not exist.").format(company), frappe.DoesNotExistError)
    frappe.has_permission("Company", doc=company, throw=True)
    return company


def summary(label: str, value: float, currency: str, colour: str = "Blue") -> dict[str, Any]:
    """An amount above a report."""
    return {
        "label": label,
        "value": value,
        "datatype": "Currency",
        "currency": currency,
        "indicator": colour,
    }
