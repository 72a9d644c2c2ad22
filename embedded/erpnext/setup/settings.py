"""Settings whose values are also the defaults of new documents, and trees that must keep their leaves."""

import frappe
from frappe import _
from frappe.model.document import Document


class GlobalDefaults(Document):
    def on_update(self) -> None:
        for key, field in (
            ("company", "default_company"),
            ("currency", "default_currency"),
            ("country", "country"),
        ):
            frappe.db.set_default(key, self.get(field))
        frappe.clear_cache()


class SellingSettings(Document):
    def on_update(self) -> None:
        for key in ("customer_group", "territory", "selling_price_list"):
            frappe.db.set_default(key, self.get(key))


class HolidayList(Document):
    def validate(self) -> None:
        self.validate_from_to_dates("from_date", "to_date")
        days = [frappe.utils.getdate(row.holiday_date) for row in self.holidays]
        first, last = frappe.utils.getdate(self.from_date), frappe.utils.getdate(self.to_date)
        for day in days:
            if not first <= day <= last:
                frappe.throw(_("The holiday on {0} is not between From Date and To Date").format(day))
        self.total_holidays = len(days)
