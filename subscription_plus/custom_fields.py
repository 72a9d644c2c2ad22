"""The fields this app adds to ERPNext's DocTypes, as data: made at install, taken away at uninstall."""

from typing import Any

_SUBSCRIPTION = {
    "fieldname": "sp_subscription",
    "label": "Subscription",
    "fieldtype": "Link",
    "options": "SP Subscription",
    "read_only": 1,
    "no_copy": 1,
    "print_hide": 1,
    "search_index": 1,
}
_PERIOD = {
    "fieldname": "sp_billing_period",
    "label": "Billing Period",
    "fieldtype": "Link",
    "options": "SP Billing Period",
    "read_only": 1,
    "no_copy": 1,
    "print_hide": 1,
    "search_index": 1,
    "insert_after": "sp_subscription",
}
_LINE = {
    "fieldname": "sp_subscription_line",
    "label": "Subscription Line",
    "fieldtype": "Data",
    "read_only": 1,
    "hidden": 1,
    "print_hide": 1,
}


def _of_period(insert_after: str) -> list[dict[str, Any]]:
    return [{**_SUBSCRIPTION, "insert_after": insert_after}, dict(_PERIOD)]


def _recurring(insert_after: str, plan: bool) -> list[dict[str, Any]]:
    """What makes an item (or, as the default, the items of a group) recurring."""
    fields = [
        {
            "fieldname": "sp_subscription_section",
            "label": "Subscription",
            "fieldtype": "Section Break",
            "insert_after": insert_after,
            "collapsible": 1,
        },
        {
            "fieldname": "sp_recurring",
            "label": "Recurring",
            "fieldtype": "Check",
            "description": "A submitted Sales Order with this item creates a subscription",
        },
        {"fieldname": "sp_subscription_column", "fieldtype": "Column Break"},
        {
            "fieldname": "sp_plan",
            "label": "Plan",
            "fieldtype": "Link",
            "options": "SP Subscription Plan",
            "depends_on": "sp_recurring",
            "description": "Gives the recurrence, the trial and the terms",
        },
        {
            "fieldname": "sp_recurrence_period",
            "label": "Recurrence Period",
            "fieldtype": "Link",
            "options": "SP Recurrence Period",
            "depends_on": "eval:doc.sp_recurring && !doc.sp_plan",
        },
    ]
    if not plan:
        fields = [field for field in fields if field["fieldname"] != "sp_plan"]
        fields[-1]["depends_on"] = "sp_recurring"
    previous = insert_after
    for field in fields:
        field["insert_after"] = previous
        previous = field["fieldname"]
    return fields


_CART = {
    "fieldname": "sp_cart",
    "label": "Cart",
    "fieldtype": "Check",
    "read_only": 1,
    "print_hide": 1,
    "insert_after": "amended_from",
    "description": "Made from bookings or for credits; once it is paid, its invoice is made",
}
_BOOKING = {
    "fieldname": "sp_item_booking",
    "label": "Booking",
    "fieldtype": "Link",
    "options": "SP Item Booking",
    "read_only": 1,
    "print_hide": 1,
    "insert_after": "item_name",
}


def _bookable(insert_after: str) -> list[dict[str, Any]]:
    """What makes an item a place that can be booked."""
    fields = [
        {
            "fieldname": "sp_booking_section",
            "label": "Booking",
            "fieldtype": "Section Break",
            "collapsible": 1,
        },
        {"fieldname": "sp_bookable", "label": "Bookable", "fieldtype": "Check"},
        {
            "fieldname": "sp_booking_calendar",
            "label": "Booking Calendar",
            "fieldtype": "Link",
            "options": "SP Booking Calendar",
            "depends_on": "sp_bookable",
            "description": "Empty: always open, without notice",
        },
        {"fieldname": "sp_booking_column", "fieldtype": "Column Break"},
        {
            "fieldname": "sp_capacity",
            "label": "Places",
            "fieldtype": "Int",
            "default": "1",
            "non_negative": 1,
            "depends_on": "sp_bookable",
            "description": "How many bookings there can be at the same time",
        },
        {
            "fieldname": "sp_booking_units",
            "label": "Units It Is Booked In",
            "fieldtype": "Table",
            "options": "SP Booking Unit",
            "depends_on": "sp_bookable",
        },
    ]
    previous = insert_after
    for field in fields:
        field["insert_after"] = previous
        previous = field["fieldname"]
    return fields


def _published(insert_after: str) -> list[dict[str, Any]]:
    """What puts a bookable item on the website; a plan has fields of the same names without `sp_`."""
    fields = [
        {
            "fieldname": "sp_website_section",
            "label": "Website",
            "fieldtype": "Section Break",
            "collapsible": 1,
            "depends_on": "sp_bookable",
        },
        {
            "fieldname": "sp_published",
            "label": "Published on the Website",
            "fieldtype": "Check",
            "search_index": 1,
        },
        {
            "fieldname": "sp_route",
            "label": "Route",
            "fieldtype": "Data",
            "unique": 1,
            "no_copy": 1,
            "description": "The page's address below /book; empty: made from the name",
        },
        {
            "fieldname": "sp_website_weight",
            "label": "Weight",
            "fieldtype": "Int",
            "description": "Heavier ones come first",
        },
        {
            "fieldname": "sp_visible_to",
            "label": "Who May See It",
            "fieldtype": "Select",
            "options": "Everyone\nLogged In\nRoles",
            "default": "Everyone",
        },
        {
            "fieldname": "sp_visible_roles",
            "label": "Roles",
            "fieldtype": "Table",
            "options": "Has Role",
            "depends_on": "eval:doc.sp_visible_to=='Roles'",
        },
        {"fieldname": "sp_website_column", "fieldtype": "Column Break"},
        {
            "fieldname": "sp_website_image",
            "label": "Picture",
            "fieldtype": "Attach Image",
            "description": "Empty: the item's",
        },
        {
            "fieldname": "sp_website_text",
            "label": "Text",
            "fieldtype": "Text Editor",
            "description": "Empty: the item's description",
        },
    ]
    previous = insert_after
    for field in fields:
        field["insert_after"] = previous
        previous = field["fieldname"]
    return fields


CUSTOM_FIELDS: dict[str, list[dict[str, Any]]] = {
    "Item": [
        *_recurring("customer_items", plan=True),
        *_bookable("sp_recurrence_period"),
        *_published("sp_booking_units"),
    ],
    "Item Group": _recurring("taxes", plan=False),
    "Customer": [
        {
            "fieldname": "sp_mode_of_payment",
            "label": "Default Mode of Payment",
            "fieldtype": "Link",
            "options": "Mode of Payment",
            "insert_after": "default_price_list",
            "description": "Subscriptions take it over",
        },
        {
            "fieldname": "sp_no_notices",
            "label": "No Notices",
            "fieldtype": "Check",
            "insert_after": "sp_mode_of_payment",
            "description": "No e-mails ahead of time (trial ending, renewal, card expiring, credits ending); requests and invoices are sent",
        },
    ],
    "Quotation": [dict(_CART)],
    "Quotation Item": [dict(_BOOKING)],
    "Sales Order": [*_of_period("amended_from"), dict(_CART)],
    "Sales Order Item": [{**_LINE, "insert_after": "item_name"}, dict(_BOOKING)],
    "Sales Invoice": _of_period("amended_from"),
    "POS Invoice": _of_period("amended_from"),
    "Sales Invoice Item": [{**_LINE, "insert_after": "item_name"}],
    "Payment Request": _of_period("amended_from"),
    "Payment Entry": [{**_SUBSCRIPTION, "insert_after": "amended_from"}],
}
