"""Runs what hooks' `scheduler_events` name, when it is due by the site's clock."""

import frappe
from frappe.utils import get_datetime, now_datetime

_FREQUENCIES = {
    "all": "All",
    "hourly": "Hourly",
    "hourly_long": "Hourly Long",
    "hourly_maintenance": "Hourly",
    "daily": "Daily",
    "daily_long": "Daily Long",
    "daily_maintenance": "Daily",
    "weekly": "Weekly",
    "weekly_long": "Weekly Long",
    "monthly": "Monthly",
    "monthly_long": "Monthly Long",
    "yearly": "Yearly",
}
_CRON = {
    "all": "*/4 * * * *",
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "weekly": "0 0 * * 0",
    "monthly": "0 0 1 * *",
    "yearly": "0 0 1 1 *",
}


def events() -> list[tuple[str, str, str]]:
    """(event kind, cron form, dotted method) of every scheduled method."""
    found = []
    for kind, methods in frappe.get_hooks("scheduler_events", {}).items():
        if kind == "cron":
            for expression, listed in methods.items():
                found += [("cron", expression, method) for method in listed]
        else:
            if kind not in _FREQUENCIES:
                raise frappe.ValidationError(f"scheduler_events has no kind {kind}")
            expression = _CRON[kind.partition("_")[0]]
            found += [(kind, expression, method) for method in methods]
    return found


def run_event(kind: str) -> int:
    """Runs every method of one kind now (`hourly_long`, `daily`, …); answers how many there were."""
    methods = [method for event, _expression, method in events() if event == kind]
    for method in methods:
        _run(method)
    return len(methods)


def run_due() -> list[str]:
    """Runs every method whose time has come since it last ran; answers their names."""
    from croniter import croniter

    ran = []
    for kind, expression, method in events():
        job = _job_type(kind, expression, method)
        due = croniter(expression, get_datetime(job.last_execution or job.creation)).get_next(
            type(now_datetime())
        )
        if due <= now_datetime() and not job.stopped:
            frappe.db.set_value("Scheduled Job Type", job.name, "last_execution", now_datetime())
            frappe.db.commit()
            _run(method)
            ran.append(method)
    return ran


def _run(method: str) -> None:
    """As a job, so that one that fails stops nothing."""
    queue = "long" if method.endswith("_long") else "default"
    frappe.enqueue(method, queue=queue, job_id=f"scheduled::{method}", deduplicate=True)


def _job_type(kind: str, expression: str, method: str):
    name = ".".join(method.split(".")[-2:])
    if not frappe.db.exists("Scheduled Job Type", name):
        values = {"doctype": "Scheduled Job Type", "method": method, "cron_format": expression}
        values["frequency"] = _FREQUENCIES.get(kind, "Cron")
        frappe.get_doc(values).insert(ignore_permissions=True, set_name=name)
        frappe.db.commit()
    return frappe.get_doc("Scheduled Job Type", name)


def is_scheduler_disabled(verbose: bool = True) -> bool:
    return not frappe.get_system_settings("enable_scheduler")
