"""What a site has after ERPNext's set-up: roles, trees, units, modes of payment, price list, settings."""

from typing import Any

import frappe

ROLES = (
    "Accounts Manager",
    "Accounts User",
    "Sales Manager",
    "Sales Master Manager",
    "Sales User",
    "Item Manager",
    "Stock Manager",
    "Stock User",
    "Maintenance User",
    "Projects Manager",
    "Projects User",
    "Purchase Master Manager",
    "HR Manager",
    "Auditor",
    "Customer",
)
WHOLE_UNITS = ("Unit", "Nos", "Box", "Pair", "Set")
FRACTIONAL_UNITS = ("Minute", "Hour", "Day", "Week", "Month", "Quarter", "Year", "Kg", "Litre", "Meter")
MODES_OF_PAYMENT = {
    "Cash": "Cash",
    "Cheque": "Bank",
    "Credit Card": "Bank",
    "Wire Transfer": "Bank",
    "Bank Draft": "Bank",
}
SETTINGS = ("Accounts Settings", "Selling Settings", "Stock Settings", "Global Defaults")


def after_install() -> None:
    for role in ROLES:
        _add("Role", role, role_name=role, desk_access=int(role != "Customer"))
    for unit in WHOLE_UNITS + FRACTIONAL_UNITS:
        _add("UOM", unit, uom_name=unit, must_be_whole_number=int(unit in WHOLE_UNITS))
    _add("Warehouse Type", "Transit")
    for doctype, root, leaves in (
        ("Customer Group", "All Customer Groups", ("Commercial", "Individual", "Non Profit", "Government")),
        ("Territory", "All Territories", ("Rest Of The World",)),
        ("Item Group", "All Item Groups", ("Products", "Services", "Consumable")),
    ):
        field = frappe.scrub(doctype)
        _add(doctype, root, **{f"{field}_name": root, "is_group": 1})
        for leaf in leaves:
            _add(doctype, leaf, **{f"{field}_name": leaf, f"parent_{field}": root})
    for mode, kind in MODES_OF_PAYMENT.items():
        _add("Mode of Payment", mode, mode_of_payment=mode, type=kind)
    currency = frappe.db.get_single_value("Global Defaults", "default_currency") or "EUR"
    _add("Price List", "Standard Selling", price_list_name="Standard Selling", currency=currency, selling=1)
    _save_settings()


def _save_settings() -> None:
    """A single's defaults count only once it has been saved."""
    for doctype in SETTINGS:
        settings = frappe.get_doc(doctype)
        for field in settings.meta.fields:
            if field.default and settings.get(field.fieldname) in (None, "", 0):
                settings.set(field.fieldname, field.default)
        if doctype == "Selling Settings":
            settings.update(
                {
                    "customer_group": "All Customer Groups",
                    "territory": "All Territories",
                    "selling_price_list": "Standard Selling",
                }
            )
        settings.flags.ignore_mandatory = True
        settings.save(ignore_permissions=True)


def _add(doctype: str, name: str, **values: Any) -> None:
    if not frappe.db.exists(doctype, name):
        document = frappe.get_doc({"doctype": doctype, "name": name, **values})
        document.flags.ignore_mandatory = True
        document.insert(ignore_permissions=True)
