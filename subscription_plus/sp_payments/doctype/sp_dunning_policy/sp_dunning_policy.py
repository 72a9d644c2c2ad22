"""What happens after a payment failed or stayed away."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint


class SPDunningPolicy(Document):
    """Its steps are kept in the order of their days: how many are done is counted."""

    def validate(self):
        days = [cint(row.days) for row in self.steps]
        if len(set(days)) != len(days):
            frappe.throw(_("Two steps are on the same day. Put what they do into one."))
        self.steps.sort(key=lambda row: cint(row.days))
        for number, row in enumerate(self.steps, start=1):
            row.idx = number
        ends = [row for row in self.steps[:-1] if row.action == "Cancel"]
        if ends:
            frappe.throw(_("Row {0} cancels: no step can come after it.").format(ends[0].idx))
