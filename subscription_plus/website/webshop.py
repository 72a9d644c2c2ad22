"""Links from the item pages of the webshop app, where it is installed, to plans and bookings of those items."""

import frappe
from frappe import _

from subscription_plus.sp_billing import publishing


def sp_ways_to_have(item: str) -> list[frappe._dict]:
    """Published plans with a line of the item, and the item's booking page, as far as the visitor sees them:
    [{label, address}]."""
    lines = {"parenttype": publishing.PLAN, "item": item}
    of_item = set(
        frappe.get_all("SP Subscription Line", lines, pluck="parent", parent_doctype=publishing.PLAN)
    )
    plans = publishing.visible(publishing.PLAN, ["plan_name", "route"]) if of_item else []
    ways = [
        frappe._dict(
            label=_("Subscribe to {0}").format(row.plan_name),
            address=publishing.address(row, publishing.PLAN),
        )
        for row in plans
        if row.name in of_item
    ]
    if frappe.get_cached_value("Item", item, "sp_bookable"):
        places = publishing.visible(publishing.ITEM, ["item_name", "sp_route"])
        ways += [
            frappe._dict(
                label=_("Book {0}").format(row.item_name), address=publishing.address(row, publishing.ITEM)
            )
            for row in places
            if row.name == item
        ]
    return ways
