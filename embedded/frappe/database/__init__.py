"""The site's database: one SQLite file, one connection per thread, MariaDB's manners."""

from frappe.database.sqlite import Database

__all__ = ["Database"]
