"""Which tax template applies to whom: the rule that names most of what is known wins, then its priority."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

KEYS = ("customer", "customer_group", "company", "tax_type")


class TaxRule(Document):
    def validate(self) -> None:
        if not self.sales_tax_template:
            frappe.throw(_("Tax Template is mandatory."))
        if self.from_date and self.to_date:
            self.validate_from_to_dates("from_date", "to_date")


def get_tax_template(posting_date, args: dict[str, Any]) -> str | None:
    """The template for a customer, their group, a company and a tax category on a day."""
    day = getdate(posting_date) if posting_date else None
    rules = [rule for rule in frappe.get_all("Tax Rule", fields=["*"]) if _applies(rule, day, args)]
    if not rules:
        return None
    best = max(
        rules,
        key=lambda rule: (sum(1 for key in KEYS if rule.get(key) and args.get(key)), cint(rule.priority)),
    )
    template = best.sales_tax_template
    return None if frappe.db.get_value("Sales Taxes and Charges Template", template, "disabled") else template


def _applies(rule: Any, day, args: dict[str, Any]) -> bool:
    if (rule.tax_category or "") != (args.get("tax_category") or ""):
        return False
    if day is None and (rule.from_date or rule.to_date):
        return False
    if day and ((rule.from_date and rule.from_date > day) or (rule.to_date and rule.to_date < day)):
        return False
    return all(not rule.get(key) or rule.get(key) in _accepted(key, args) for key in KEYS)


def _accepted(key: str, args: dict[str, Any]) -> list[str]:
    """The values of a rule's key that fit: a rule for a group fits the groups below it too."""
    value = args.get(key)
    accepted = []
    while value:
        accepted.append(value)
        value = (
            frappe.get_cached_value("Customer Group", value, "parent_customer_group")
            if key == "customer_group"
            else None
        )
    return accepted
