"""Contract: an agreement with a party, active from its first to its last day once it is signed."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime


class Contract(Document):
    def autoname(self) -> None:
        name, number = self.party_name, 0
        while frappe.db.exists("Contract", name):
            number += 1
            name = f"{self.party_name} - {number}"
        self.name = name

    def validate(self) -> None:
        if self.start_date and self.end_date and getdate(self.end_date) < getdate(self.start_date):
            frappe.throw(_("End Date cannot be before Start Date."))
        self.status = self._status()

    def before_submit(self) -> None:
        self.signed_by_company = frappe.session.user

    def before_update_after_submit(self) -> None:
        self.status = self._status()
        if self.is_signed and not self.signed_on:
            self.signed_on = now_datetime()

    def _status(self) -> str:
        if not self.is_signed:
            return "Unsigned"
        today = getdate()
        begun = not self.start_date or getdate(self.start_date) <= today
        ended = self.end_date and getdate(self.end_date) < today
        return "Active" if begun and not ended else "Inactive"
