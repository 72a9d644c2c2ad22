"""DocTypes made as documents: the table follows."""

import frappe
from frappe.model.document import Document


class DocType(Document):
    def on_update(self) -> None:
        """Commits, as every change of the schema does."""
        frappe.clear_cache(doctype=self.name)
        frappe.db.updatedb(self.name)

    def after_delete(self) -> None:
        """The table stays, as on a bench."""
        frappe.clear_cache(doctype=self.name)
