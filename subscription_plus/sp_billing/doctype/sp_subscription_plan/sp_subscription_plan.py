"""A plan: lines, recurrence, trial and terms that subscriptions are made from."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from subscription_plus.sp_billing import publishing


class SPSubscriptionPlan(Document):
    """Changing a plan changes no subscription: they took its lines over."""

    def validate(self):
        publishing.prepare(self)
        for row in self.lines:
            if flt(row.qty) < 0:
                frappe.throw(_("Row {0}: the quantity cannot be negative.").format(row.idx))
            if row.price_determination == "Fixed Rate" and not self.currency:
                frappe.throw(_("Row {0}: a fixed rate needs the plan's currency.").format(row.idx))
