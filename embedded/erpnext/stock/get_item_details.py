"""What an item brings to a row: names, units, accounts, tax template, price, pricing rule."""

import json
from typing import Any

import frappe
from erpnext.accounts.doctype.pricing_rule.pricing_rule import get_pricing_rule_for_item
from erpnext.setup.utils import get_exchange_rate
from frappe import _
from frappe.dicts import _dict
from frappe.utils import cint, cstr, flt, getdate


@frappe.whitelist()
def get_item_details(
    args: Any, doc: Any = None, for_validate: bool = False, overwrite_warehouse: bool = True
) -> _dict:
    """The fields of a row with this item, on a document with the customer, price list, currency and date of `args`."""
    args = _dict(json.loads(args) if isinstance(args, str) else args)
    args.price_list = args.get("price_list") or args.get("selling_price_list")
    if doc:
        args.transaction_date = doc.get("transaction_date") or doc.get("posting_date")
    item = frappe.get_cached_doc("Item", args.item_code)
    _validate_item(args, item)
    out = _basic_details(args, item)
    out.item_tax_template = _item_tax_template(args, item)
    out.update(get_price_list_rate(args, item))
    for key, value in out.items():
        if args.get(key) is None:
            args[key] = value
    out.update(get_pricing_rule_for_item(args))
    return out


def _validate_item(args: _dict, item: Any) -> None:
    if not args.company:
        frappe.throw(_("Please specify Company"))
    if item.end_of_life and getdate(item.end_of_life) <= getdate():
        frappe.throw(_("Item {0} has reached its end of life on {1}").format(item.name, item.end_of_life))
    if item.disabled:
        frappe.throw(_("Item {0} is disabled").format(item.name))
    if item.has_variants:
        frappe.throw(_("Item {0} is a template, please select one of its variants").format(item.name))


def _basic_details(args: _dict, item: Any) -> _dict:
    own, group = get_item_defaults(item, args.company), _group_defaults(item.item_group, args.company)
    args.uom = args.get("uom") or item.sales_uom or item.stock_uom
    args.stock_uom = item.stock_uom
    if args.uom == item.stock_uom:
        args.conversion_factor = 1.0
    elif not args.get("conversion_factor"):
        args.conversion_factor = get_conversion_factor(item.name, args.uom)["conversion_factor"]
    company = frappe.get_cached_doc("Company", args.company)
    project_cost_center = (
        frappe.get_cached_value("Project", args.project, "cost_center") if args.get("project") else None
    )
    out = _dict(
        item_code=item.name,
        item_name=item.item_name,
        description=cstr(item.description).strip(),
        item_group=item.item_group,
        brand=item.brand,
        uom=args.uom,
        stock_uom=item.stock_uom,
        conversion_factor=args.conversion_factor,
        warehouse=args.get("warehouse") or args.get("set_warehouse") or own.get("default_warehouse"),
        income_account=own.get("income_account")
        or group.get("income_account")
        or args.get("income_account")
        or company.default_income_account,
        cost_center=project_cost_center
        or own.get("selling_cost_center")
        or group.get("selling_cost_center")
        or args.get("cost_center")
        or company.cost_center,
        qty=flt(args.qty) or 1.0,
        price_list_rate=0.0,
        rate=0.0,
        discount_percentage=0.0,
        discount_amount=flt(args.discount_amount) or 0.0,
    )
    if item.enable_deferred_revenue and args.doctype == "Sales Invoice":
        out.enable_deferred_revenue = 1
        out.deferred_revenue_account = (
            own.get("deferred_revenue_account")
            or args.get("deferred_revenue_account")
            or company.default_deferred_revenue_account
        )
    out.stock_qty = out.qty * flt(out.conversion_factor)
    return out


def get_item_defaults(item: Any, company: str) -> dict[str, Any]:
    """The row of the item's defaults that is for the company."""
    if isinstance(item, str):
        item = frappe.get_cached_doc("Item", item)
    return next((row.as_dict() for row in item.item_defaults if row.company == company), {})


def _group_defaults(item_group: str, company: str) -> dict[str, Any]:
    group = frappe.get_cached_doc("Item Group", item_group)
    return next((row.as_dict() for row in group.item_group_defaults if row.company == company), {})


def _item_tax_template(args: _dict, item: Any) -> str | None:
    """The row's own template, else the item's, else that of the nearest group that has one."""
    if args.get("item_tax_template"):
        return args.item_tax_template
    day = getdate(args.transaction_date)
    rows, group = list(item.taxes), item.item_group
    while not rows and group:
        parent = frappe.get_cached_doc("Item Group", group)
        rows, group = list(parent.taxes), parent.parent_item_group
    for row in sorted(rows, key=lambda row: cstr(row.valid_from), reverse=True):
        if row.valid_from and getdate(row.valid_from) > day:
            continue
        if cstr(row.tax_category) == cstr(args.get("tax_category")):
            return row.item_tax_template
    return None


# prices


def get_price_list_rate(args: _dict, item: Any) -> _dict:
    """`price_list_rate` in the document's currency, nothing where the list has no price."""
    from erpnext.controllers.accounts_controller import validate_conversion_rate

    company_currency = frappe.get_cached_value("Company", args.company, "default_currency")
    if not args.get("price_list_currency") or not args.get("plc_conversion_rate"):
        args.update(get_price_list_currency_and_exchange_rate(args))
    if not args.conversion_rate and args.currency == company_currency:
        args.conversion_rate = 1.0
    if args.conversion_rate == 1 and args.currency != company_currency:
        rate = get_exchange_rate(args.currency, company_currency, args.transaction_date, "for_selling")
        args.conversion_rate = rate or 1.0
    validate_conversion_rate(args.currency, args.conversion_rate, _("Exchange Rate"), args.company)
    rate = get_price_list_rate_for(args, item.name)
    if rate is None:
        return _dict()
    return _dict(price_list_rate=flt(rate) * flt(args.plc_conversion_rate or 1) / flt(args.conversion_rate))


def get_price_list_currency_and_exchange_rate(args: _dict) -> dict[str, Any]:
    if not args.price_list:
        return {}
    currency, enabled = frappe.db.get_value("Price List", args.price_list, ["currency", "enabled"]) or (
        None,
        0,
    )
    if not enabled:
        frappe.throw(_("Price List {0} is disabled or does not exist").format(args.price_list))
    company_currency = frappe.get_cached_value("Company", args.company, "default_currency")
    rate = args.get("plc_conversion_rate") or get_exchange_rate(
        currency, company_currency, args.transaction_date, "for_selling"
    )
    return {"price_list_currency": currency, "plc_conversion_rate": rate or 1}


def get_price_list_rate_for(args: _dict, item_code: str) -> float | None:
    """The customer's own price, else the general one; in the row's unit, else the stock unit's times its factor."""
    prices = _valid_prices(args, item_code)
    customer, uom = args.get("customer") or "", args.get("uom")
    found = (
        _price(prices, uom, customer)
        or _price(prices, uom, "")
        or (_price(prices, args.get("stock_uom"), "") if uom != args.get("stock_uom") else None)
    )
    if not found or (found.packing_unit and flt(args.get("qty")) % found.packing_unit):
        return None
    independent = frappe.get_cached_value("Price List", args.price_list, "price_not_uom_dependent")
    if found.uom == uom or independent:
        return found.price_list_rate
    return flt(found.price_list_rate * flt(args.get("conversion_factor", 1)))


def _valid_prices(args: _dict, item_code: str) -> list[_dict]:
    """The item's prices in the list that are valid on the day; the one that began last comes first."""
    prices = frappe.get_all(
        "Item Price",
        filters={"item_code": item_code, "price_list": args.price_list},
        fields=["price_list_rate", "uom", "customer", "packing_unit", "valid_from", "valid_upto"],
        order_by="valid_from desc",
    )
    if not args.get("transaction_date"):
        return prices
    day = getdate(args.transaction_date)
    return [
        price
        for price in prices
        if (not price.valid_from or price.valid_from <= day)
        and (not price.valid_upto or price.valid_upto >= day)
    ]


def _price(prices: list[_dict], uom: str | None, customer: str) -> _dict | None:
    return next(
        (price for price in prices if (price.customer or "") == customer and (price.uom or "") in ("", uom)),
        None,
    )


# units


@frappe.whitelist()
def get_conversion_factor(item_code: str, uom: str) -> dict[str, float]:
    """How many stock units one `uom` is: the item's own figure, the general one, else 1."""
    stock_uom = frappe.get_cached_value("Item", item_code, "stock_uom")
    if uom == stock_uom:
        return {"conversion_factor": 1.0}
    own = frappe.db.get_value("UOM Conversion Detail", {"parent": item_code, "uom": uom}, "conversion_factor")
    return {"conversion_factor": own or get_uom_conv_factor(uom, stock_uom) or 1.0}


def get_uom_conv_factor(uom: str, stock_uom: str) -> float | None:
    exact = frappe.db.get_value("UOM Conversion Factor", {"from_uom": uom, "to_uom": stock_uom}, "value")
    if exact:
        return exact
    inverse = frappe.db.get_value("UOM Conversion Factor", {"from_uom": stock_uom, "to_uom": uom}, "value")
    return 1 / inverse if inverse else None


def must_be_whole(uom: str) -> bool:
    return bool(cint(frappe.get_cached_value("UOM", uom, "must_be_whole_number")))
