"""One verb over many subscriptions, as a background job: each in a transaction of its own, failures listed at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt, get_link_to_form, getdate, now_datetime, strip_html

from . import breaks, cancellation, changes, pipeline, repair
from .transactions import in_own_transaction

MOST = 5000
FAILURES_TOLD = 50
_PROGRESS = "sp_bulk_progress:"


def start(action: str, names: list[str], values: dict[str, Any] | None = None) -> str:
    """Hand the work to the queue, in the caller's name; the log that tells how it goes (an SP Billing Run)."""
    if action not in VERBS:
        frappe.throw(_("{0} cannot be done for many at once.").format(action))
    frappe.has_permission("SP Subscription", "write", throw=True)  # and to each of them, when its turn comes
    names = list(dict.fromkeys(map(cstr, names)))
    if not names:
        frappe.throw(_("Choose at least one subscription."))
    if len(names) > MOST:
        frappe.throw(_("At most {0} subscriptions at once.").format(MOST))
    run = frappe.get_doc(
        {
            "doctype": "SP Billing Run",
            "action": action,
            "run_by": frappe.session.user,
            "started_at": now_datetime(),
        }
    )
    run.flags.ignore_permissions = True  # a log: nobody may write it by hand
    run.insert()
    frappe.enqueue(
        "subscription_plus.sp_billing.bulk.work_off",
        queue="long",
        timeout=3600,
        enqueue_after_commit=True,
        action=action,
        names=names,
        values=values or {},
        run=run.name,
    )
    return run.name


def state(run: str) -> dict[str, Any]:
    """Of a run of the caller's own, for pages that hear of nothing by themselves: {finished, message, failed, run},
    or while it goes on {finished, action, position, total}."""
    row = frappe.db.get_value(
        "SP Billing Run",
        run,
        ["run_by", "finished_at", "action", "looked_at", "failed", "failures"],
        as_dict=True,
    )
    if not row or row.run_by != frappe.session.user:
        frappe.throw(_("This run is not yours."), frappe.PermissionError)
    if not row.finished_at:
        return {"finished": False, **(frappe.cache.get_value(_PROGRESS + run, expires=True) or {})}
    failed = dict(line.split(": ", 1) for line in (row.failures or "").splitlines() if ": " in line)
    return {"finished": True, **_result(row.action, row.looked_at, row.failed, failed, run)}


def work_off(action: str, names: list[str], values: dict[str, Any], run: str) -> None:
    """The job. One that fails stops nothing; the person is told of each."""
    began, failed, documents = time.monotonic(), {}, 0
    for position, name in enumerate(names, 1):
        try:
            documents += _one(action, name, values)
        except Exception as error:
            frappe.db.rollback()
            failed[name] = _in_words(name, error)
        frappe.clear_messages()
        _tell_progress(run, action, position, len(names))
    frappe.db.set_value(
        "SP Billing Run",
        run,
        {
            "finished_at": now_datetime(),
            "seconds": time.monotonic() - began,
            "looked_at": len(names),
            "billed": len(names) - len(failed) if action == "Update Now" else 0,
            "documents": documents,
            "failed": len(failed),
            "failures": "\n".join(f"{name}: {' '.join(said.split())}" for name, said in failed.items())[
                :60000
            ],
        },
    )
    frappe.db.commit()
    told = _result(action, len(names), len(failed), failed, run)
    frappe.publish_realtime("sp_bulk_done", told, user=frappe.session.user)


def _one(action: str, name: str, values: dict[str, Any]) -> int:
    """Do it to one subscription, commit it; how many documents were made."""
    frappe.get_doc("SP Subscription", name).check_permission("write")
    return VERBS[action](name, values)


def _update_now(name: str, _values: dict[str, Any]) -> int:
    in_own_transaction(lambda: repair.take_up(name))
    outcome = pipeline.advance(name)
    if outcome.error:
        raise frappe.ValidationError(outcome.error)
    return len(outcome.documents)


def _pause(name: str, values: dict[str, Any]) -> int:
    in_own_transaction(
        lambda: breaks.pause(
            name,
            _date(values.get("from_date")),
            _date(values.get("until")),
            bool(cint(values.get("new_anchor"))),
        )
    )
    return 0


def _cancel(name: str, values: dict[str, Any]) -> int:
    prorate = values.get("prorate")
    in_own_transaction(
        lambda: cancellation.cancel(
            name,
            values.get("at") or cancellation.PERIOD_END,
            _date(values.get("date")),
            values.get("reason"),
            None if prorate is None else bool(cint(prorate)),
            bool(cint(values.get("credit_unused_days"))),
        )
    )
    return 0


def _change_price(name: str, values: dict[str, Any]) -> int:
    by_percent = values.get("percentage") not in (None, "", 0, "0")
    in_own_transaction(
        lambda: changes.change_price(
            name,
            values.get("item") or None,
            None if by_percent else flt(values.get("rate")),
            flt(values["percentage"]) if by_percent else None,
        )
    )
    return 0


VERBS: dict[str, Callable[[str, dict[str, Any]], int]] = {
    "Update Now": _update_now,
    "Pause": _pause,
    "Cancel": _cancel,
    "Change Price": _change_price,
}


def _date(value: Any):
    return getdate(value) if value else None


def _in_words(name: str, error: Exception) -> str:
    said = strip_html(cstr(error)).strip()
    if isinstance(error, frappe.ValidationError | frappe.PermissionError) and said:
        return said
    frappe.log_error(
        title=f"Bulk action on {name} failed",
        reference_doctype="SP Subscription",
        reference_name=name,
    )
    frappe.db.commit()
    return said or type(error).__name__


def _tell_progress(run: str, action: str, position: int, total: int) -> None:
    if position == total or position % max(1, total // 50) == 0:
        progress = {"action": action, "position": position, "total": total}
        frappe.cache.set_value(_PROGRESS + run, progress, expires_in_sec=3600)
        frappe.publish_realtime("sp_bulk_progress", progress, user=frappe.session.user)


def _result(action: str, total: int, count: int, failed: dict[str, str], run: str) -> dict[str, Any]:
    """What is told at the end: {message, failed, run}; each failure by name, with its reason."""
    done = _("{0}: done for {1} of {2} subscriptions.").format(
        _(action, context="SP Billing Run"), total - count, total
    )
    listed = list(failed.items())
    rows = "".join(
        f"<li>{get_link_to_form('SP Subscription', name)}: {escape_html(said)}</li>"
        for name, said in listed[:FAILURES_TOLD]
    )
    more = count - len(listed[:FAILURES_TOLD])
    if more > 0:
        rows += (
            "<li>" + _("and {0} more, in {1}").format(more, get_link_to_form("SP Billing Run", run)) + "</li>"
        )
    return {"message": done + (f"<ul>{rows}</ul>" if rows else ""), "failed": count, "run": run}
