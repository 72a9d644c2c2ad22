"""A coupon: a discount for some periods, for a limited number of subscriptions."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate


class SPCoupon(Document):
    """Its uses are counted under a lock, see sp_billing/coupons.py."""

    def validate(self):
        if self.discount_type == "Percentage" and not 0 < flt(self.percentage) <= 100:
            frappe.throw(_("A percentage is more than 0 and at most 100."))
        if self.discount_type == "Amount" and flt(self.amount) <= 0:
            frappe.throw(_("Say the amount that is taken off."))
        if self.duration == "For Some Periods" and cint(self.periods) < 1:
            frappe.throw(_("Say for how many periods it counts."))
        if self.valid_from and self.valid_until and getdate(self.valid_until) < getdate(self.valid_from):
            frappe.throw(_("Valid Until is before Valid From."))
