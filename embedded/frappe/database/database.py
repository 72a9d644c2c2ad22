"""A block of database work that is undone when it fails."""

import re


class savepoint:
    """`with savepoint(catch=Exception):` undoes what was written inside when `catch` is raised there, and swallows it."""

    def __init__(self, catch: type | tuple[type, ...] = Exception):
        import frappe

        self.catch = catch
        self.name = re.sub(r"\d", "x", frappe.generate_hash(length=10))

    def __enter__(self):
        import frappe

        frappe.db.savepoint(self.name)

    def __exit__(self, kind, error, traceback):
        import frappe

        if error is None:
            frappe.db.release_savepoint(self.name)
        elif isinstance(error, self.catch):
            frappe.db.rollback(save_point=self.name)
            return True
        return False
