"""Trees by nested sets: every node lies between the `lft` and `rgt` of its parent, siblings in the order of making."""

import frappe
from frappe.model.document import Document


class NestedSet(Document):
    """A node. It takes its place when it is made; moving it to another parent is not offered here."""

    def after_insert(self) -> None:
        table = frappe.qb.DocType(self.doctype)
        parent = self.get(f"parent_{frappe.scrub(self.doctype)}")
        if parent:
            left = frappe.db.get_value(self.doctype, parent, "rgt")
            frappe.qb.update(table).set(table.rgt, table.rgt + 2).where(table.rgt >= left).run()
            frappe.qb.update(table).set(table.lft, table.lft + 2).where(table.lft > left).run()
        else:
            left = (frappe.get_all(self.doctype, fields=["max(rgt) as last"])[0].last or 0) + 1
        self.db_set({"lft": left, "rgt": left + 1}, update_modified=False)
