"""`frappe.utils.logger.get_logger`."""

import frappe


def get_logger(module: str | None = None, *_args, **_kwargs):
    return frappe.logger(module)
