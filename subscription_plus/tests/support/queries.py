"""Counts the queries of a piece of work."""

from collections.abc import Callable
from unittest import mock

import frappe


def queries_of(work: Callable[[], object]) -> int:
    """How many statements a call sends to the database. What counted is gone from the connection afterwards."""
    with mock.patch.object(frappe.db, "sql", wraps=frappe.db.sql) as sql:
        work()
    return sql.call_count
