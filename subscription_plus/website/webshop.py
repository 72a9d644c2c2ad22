"""Links from the item pages of the webshop app, where it is installed, to plans and bookings of those items."""

import frappe
from frappe import _

from subscription_plus.sp_billing import publishing


def sp_ways_to_have(item: str) -> list[frappe._dict]:
    """Published plans with a line of the item, and the item's booking page, as far as the visitor sees them:
    [{label, address}]."""
    lines = {"parenttype": publishing.PLAN, "item": item}
    plans = frappe.get_all("SP Subscription Line", lines, pluck="parent", parent_doctype=publishing.PLAN)
    ways = (
        (publishing.PLAN, ["plan_name as title", "route"], plans, _("Subscribe to {0}")),
        (publishing.ITEM, ["item_name as title", "sp_route"], [item], _("Book {0}")),
    )
    return [
        frappe._dict(label=label.format(row.title), address=publishing.address(row, doctype))
        for doctype, fields, among, label in ways
        for row in publishing.visible(doctype, fields, among)
    ]
