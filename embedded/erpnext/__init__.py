"""The part of ERPNext that Subscription Plus relies on: selling and accounting documents, without any ledger."""

import frappe

__version__ = "15.99.1"


def get_default_company(user: str | None = None) -> str | None:
    """The user's default company, else the site's."""
    return frappe.defaults.get_user_default("company", user) or frappe.db.get_single_value(
        "Global Defaults", "default_company"
    )


def get_default_currency() -> str | None:
    company = get_default_company()
    return frappe.get_cached_value("Company", company, "default_currency") if company else None


def get_company_currency(company: str) -> str | None:
    return frappe.get_cached_value("Company", company, "default_currency")


def get_default_cost_center(company: str) -> str | None:
    return frappe.get_cached_value("Company", company, "cost_center") if company else None
