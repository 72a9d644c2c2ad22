"""How often is billed, when, and with which documents. In use, its calendar does not change any more."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

CALENDAR = ("unit", "interval_count", "billing_day", "bill_at", "stub_billing")


class SPRecurrencePeriod(Document):
    """Checked so that the engine can always read it."""

    def validate(self):
        if cint(self.interval_count) < 1:
            frappe.throw(_("A period lasts at least one {0}.").format(_(self.unit)))
        if self.unit in ("Day", "Week"):
            self.billing_day = 0
        if not 0 <= cint(self.billing_day) <= 31:
            frappe.throw(_("A billing day is between 1 and 31 (31: the last day of the month), or empty."))
        if self.bill_at != "Days Before Start":
            self.days_before = 0
        elif cint(self.days_before) < 1:
            frappe.throw(_("Say how many days before its start a period is billed."))
        self._check_unchanged()

    def _check_unchanged(self):
        """Another calendar would move periods of subscriptions that count on it."""
        before = self.get_doc_before_save()
        changed = before and [field for field in CALENDAR if before.get(field) != self.get(field)]
        if changed and frappe.db.exists("SP Billing Period", {"recurrence_period": self.name}):
            frappe.throw(
                _(
                    "{0} is in use: make another recurrence period and change the plan of the subscriptions to it."
                ).format(self.name)
            )
