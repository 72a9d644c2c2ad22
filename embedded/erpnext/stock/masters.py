"""Items, their prices and the records beside them."""

import frappe
from erpnext.accounts.masters import OfCompany
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate


class ItemPriceDuplicateItem(frappe.ValidationError):
    pass


class Item(Document):
    def validate(self) -> None:
        self.item_name = self.item_name or self.item_code
        self.description = self.description or self.item_name
        units = [row.uom for row in self.uoms]
        if len(units) != len(set(units)):
            frappe.throw(_("Unit of Measure has been entered more than once in Conversion Factor Table"))
        if self.stock_uom not in units:
            self.append("uoms", {"uom": self.stock_uom, "conversion_factor": 1})
        for row in self.uoms:
            if row.uom == self.stock_uom and row.conversion_factor != 1:
                frappe.throw(
                    _("Conversion factor for default Unit of Measure must be 1 in row {0}").format(row.idx)
                )
        companies = [row.company for row in self.item_defaults]
        if len(companies) != len(set(companies)):
            frappe.throw(_("Cannot set multiple Item Defaults for a company."))

    def on_update(self) -> None:
        if self.has_value_changed("item_name"):
            frappe.db.set_value("Item Price", {"item_code": self.name}, "item_name", self.item_name)


class ItemPrice(Document):
    def validate(self) -> None:
        units = {"parenttype": "Item", "parent": self.item_code, "uom": self.uom}
        if self.uom and not frappe.db.exists("UOM Conversion Detail", units):
            frappe.throw(_("UOM {0} not found in Item {1}").format(self.uom, self.item_code))
        price_list = frappe.db.get_value(
            "Price List", self.price_list, ["buying", "selling", "currency", "enabled"], as_dict=True
        )
        if not price_list.enabled:
            frappe.throw(_("The price list {0} does not exist or is disabled").format(self.price_list))
        self.update({field: price_list[field] for field in ("buying", "selling", "currency")})
        if self.valid_from and self.valid_upto and getdate(self.valid_from) > getdate(self.valid_upto):
            frappe.throw(_("Valid From must be before Valid Upto"))
        if not self.selling:
            self.customer = None
        self._validate_duplicates()

    def _validate_duplicates(self) -> None:
        same = {"name": ("!=", self.name), "packing_unit": self.packing_unit or 0}
        for field in ("item_code", "price_list", "uom", "customer", "valid_from", "valid_upto"):
            value = self.get(field)
            same[field] = value if value else ("is", "not set")
        if frappe.db.exists("Item Price", same):
            frappe.throw(
                _(
                    "Item Price appears multiple times based on Price List, Supplier/Customer, Currency, Item, Batch, UOM, Qty, and Dates."
                ),
                ItemPriceDuplicateItem,
            )


class PriceList(Document):
    def validate(self) -> None:
        if not self.buying and not self.selling:
            frappe.throw(_("Price List must be applicable for Buying or Selling"))

    def on_update(self) -> None:
        frappe.db.set_value(
            "Item Price",
            {"price_list": self.name},
            {"currency": self.currency, "buying": self.buying, "selling": self.selling},
        )


class Warehouse(OfCompany):
    label_field = "warehouse_name"
