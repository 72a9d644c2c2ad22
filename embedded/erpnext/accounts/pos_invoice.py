"""POS Invoice: sold and paid at the counter. No tax, no stock: what the app reads of one is its rows and amounts."""

from frappe.model.document import Document
from frappe.utils import flt


class POSInvoice(Document):
    def validate(self) -> None:
        for row in self.items:
            row.amount = flt(flt(row.qty) * flt(row.rate), row.precision("amount"))
        self.total = sum(flt(row.amount) for row in self.items)
        self.grand_total = self.base_grand_total = self.total
        self.party_account_currency = self.currency
        self.outstanding_amount = 0
        self.status = "Draft"

    def on_submit(self) -> None:
        self.db_set("status", "Return" if self.is_return else "Paid")

    def on_cancel(self) -> None:
        self.db_set("status", "Cancelled")
