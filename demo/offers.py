"""What Le Hangar sells: items with prices, recurrence periods, and the plans made of them."""

from typing import Any

import frappe

from .company import COMPANY, CURRENCY, ITEM_GROUP, PRICE_LIST, ensure

# Item: price without VAT, per unit.
PRICES = {
    "Membership": 45.00,
    "Trial Membership": 45.00,
    "Dedicated Desk": 290.00,
    "Locker": 12.50,
    "Closed Office": 2_400.00,
    "Office Set-up": 150.00,
    "Coworking Ticket": 12.00,
    "Meeting Room": 35.00,
    "Printing": 0.08,
    "Business Address": 480.00,
    "Association Membership": 120.00,
    "Mail Forwarding": 60.00,
}

RECURRENCES: dict[str, dict[str, Any]] = {
    "Monthly": {"unit": "Month", "billing_interval_uom": "Month", "days_until_due": 10},
    "Monthly on the 1st": {
        "unit": "Month",
        "billing_interval_uom": "Month",
        "billing_day": 1,
        "stub_billing": "Prorated",
        "days_until_due": 10,
    },
    "Monthly, Invoice First": {
        "unit": "Month",
        "billing_interval_uom": "Month",
        "invoice_before_payment": 1,
        "days_until_due": 15,
    },
    "Monthly in Arrears": {
        "unit": "Month",
        "bill_at": "End of Period",
        "make_sales_order": 0,
        "days_until_due": 30,
    },
    "Weekly": {"unit": "Week"},
    "Every Four Weeks": {"unit": "Week", "interval_count": 4, "make_payment_request": 0},
    "Quarterly, Invoice First": {
        "unit": "Quarter",
        "billing_interval_uom": "Quarter",
        "invoice_before_payment": 1,
        "bill_at": "Days Before Start",
        "days_before": 10,
        "days_until_due": 30,
    },
    "Yearly": {"unit": "Year", "billing_interval_uom": "Year", "days_until_due": 30},
    "Yearly, 15 Days Before": {
        "unit": "Year",
        "billing_interval_uom": "Year",
        "bill_at": "Days Before Start",
        "days_before": 15,
        "invoice_before_payment": 1,
        "days_until_due": 30,
    },
}

# Plan: its recurrence, its terms, and its lines as (item, quantity, further fields).
PLANS: dict[str, tuple[str, dict[str, Any], list[tuple[str, float, dict[str, Any]]]]] = {
    "Nomad": ("Monthly", {}, [("Membership", 1, {})]),
    "Discovery": ("Monthly", {"trial_days": 14}, [("Trial Membership", 1, {})]),
    "Resident": ("Monthly on the 1st", {"minimum_term": 3}, [("Dedicated Desk", 1, {}), ("Locker", 1, {})]),
    "Team": (
        "Monthly, Invoice First",
        {},
        [("Dedicated Desk", 4, {"discount_percentage": 10}), ("Locker", 4, {})],
    ),
    "Office": (
        "Quarterly, Invoice First",
        {"minimum_term": 4},
        [("Closed Office", 1, {}), ("Office Set-up", 1, {"once": 1, "uom": "Unit"})],
    ),
    "Ticket Book": ("Weekly", {}, [("Coworking Ticket", 5, {"uom": "Unit"})]),
    "Meeting Room Pass": ("Every Four Weeks", {}, [("Meeting Room", 4, {"uom": "Half-day"})]),
    "Printing": ("Monthly in Arrears", {}, [("Printing", 500, {"uom": "Unit"})]),
    "Business Address": (
        "Yearly, 15 Days Before",
        {},
        [("Business Address", 1, {}), ("Mail Forwarding", 1, {})],
    ),
    "Association": ("Yearly", {}, [("Association Membership", 1, {})]),
}

# Ordering one of these items by Sales Order makes a subscription.
RECURRING_ITEMS = {
    "Membership": "Nomad",
    "Dedicated Desk": "Resident",
    "Association Membership": "Association",
}


def build() -> None:
    """Make items, prices, recurrence periods and plans."""
    for item, price in PRICES.items():
        _item(item, price)
    for title, values in RECURRENCES.items():
        recurrence = ensure("SP Recurrence Period", title, title=title)
        recurrence.update(values)
        recurrence.save()
    for name, (recurrence, terms, lines) in PLANS.items():
        rows = [
            {"item": item, "qty": qty, "price_determination": "Price List", **more}
            for item, qty, more in lines
        ]
        ensure(
            "SP Subscription Plan",
            name,
            plan_name=name,
            recurrence_period=recurrence,
            company=COMPANY,
            currency=CURRENCY,
            price_list=PRICE_LIST,
            lines=rows,
            **terms,
        )
    for item, plan in RECURRING_ITEMS.items():
        frappe.db.set_value("Item", item, {"sp_recurring": 1, "sp_plan": plan})


def _item(code: str, price: float) -> None:
    ensure(
        "Item",
        code,
        item_code=code,
        item_name=code,
        item_group=ITEM_GROUP,
        stock_uom="Unit",
        is_stock_item=0,
        include_item_in_manufacturing=0,
    )
    if not frappe.db.exists("Item Price", {"item_code": code, "price_list": PRICE_LIST}):
        frappe.get_doc(
            {
                "doctype": "Item Price",
                "item_code": code,
                "price_list": PRICE_LIST,
                "price_list_rate": price,
                "valid_from": "2023-01-01",
            }
        ).insert()
