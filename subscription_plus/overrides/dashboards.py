"""Connections of ERPNext's forms: which subscriptions belong to a customer, an order, an invoice, a contract."""

from __future__ import annotations

from typing import Any

from frappe import _

SUBSCRIPTION, PERIOD = "SP Subscription", "SP Billing Period"


def of_customer(data: dict[str, Any]) -> dict[str, Any]:
    """A customer's subscriptions, payment methods, credits and bookings."""
    data.setdefault("fieldname", "customer")
    return _add(data, [SUBSCRIPTION, "SP Payment Method", "SP Booking Credit", "SP Item Booking"])


def of_order(data: dict[str, Any]) -> dict[str, Any]:
    """The subscription that made an order, else the one it has made; and its period."""
    data.setdefault("fieldname", "sales_order")
    return _of_document(data)


def of_invoice(data: dict[str, Any]) -> dict[str, Any]:
    """The subscription and the period that an invoice bills."""
    data.setdefault("fieldname", "sales_invoice")
    return _of_document(data)


def of_receipt(data: dict[str, Any]) -> dict[str, Any]:
    """The subscription and the period that an invoice of the point of sale bills."""
    data.setdefault("fieldname", "pos_invoice")
    return _of_document(data)


def of_contract(data: dict[str, Any]) -> dict[str, Any]:
    """The subscriptions whose commitment a contract is."""
    data.setdefault("fieldname", "contract")
    data.setdefault("non_standard_fieldnames", {})[SUBSCRIPTION] = "contract"
    return _add(data, [SUBSCRIPTION])


def _of_document(data: dict[str, Any]) -> dict[str, Any]:
    # Where the document names none itself, the ones that name it.
    data.setdefault("internal_and_external_links", {}).update(
        {SUBSCRIPTION: "sp_subscription", PERIOD: "sp_billing_period"}
    )
    data.setdefault("non_standard_fieldnames", {}).update(
        {SUBSCRIPTION: "sales_order", PERIOD: data["fieldname"]}
    )
    return _add(data, [SUBSCRIPTION, PERIOD])


def _add(data: dict[str, Any], doctypes: list[str]) -> dict[str, Any]:
    data.setdefault("transactions", []).append({"label": _("Recurring Billing"), "items": doctypes})
    return data
