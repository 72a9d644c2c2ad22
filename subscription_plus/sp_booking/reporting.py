"""What the reports on credits and bookings show: sums of the ledger, values, occupancy."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import add_days, cint, flt, getdate, nowdate

from subscription_plus.sp_billing.reporting import (  # noqa: F401, the reports use them
    bars,
    column,
    lines,
    link,
)

from . import availability, ledger

Row = frappe._dict
Filters = frappe._dict


def _end(filters: Filters) -> dt.datetime:
    """The moment after the filter's last day."""
    return dt.datetime.combine(getdate(add_days(filters.get("until") or nowdate(), 1)), dt.time())


def balances(filters: Filters) -> list[Row]:
    """The ledger's sums by customer and type at the end of a day."""
    entry, customer = frappe.qb.DocType(ledger.ENTRY), frappe.qb.DocType("Customer")
    query = (
        frappe.qb.from_(entry)
        .left_join(customer)
        .on(customer.name == entry.customer)
        .select(entry.customer, customer.customer_name, entry.credit_type, Sum(entry.credits).as_("credits"))
        .where(entry["at"] < _end(filters))
        .groupby(entry.customer, customer.customer_name, entry.credit_type)
        .orderby(customer.customer_name, entry.credit_type)
    )
    return _filtered(query, entry, filters).run(as_dict=True)


def liability(filters: Filters) -> list[Row]:
    """What was outstanding at the end of a day, at each grant's value."""
    entry, grant = frappe.qb.DocType(ledger.ENTRY), frappe.qb.DocType(ledger.GRANT)
    query = (
        frappe.qb.from_(entry)
        .inner_join(grant)
        .on(grant.name == entry.booking_credit)
        .select(
            grant.customer,
            grant.customer_name,
            grant.credit_type,
            grant.origin,
            Sum(entry.credits).as_("credits"),
            Sum(entry.credits * grant.unit_value).as_("amount"),
        )
        .where(entry["at"] < _end(filters))
        .groupby(grant.customer, grant.customer_name, grant.credit_type, grant.origin)
        .orderby(grant.customer_name, grant.credit_type, grant.origin)
    )
    return [row for row in _filtered(query, entry, filters).run(as_dict=True) if row.credits]


def movements(filters: Filters) -> list[Row]:
    """The ledger's rows between two days, with the balance that each leaves."""
    end, since = _end(filters), getdate(filters.get("since") or "2000-01-01")
    before = Filters(filters | {"until": add_days(since, -1)})
    running = {(row.customer, row.credit_type): cint(row.credits) for row in balances(before)}
    rows = frappe.get_all(
        ledger.ENTRY,
        filters=[["at", ">=", since], ["at", "<", end]]
        + [[key, "=", filters[key]] for key in ("customer", "credit_type") if filters.get(key)],
        fields=["at", "customer", "credit_type", "kind", "credits", "booking_credit", "booking", "message"],
        order_by="at, creation, name",
    )
    for row in rows:
        key = (row.customer, row.credit_type)
        running[key] = row.balance = running.get(key, 0) + cint(row.credits)
    return rows


def _filtered(query, entry, filters: Filters):
    for field in ("customer", "credit_type"):
        if filters.get(field):
            query = query.where(entry[field] == filters[field])
    return query


def occupancy(filters: Filters) -> list[Row]:
    """Hours open and hours taken by item and week; what is taken outside of opening hours does not count."""
    since = getdate(filters.get("since") or add_days(nowdate(), -56))
    last = getdate(filters.get("until") or nowdate())
    wanted = {"sp_bookable": 1, **({"name": filters["item"]} if filters.get("item") else {})}
    found = availability.places(frappe.get_all("Item", filters=wanted, pluck="name"))
    if not found:
        return []
    start, end = dt.datetime.combine(since, dt.time()), dt.datetime.combine(last, dt.time(23, 59, 59))
    taken, rows = availability.taken(found, start, end), []
    for item, place in sorted(found.items()):
        monday = since - dt.timedelta(days=since.weekday())
        while monday <= last:
            first, until = max(monday, since), min(monday + dt.timedelta(days=6), last)
            openings = place.calendar.openings(first, until)
            hours = sum(_hours(one.start, one.end) for one in openings) * place.house.places
            used = sum(
                _hours(max(one.start, span.start), min(one.end, span.end)) * span.places
                for one in openings
                for span in taken[item]
            )
            rows.append(
                Row(
                    item=item,
                    week=monday,
                    open_hours=hours,
                    taken_hours=used,
                    percent=flt(100 * used / hours, 1) if hours else 0,
                )
            )
            monday += dt.timedelta(days=7)
    return rows


def _hours(start: dt.datetime, end: dt.datetime) -> float:
    return max((end - start).total_seconds(), 0) / 3600
