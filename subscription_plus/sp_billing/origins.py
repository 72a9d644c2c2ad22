"""Subscriptions that a Sales Order creates: one for each recurrence among its recurring items."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from subscription_plus.engine.calendar import DAY

from . import events, facts, periods, settings

TAKEN_OVER = (
    "customer",
    "company",
    "currency",
    "taxes_and_charges",
    "tax_category",
    "shipping_rule",
    "payment_terms_template",
    "tc_name",
    "letter_head",
    "contact_person",
    "contact_email",
    "cost_center",
    "project",
)


def create_from_order(order: Document) -> list[str]:
    """Create the subscriptions of a submitted order; none for an order that a subscription made.

    They keep the order's quantities, prices, discounts, taxes and terms. An order that amends another one
    leaves alone what that one's subscriptions go on with.
    """
    if order.get("sp_billing_period"):
        return []
    groups: dict[str, list[tuple[Document, str | None]]] = defaultdict(list)
    for row in order.items:
        recurring = recurrence_of(row)
        if recurring:
            recurrence, plan = recurring
            groups[recurrence].append((row, plan))
    alive = _take_over_amended(order) if order.amended_from else set()
    return [
        _create(order, recurrence, rows).name
        for recurrence, rows in groups.items()
        if recurrence not in alive
    ]


def is_recurring(item_code: str | None) -> bool:
    """Whether an item, or its group, makes subscriptions."""
    if not item_code:
        return False
    item = frappe.get_cached_doc("Item", item_code)
    if item.get("sp_recurring"):
        return True
    return bool(item.item_group and frappe.get_cached_value("Item Group", item.item_group, "sp_recurring"))


def recurrence_of(row: Document) -> tuple[str, str | None] | None:
    """(recurrence period, plan) of an order's or an invoice's row, None where its item is not recurring."""
    if not is_recurring(row.item_code):
        return None
    item = frappe.get_cached_doc("Item", row.item_code)
    group = frappe.get_cached_doc("Item Group", item.item_group) if item.item_group else None
    plan = item.get("sp_plan") or None
    recurrence = (
        (plan and frappe.get_cached_value("SP Subscription Plan", plan, "recurrence_period"))
        or item.get("sp_recurrence_period")
        or (group and group.get("sp_recurrence_period"))
        or settings.get("default_recurrence_period")
    )
    if not recurrence:
        frappe.throw(
            _(
                "Row {0}: {1} is recurring, but neither it, its group nor the subscription settings say how often. Set a Recurrence Period on the item."
            ).format(row.idx, row.item_code)
        )
    return recurrence, plan


def _create(order: Document, recurrence: str, rows: list[tuple[Document, str | None]]) -> Document:
    start = min(getdate(row.delivery_date or order.transaction_date) for row, _plan in rows)
    subscription = compose(order, recurrence, rows, start)
    # A sales user who may submit orders may lack the right to make subscriptions: the order is the decision.
    subscription.flags.ignore_permissions = True
    subscription.insert()
    subscription.db_set("sales_order", order.name, update_modified=False)
    events.record(subscription.name, "Ordered", document=("Sales Order", order.name))
    return subscription


def compose(
    document: Document, recurrence: str, rows: list[tuple[Document, str | None]], start: dt.date
) -> Document:
    """A subscription, not yet stored, to what an order or an invoice has sold in `rows`: (row, plan)."""
    plans = {plan for _row, plan in rows if plan}
    subscription = frappe.new_doc("SP Subscription")
    subscription.update({field: document.get(field) for field in TAKEN_OVER if document.get(field)})
    subscription.update(
        {
            "plan": plans.pop() if len(plans) == 1 else None,
            "recurrence_period": recurrence,
            "price_list": document.selling_price_list,
            "start_date": start,
            **_discount(document, [row for row, _plan in rows]),
        }
    )
    for row, _plan in rows:
        subscription.append("lines", _line(row))
    return subscription


def _line(row: Document) -> dict[str, Any]:
    """The row as a line: what the customer agreed to is a fixed rate from now on."""
    discount = flt(row.discount_percentage)
    listed = flt(row.price_list_rate) if 0 < discount < 100 else 0
    return {
        "item": row.item_code,
        "qty": row.qty,
        "uom": row.uom,
        "description": row.description,
        "price_determination": "Fixed Rate",
        "fixed_rate": listed or row.rate,
        "discount_percentage": discount if listed else 0,
        "item_tax_template": row.item_tax_template,
        "sales_order_item": row.name if row.doctype == "Sales Order Item" else None,
    }


def _discount(order: Document, rows: list[Document]) -> dict[str, Any]:
    """The order's additional discount; of an amount, the part that falls on these rows."""
    if flt(order.additional_discount_percentage):
        return {
            "apply_discount_on": order.apply_discount_on,
            "additional_discount_percentage": order.additional_discount_percentage,
        }
    if not flt(order.discount_amount) or not flt(order.total):
        return {}
    share = sum(flt(row.amount) for row in rows) / flt(order.total)
    return {
        "apply_discount_on": order.apply_discount_on,
        "discount_amount": flt(flt(order.discount_amount) * share, order.precision("discount_amount")),
    }


def _take_over_amended(order: Document) -> set[str]:
    """Subscriptions of the amended order that go on: they get the new order; their recurrences."""
    going_on = frappe.get_all(
        "SP Subscription",
        filters={"sales_order": order.amended_from, "status": ("not in", ("Cancelled", "Completed"))},
        fields=["name", "recurrence_period"],
    )
    for row in going_on:
        frappe.db.set_value("SP Subscription", row.name, "sales_order", order.name, update_modified=False)
    return {row.recurrence_period for row in going_on}


def cancel_with_order(order: Document) -> None:
    """End the subscriptions of a cancelled order that billed nothing but this order; others go on."""
    for name in frappe.get_all("SP Subscription", filters={"sales_order": order.name}, pluck="name"):
        rows = facts.periods_of(name)
        if any(row.sales_order != order.name or row.sales_invoice for row in rows):
            message = _(
                "Subscription {0} goes on: it has billed other periods. Cancel it if that is not wanted."
            )
            frappe.msgprint(message.format(name), indicator="orange")
            continue
        for row in rows:
            frappe.db.delete(periods.DOCTYPE, {"name": row.name})
        reason = _("Sales Order {0} was cancelled").format(order.name)
        subscription = frappe.get_doc("SP Subscription", name)
        subscription.cancellation_date = getdate(subscription.start_date) - DAY
        subscription.cancellation_reason = reason
        subscription.flags.by_verb = True
        # As in _create: cancelling the order is the decision.
        subscription.flags.ignore_permissions = True
        subscription.save()
        events.record(name, "Cancelled", reason, document=("Sales Order", order.name))
