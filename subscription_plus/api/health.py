"""Whether billing runs, for monitors and for people."""

from typing import Any

import frappe

from subscription_plus.sp_billing import health


@frappe.whitelist(methods=["GET"])
def status() -> dict[str, Any]:
    """{healthy, last_run_at, late, parked, failing}; for those who may read subscriptions."""
    frappe.has_permission("SP Subscription", "report", throw=True)
    return health.report()
