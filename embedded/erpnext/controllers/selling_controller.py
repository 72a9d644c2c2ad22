"""What quotations, orders and invoices share: their missing values, their rows, their checks."""

from typing import Any

import frappe
from erpnext.accounts.party import get_party_account_currency, get_party_details
from erpnext.controllers.accounts_controller import AccountsController, InvalidCurrency, get_taxes_and_charges
from erpnext.setup.utils import get_exchange_rate
from erpnext.stock.get_item_details import get_item_details, must_be_whole
from frappe import _
from frappe.dicts import _dict
from frappe.utils import cint, flt, getdate

TAX_TEMPLATE = "Sales Taxes and Charges Template"
ALWAYS_OF_THE_ITEM = ("item_group", "brand", "stock_uom", "pricing_rules")


class UOMMustBeIntegerError(frappe.ValidationError):
    pass


class SellingController(AccountsController):
    def validate(self) -> None:
        if not self.get("is_return"):
            self._validate_quantities()
        if self.get("_action") != "update_after_submit":
            self.set_missing_values(for_validate=True)
        self._validate_taxes()
        self.calculate_taxes_and_totals()
        if not self.get("is_return"):
            self.validate_value("base_grand_total", ">=", 0)
        self.validate_schedule()
        self.validate_party()
        self._validate_currency()
        self._validate_companies()
        self._validate_contact_and_address()
        if not self.letter_head:
            self.letter_head = frappe.get_cached_value("Company", self.company, "default_letter_head")
        self._validate_rows()
        if self.get("from_date") and self.get("to_date") and getdate(self.from_date) > getdate(self.to_date):
            frappe.throw(_("To Date cannot be before From Date"), title=_("Invalid Auto Repeat Date"))

    def validate_schedule(self) -> None:
        self.set_payment_schedule()
        self.validate_payment_schedule()
        self.validate_payment_schedule_amount()

    # missing values

    def set_missing_values(self, for_validate: bool = False) -> None:
        """Fills in what follows from customer, price list and items. Rows of a tax template come along only when
        this is called by itself, as a form does."""
        self._set_customer_details()
        if self.taxes_and_charges and not self.taxes and not for_validate:
            self.extend("taxes", get_taxes_and_charges(TAX_TEMPLATE, self.taxes_and_charges))
        self._set_price_list_currency()
        self._set_item_details()

    def _set_customer_details(self) -> None:
        __, customer = self.get_party()
        if not customer:
            return
        details = get_party_details(
            customer,
            company=self.company,
            doctype=self.doctype,
            posting_date=self.get("posting_date"),
            ignore_permissions=bool(self.flags.ignore_permissions),
            fetch_payment_terms_template=self.has_value_changed("company"),
            party_address=self.customer_address,
            shipping_address=self.shipping_address_name,
        )
        self.update_if_missing({key: value for key, value in details.items() if self.meta.has_field(key)})

    def _set_price_list_currency(self) -> None:
        date = self.get("posting_date") or self.get("transaction_date")
        if self.selling_price_list:
            self.price_list_currency = frappe.db.get_value("Price List", self.selling_price_list, "currency")
            if self.price_list_currency == self.company_currency:
                self.plc_conversion_rate = 1.0
            elif not self.plc_conversion_rate:
                self.plc_conversion_rate = get_exchange_rate(
                    self.price_list_currency, self.company_currency, date, "for_selling"
                )
        if not self.currency:
            self.currency, self.conversion_rate = self.price_list_currency, self.plc_conversion_rate
        elif self.currency == self.company_currency:
            self.conversion_rate = 1.0
        elif not self.conversion_rate:
            self.conversion_rate = get_exchange_rate(
                self.currency, self.company_currency, date, "for_selling"
            )

    def _set_item_details(self) -> None:
        head = _dict(
            {
                field: self.get(field)
                for field in (
                    "company",
                    "currency",
                    "conversion_rate",
                    "selling_price_list",
                    "price_list_currency",
                    "plc_conversion_rate",
                    "ignore_pricing_rule",
                    "customer_group",
                    "tax_category",
                    "cost_center",
                    "project",
                    "set_warehouse",
                )
            },
            doctype=self.doctype,
            customer=self.get_party()[1],
        )
        self.set("pricing_rules", [])
        for row in self.items:
            if row.item_code:
                self._set_details_of_row(row, head)

    def _set_details_of_row(self, row: Any, head: _dict) -> None:
        given = {key: value for key, value in row.as_dict().items() if value is not None}
        details = get_item_details({**head, **given, "doctype": self.doctype}, self)
        for field, value in details.items():
            if value is None or not row.meta.has_field(field):
                continue
            if (
                row.get(field) is None
                or field in ALWAYS_OF_THE_ITEM
                or (field in ("cost_center", "conversion_factor") and not row.get(field))
            ):
                row.set(field, value)
        if row.meta.has_field("cost_center") and not row.cost_center:
            row.cost_center = self.get("cost_center") or frappe.get_cached_value(
                "Company", self.company, "cost_center"
            )
        if details.get("pricing_rules"):
            self._apply_pricing_rule(row, details)

    def _apply_pricing_rule(self, row: Any, details: _dict) -> None:
        row.discount_percentage = details.discount_percentage
        row.discount_amount = details.discount_amount
        if details.pricing_rule_for == "Rate":
            row.price_list_rate = details.price_list_rate
        if row.price_list_rate:
            rate = row.price_list_rate * (1.0 - flt(row.discount_percentage) / 100.0)
            row.rate = flt(rate, row.precision("rate"))
            if row.discount_amount:
                row.rate = row.price_list_rate - row.discount_amount
        for rule in frappe.parse_json(details.pricing_rules):
            self.append(
                "pricing_rules",
                {
                    "pricing_rule": rule,
                    "item_code": row.item_code,
                    "child_docname": row.name,
                    "rule_applied": 1,
                },
            )

    # checks

    def _validate_quantities(self) -> None:
        for row in self.items:
            if not flt(row.qty):
                frappe.throw(
                    _("Row #{0}: Quantity for Item {1} cannot be zero.").format(row.idx, row.item_code)
                )

    def _validate_rows(self) -> None:
        whole_units: dict[str, bool] = {}
        allow_negative = cint(
            frappe.db.get_single_value("Selling Settings", "allow_negative_rates_for_items")
        )
        is_return = cint(self.get("is_return"))
        for row in self.items:
            if not row.conversion_factor:
                frappe.throw(_("Row {0}: Conversion Factor is mandatory").format(row.idx))
            row.stock_qty = flt(row.qty) * flt(row.conversion_factor)
            if row.uom not in whole_units:
                whole_units[row.uom] = must_be_whole(row.uom)
            if whole_units[row.uom] and abs(row.qty - round(row.qty)) > 0.0000001:
                frappe.throw(
                    _(
                        "Row {1}: Quantity ({0}) cannot be a fraction. To allow this, disable '{2}' in UOM {3}."
                    ).format(row.qty, row.idx, _("Must be Whole Number"), frappe.bold(row.uom)),
                    UOMMustBeIntegerError,
                )
            if (row.qty < 0) != bool(is_return) and row.qty:
                wanted = _("negative") if is_return else _("positive")
                frappe.throw(_("For an item {0}, quantity must be {1} number").format(row.item_code, wanted))
            if flt(row.rate) < 0 and not allow_negative:
                frappe.throw(
                    _("For item {0}, rate must be a positive number.").format(frappe.bold(row.item_code))
                )
            maximum = (
                flt(frappe.get_cached_value("Item", row.item_code, "max_discount")) if row.item_code else 0
            )
            if maximum and flt(row.discount_percentage) > maximum and not is_return:
                frappe.throw(_("Maximum discount for Item {0} is {1}%").format(row.item_code, maximum))
        self._validate_duplicates()

    def _validate_duplicates(self) -> None:
        if cint(frappe.db.get_single_value("Selling Settings", "allow_multiple_items")):
            return
        seen = set()
        for row in self.items:
            key = (row.item_code, row.description, row.get("sales_order"))
            if key in seen:
                frappe.throw(_("Item {0} entered multiple times.").format(frappe.bold(row.item_code)))
            seen.add(key)

    def _validate_taxes(self) -> None:
        if self.taxes_and_charges and frappe.get_cached_value(
            TAX_TEMPLATE, self.taxes_and_charges, "disabled"
        ):
            frappe.throw(_("{0} '{1}' is disabled").format(_(TAX_TEMPLATE), self.taxes_and_charges))
        if not self.taxes and cint(
            frappe.db.get_single_value("Accounts Settings", "add_taxes_from_taxes_and_charges_template")
        ):
            self.extend("taxes", get_taxes_and_charges(TAX_TEMPLATE, self.taxes_and_charges))
        for tax in self.taxes:
            if frappe.get_cached_value("Account", tax.account_head, "company") != self.company:
                frappe.throw(
                    _("Row {0}: Account {1} does not belong to company {2}").format(
                        tax.idx, tax.account_head, self.company
                    )
                )

    def _validate_currency(self) -> None:
        __, customer = self.get_party()
        if not customer or self.currency == self.company_currency:
            return
        of_party = get_party_account_currency("Customer", customer, self.company)
        if of_party and of_party not in (self.company_currency, self.currency):
            frappe.throw(
                _("Accounting Entry for {0}: {1} can only be made in currency: {2}").format(
                    _("Customer"), customer, of_party
                ),
                InvalidCurrency,
            )

    def _validate_companies(self) -> None:
        for target in (self, *self.items):
            for doctype in ("Project", "Cost Center"):
                name = target.get(frappe.scrub(doctype))
                company = frappe.get_cached_value(doctype, name, "company") if name else None
                if company and company != self.company:
                    frappe.throw(
                        _("{0}: {1} does not belong to the Company: {2}").format(
                            doctype, frappe.bold(name), self.company
                        )
                    )

    def _validate_contact_and_address(self) -> None:
        __, customer = self.get_party()
        for field, doctype, message in (
            ("contact_person", "Contact", _("Contact Person does not belong to the {0}")),
            ("customer_address", "Address", _("Billing Address does not belong to the {0}")),
            ("shipping_address_name", "Address", _("Shipping Address does not belong to the {0}")),
        ):
            if not customer or not self.get(field):
                continue
            link = {
                "parenttype": doctype,
                "parent": self.get(field),
                "link_doctype": "Customer",
                "link_name": customer,
            }
            if not frappe.db.exists("Dynamic Link", link):
                frappe.throw(message.format(customer))
