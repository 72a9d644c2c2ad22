"""System Settings: what is changed here holds at once, and is the default of the field of the same name."""

import frappe
from frappe.model.document import Document


class SystemSettings(Document):
    def on_update(self) -> None:
        for df in self.meta.fields:
            if df.fieldtype not in ("Section Break", "Column Break", "Tab Break", "Table", "Password"):
                frappe.db.set_default(df.fieldname, self.get(df.fieldname))
        frappe.local.process.system_settings = None
