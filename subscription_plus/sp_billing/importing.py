"""Takes over subscriptions that ERPNext or Dokos has billed: the next billing date is kept, a dry run comes first."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, getdate, strip_html

from subscription_plus.erp import earlier_subscriptions as earlier
from subscription_plus.erp.earlier_subscriptions import Earlier

from . import events
from .transactions import in_own_transaction


def offer() -> dict[str, Any]:
    """{platform, rows}: what a dry run finds. Each row says what would be made, or the problem."""
    return {"platform": earlier.platform(), "rows": [_row(_read(name)) for name in earlier.names()]}


def take_over(names: list[str]) -> dict[str, Any]:
    """Make a subscription of each, and stop the earlier one with it; {made: [{from, name}], failed: {name: why}}.

    Each in a transaction of its own. One that was taken over before is left.
    """
    made, failed = [], {}
    for name in names:
        try:
            made.append({"from": name, "name": in_own_transaction(lambda name=name: _take_over(name))})
        except Exception as error:
            frappe.db.rollback()
            frappe.clear_messages()
            failed[name] = strip_html(cstr(error)) or type(error).__name__
    return {"made": made, "failed": failed}


def _read(name: str) -> Earlier:
    taken = frappe.db.get_value("SP Subscription", {"imported_from": name}, "name")
    if taken:
        return Earlier(name, problem=_("It was taken over as {0}.").format(taken))
    found = earlier.read(name)
    if not found.problem and not found.lines:
        return Earlier(name, customer=found.customer, problem=_("It has no line."))
    if not found.problem and found.end_date and found.next_start and found.end_date < found.next_start:
        return Earlier(name, customer=found.customer, problem=_("All until its end is billed."))
    return found


def _row(found: Earlier) -> dict[str, Any]:
    return {
        "name": found.name,
        "customer": found.customer,
        "next_start": found.next_start,
        "interval": f"{found.count} {_(found.unit, context='SP Recurrence Period')}",
        "bill_at": _(found.bill_at, context="SP Recurrence Period"),
        "lines": ", ".join(f"{line['item']} × {line['qty']:g}" for line in found.lines),
        "end_date": found.end_date,
        "problem": found.problem,
    }


def _take_over(name: str) -> str:
    frappe.has_permission("SP Subscription", "create", throw=True)
    frappe.has_permission(earlier.DOCTYPE, "write", doc=name, throw=True)
    frappe.db.get_value(earlier.DOCTYPE, name, "name", for_update=True)
    found = _read(name)
    if found.problem:
        frappe.throw(found.problem)
    doc = frappe.get_doc(
        {
            "doctype": "SP Subscription",
            "customer": found.customer,
            "company": found.company,
            "currency": found.currency,
            "start_date": _start(found),
            "trial_until": found.trial_until,
            "end_date": found.end_date,
            "recurrence_period": _recurrence(found),
            "imported_from": name,
            "lines": [{key: value for key, value in line.items() if value} for line in found.lines],
            **{key: value for key, value in found.terms.items() if value},
        }
    )
    doc.insert()
    earlier.stop(name)
    message = json.dumps({"from": name, "next": cstr(found.next_start)})
    events.record(doc.name, "Imported", message)
    return doc.name


def _start(found: Earlier) -> Any:
    """The day its first period here begins is the day the next one would have begun there."""
    return min(filter(None, (found.next_start, getdate() if found.trial_until else None)))


def _recurrence(found: Earlier) -> str:
    """A recurrence period that bills as the earlier one did, made where there is none."""
    values = {
        "unit": found.unit,
        "interval_count": found.count,
        "bill_at": found.bill_at,
        "days_before": found.days_before if found.bill_at == "Days Before Start" else 0,
        "billing_day": 0,
        "make_sales_order": int(found.make_order),
        "make_payment_request": int(found.make_request),
        "invoice_before_payment": 1,
        "submit_invoice": int(found.submit_invoice),
        "days_until_due": found.days_until_due,
        "disabled": 0,
    }
    existing = frappe.db.get_value("SP Recurrence Period", values, "name")
    if existing:
        return existing
    title = _("{0} {1}, taken over").format(found.count, _(found.unit, context="SP Recurrence Period"))
    number = frappe.db.count("SP Recurrence Period", {"title": ("like", f"{title}%")})
    values["title"] = f"{title} {number + 1}" if number else title
    doc = frappe.get_doc({"doctype": "SP Recurrence Period", **values})
    # Whoever may make subscriptions may take over their rhythm; the record is the earlier one's, not a choice.
    doc.flags.ignore_permissions = True
    return doc.insert().name
