"""When items can be booked, and by which rules."""

from itertools import pairwise

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_time, getdate


class SPBookingCalendar(Document):
    """Hours of a day do not overlap; 00:00 as the end is midnight."""

    def validate(self):
        by_day: dict[str, list[tuple[str, str]]] = {}
        for row in self.hours:
            self._check_times(row)
            by_day.setdefault(row.weekday, []).append(self._times(row))
        for weekday, pairs in by_day.items():
            pairs.sort()
            if any(later[0] < earlier[1] for earlier, later in pairwise(pairs)):
                frappe.throw(_("The hours on {0} overlap.").format(_(weekday)))
        for row in self.exceptions:
            if getdate(row.last_day) < getdate(row.first_day):
                frappe.throw(_("Exception {0}: To is before From.").format(row.idx))
            if row.is_open:
                self._check_times(row)

    @staticmethod
    def _times(row) -> tuple[str, str]:
        opens, closes = (str(get_time(value or "00:00")) for value in (row.opens, row.closes))
        return opens, "24:00:00" if closes == "00:00:00" else closes

    def _check_times(self, row):
        opens, closes = self._times(row)
        if closes <= opens:
            frappe.throw(_("Row {0}: it closes before it opens.").format(row.idx))
