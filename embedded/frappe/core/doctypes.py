"""DocTypes made as documents: the table follows."""

import frappe
from frappe.model.document import Document


class DocType(Document):
    def validate(self) -> None:
        """What can be submitted can be amended."""
        if self.is_submittable and not any(field.fieldname == "amended_from" for field in self.fields):
            amended = {
                "fieldname": "amended_from",
                "fieldtype": "Link",
                "label": "Amended From",
                "options": self.name,
            }
            self.append("fields", {**amended, "read_only": 1, "print_hide": 1, "no_copy": 1})

    def on_update(self) -> None:
        """Commits, as every change of the schema does."""
        frappe.clear_cache(doctype=self.name)
        frappe.db.updatedb(self.name)

    def after_delete(self) -> None:
        """The table stays, as on a bench."""
        frappe.clear_cache(doctype=self.name)
