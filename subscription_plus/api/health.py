"""Whether billing runs, for monitors and for people."""

import frappe

from subscription_plus.sp_billing import health

from .answers import Health


@frappe.whitelist(methods=["GET"])
def status() -> Health:
    """{healthy, last_run_at, late, parked, failing}; for those who may read subscriptions."""
    frappe.has_permission("SP Subscription", "report", throw=True)
    return health.report()
