"""Pricing rules: a discount, an amount off or a rate, for an item or its group, for a customer, in a time."""

import json
from typing import Any

import frappe
from frappe import _
from frappe.dicts import _dict
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate


class MultiplePricingRuleConflict(frappe.ValidationError):
    pass


class PricingRule(Document):
    def validate(self) -> None:
        if self.price_or_product_discount != "Price" or self.apply_on not in ("Item Code", "Item Group"):
            frappe.throw(_("Only prices of items and item groups can be ruled here"))
        if self.apply_rule_on_other:
            frappe.throw(_("A rule on other items cannot be kept here"))
        if not (self.selling or self.buying):
            frappe.throw(_("Atleast one of the Selling or Buying must be selected"))
        if not (self.items if self.apply_on == "Item Code" else self.item_groups):
            frappe.throw(_("{0} is required").format(_(self.apply_on)))
        if flt(self.discount_percentage) > 100 or flt(self.discount_percentage) < 0:
            frappe.throw(_("Discount must be between 0 and 100"))
        if self.valid_from and self.valid_upto:
            self.validate_from_to_dates("valid_from", "valid_upto")


@frappe.whitelist()
def apply_pricing_rule(args: Any, doc: Any = None) -> list[dict[str, Any]]:
    """For each of `items`: what the matching rule gives it on a document with the other values of `args`."""
    args = _dict(json.loads(args) if isinstance(args, str) else args)
    items = args.pop("items")
    return [_dict(get_pricing_rule_for_item(_dict({**args, **item}))) for item in items]


def get_pricing_rule_for_item(args: _dict) -> dict[str, Any]:
    """The discount, or the rate, that the matching rule gives a row."""
    if cint(args.get("ignore_pricing_rule")) or not args.get("item_code"):
        return {}
    rule = _matching_rule(args)
    if not rule:
        return {}
    details: dict[str, Any] = {
        "pricing_rules": json.dumps([rule.name], indent=4),
        "has_pricing_rule": 1,
        "price_or_product_discount": "Price",
        "pricing_rule_for": rule.rate_or_discount,
        "discount_percentage": 0.0,
        "discount_amount": 0.0,
    }
    if rule.rate_or_discount == "Rate":
        rate = flt(rule.rate) * flt(args.get("conversion_factor") or 1)
        details["price_list_rate"] = rate if rule.currency == args.currency else 0.0
    elif rule.rate_or_discount == "Discount Percentage":
        details["discount_percentage"] = flt(rule.discount_percentage)
    elif rule.currency == args.currency:
        details["discount_amount"] = flt(rule.discount_amount)
    return details


def _matching_rule(args: _dict) -> Any:
    """The one rule that applies: rules for the item come before rules for its group."""
    for child, field, values in (
        ("Pricing Rule Item Code", "item_code", [args.item_code]),
        ("Pricing Rule Item Group", "item_group", _groups_of(args.item_code)),
    ):
        names = frappe.get_all(child, filters={field: ("in", values)}, pluck="parent", distinct=True)
        rules = (
            frappe.get_all(
                "Pricing Rule", filters={"name": ("in", names), "disable": 0, "selling": 1}, fields=["*"]
            )
            if names
            else []
        )
        fitting = [rule for rule in rules if _fits(rule, args)]
        if fitting:
            return _strongest(fitting, args.item_code)
    return None


def _groups_of(item_code: str) -> list[str]:
    groups = []
    group = frappe.get_cached_value("Item", item_code, "item_group")
    while group:
        groups.append(group)
        group = frappe.get_cached_value("Item Group", group, "parent_item_group")
    return groups


def _fits(rule: Any, args: _dict) -> bool:
    day = getdate(args.transaction_date)
    qty = flt(args.get("qty") or 1)
    customer = args.get("customer")
    group = args.get("customer_group") or (
        frappe.get_cached_value("Customer", customer, "customer_group") if customer else None
    )
    return (
        (not rule.company or rule.company == args.company)
        and (not rule.for_price_list or rule.for_price_list == args.price_list)
        and (not rule.valid_from or rule.valid_from <= day)
        and (not rule.valid_upto or rule.valid_upto >= day)
        and (not flt(rule.min_qty) or qty >= rule.min_qty)
        and (not flt(rule.max_qty) or qty <= rule.max_qty)
        and (rule.applicable_for != "Customer" or rule.customer == customer)
        and (rule.applicable_for != "Customer Group" or rule.customer_group == group)
    )


def _strongest(rules: list[Any], item_code: str) -> Any:
    highest = max(cint(rule.priority) for rule in rules)
    first = [rule for rule in rules if cint(rule.priority) == highest]
    if len(first) > 1:
        frappe.throw(
            _(
                "Multiple Price Rules exists with same criteria, please resolve conflict by assigning priority. Price Rules: {0}"
            ).format(", ".join(rule.name for rule in first)),
            MultiplePricingRuleConflict,
        )
    return first[0]
