"""Accounting dimensions: the fields ERPNext's documents carry for them on this site."""

from __future__ import annotations

from erpnext.accounts.doctype.accounting_dimension.accounting_dimension import get_accounting_dimensions


def fieldnames() -> tuple[str, ...]:
    """Cost centre and project, and what the site has defined beside them."""
    return ("cost_center", "project", *get_accounting_dimensions())
