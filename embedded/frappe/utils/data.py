"""What Frappe keeps in `frappe.utils.data`: dates, numbers and text, and comparing by an operator's name."""

import operator
import re

from frappe.utils.clock import (  # noqa: F401
    convert_utc_to_system_timezone,
    convert_utc_to_timezone,
    get_datetime_in_timezone,
    get_system_timezone,
    now_datetime,
)
from frappe.utils.dates import *  # noqa: F403
from frappe.utils.dates import get_datetime, get_timedelta, getdate
from frappe.utils.numbers import *  # noqa: F403
from frappe.utils.numbers import cint, cstr, flt, sbool
from frappe.utils.text import *  # noqa: F403

get_time_zone = get_system_timezone

_TEXT = {"Data", "Text", "Small Text", "Long Text", "Text Editor", "Select", "Link", "Dynamic Link"}


def cast(fieldtype: str | None, value=None):
    """The value in the Python type of a field type; nothing becomes the type's empty value."""
    import datetime

    if fieldtype in ("Currency", "Float", "Percent"):
        return flt(value)
    if fieldtype in ("Int", "Check"):
        return cint(sbool(value))
    if fieldtype in _TEXT:
        return cstr(value)
    if fieldtype == "Date":
        return getdate(value) if value else datetime.date(1, 1, 1)
    if fieldtype == "Datetime":
        return get_datetime(value) if value else datetime.datetime(1, 1, 1)
    if fieldtype == "Time":
        return get_timedelta(value)
    return value


cast_fieldtype = cast


def _like(value, pattern) -> bool:
    expression = re.escape(str(pattern)).replace("%", ".*")
    return bool(re.fullmatch(expression, str(value or ""), re.IGNORECASE | re.DOTALL))


_OPERATORS = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "^": lambda a, b: str(a or "").startswith(b),
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
    "like": _like,
    "not like": lambda a, b: not _like(a, b),
    "is": lambda a, b: bool(a) if str(b).lower() == "set" else not a,
}


def compare(val1, condition: str, val2, fieldtype: str | None = None) -> bool:
    if fieldtype and condition not in ("is", "in", "not in"):
        val1, val2 = cast(fieldtype, val1), cast(fieldtype, val2)
    return bool(_OPERATORS[condition](val1, val2)) if condition in _OPERATORS else False


def has_common(l1, l2) -> bool:
    return bool(set(l1) & set(l2))


def unique(seq) -> list:
    return list(dict.fromkeys(seq))


def create_batch(iterable, size: int):
    """Slices of at most `size` members."""
    for start in range(0, len(iterable), size):
        yield iterable[start : start + size]


def get_table_name(table_name: str, wrap_in_backticks: bool = False) -> str:
    name = table_name if table_name.startswith("__") else f"tab{table_name}"
    return f"`{name}`" if wrap_in_backticks else name


def generate_hash(*args, **kwargs) -> str:
    import frappe

    return frappe.generate_hash(*args, **kwargs)


def get_files_path(*path: str, is_private: int | bool = 0) -> str:
    import frappe

    return frappe.get_site_path("private" if is_private else "public", "files", *path)


def get_site_path(*path: str) -> str:
    import frappe

    return frappe.get_site_path(*path)


def get_defaults() -> dict:
    import frappe

    return frappe.defaults.get_defaults()
