"""Dates, numbers and money in words people read, by their language; for pages and their templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from babel import Locale, UnknownLocaleError, dates, numbers
from frappe.utils import flt, get_datetime, getdate


def locale() -> Locale:
    """The reader's locale; English where Babel does not know the language."""
    try:
        return Locale.parse((frappe.local.lang or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def day(value: Any, form: str = "long") -> str:
    """31 March 2026, 31 mars 2026. `form`: Babel's short, medium, long, full, or a skeleton like MMMd."""
    if not value:
        return ""
    date = getdate(value)
    if form in ("short", "medium", "long", "full"):
        return dates.format_date(date, form, locale=_dated())
    return dates.format_skeleton(form, date, locale=_dated())


def day_name(value: Any) -> str:
    """Monday, lundi."""
    return dates.format_date(getdate(value), "EEEE", locale=_dated())


def time(value: Any) -> str:
    """14:30, or as the reader's language writes it."""
    return dates.format_time(get_datetime(value), "short", locale=_dated()) if value else ""


def moment(value: Any) -> str:
    """A day and a time."""
    return f"{day(value, 'medium')}, {time(value)}" if value else ""


def span(start: Any, end: Any) -> str:
    """When a booking is: one day with two times, or two moments."""
    first, last = get_datetime(start), get_datetime(end)
    if first.date() == last.date() or ((last - first) <= dt.timedelta(days=1) and last.time() == dt.time()):
        return f"{day(first, 'full')}, {time(first)}–{time(last)}"
    return f"{moment(first)} – {moment(last)}"


def money(amount: Any, currency: str | None = None) -> str:
    """€30.00, 30,00 €. Without a currency: a plain number with two decimals."""
    if not currency:
        return numbers.format_decimal(flt(amount), "#,##0.00", locale=locale())
    return numbers.format_currency(flt(amount), currency, locale=locale())


def number(value: Any) -> str:
    """2, 1.5, 1 200: no zeros that say nothing."""
    return numbers.format_decimal(flt(value), locale=locale())


def _dated() -> Locale:
    """Plain English writes the day first, as most of the world does, unless the reader chose en-US."""
    found = locale()
    return Locale("en", "GB") if found.language == "en" and not found.territory else found
