"""What arguments mean: days, moments, numbers, pages, lists of fields; a clear refusal (417) of anything else.

Modules of endpoints do without `from __future__ import annotations`: Frappe checks arguments by their hints only where
these are types.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Annotated

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate
from pydantic import WithJsonSchema

FIRST_YEAR, LAST_YEAR = 1970, 2200
MOST_ROWS = 200
MOST = 100_000

# As Frappe writes and reads them; in the description of the API they say so.
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date", "examples": ["2025-06-30"]})]
Moment = Annotated[str, WithJsonSchema({"type": "string", "examples": ["2025-06-30 09:00:00"]})]
Switch = Annotated[int, WithJsonSchema({"type": "integer", "enum": [0, 1]})]


def day(value: str | dt.date | None) -> dt.date | None:
    """A date; None where none was given."""
    if not value:
        return None
    try:
        found = getdate(value)
    except (ValueError, OverflowError, TypeError):
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        frappe.throw(_("{0} is no date. Write it like 2025-06-30.").format(_shown(value)))
    return found


def moment(value: str | dt.datetime | None) -> dt.datetime | None:
    """A date with a time in the site's time zone; None where none was given."""
    if not value:
        return None
    try:
        found = get_datetime(value)
    except (ValueError, OverflowError, TypeError):
        found = None
    if found is None or found.tzinfo or not FIRST_YEAR <= found.year <= LAST_YEAR:
        frappe.throw(
            _("{0} is no moment. Write it like 2025-06-30 09:00:00, in the site's time zone.").format(
                _shown(value)
            )
        )
    return found


def number(value: float, least: float = -MOST) -> float:
    """A number that can be reckoned with."""
    if not math.isfinite(value) or not least <= value <= MOST:
        frappe.throw(_("{0} is not between {1} and {2}.").format(_shown(value), f"{least:g}", MOST))
    return value


def page(start: int, limit: int) -> dict[str, int]:
    """From which row on, and how many at most, as Frappe's lists take it."""
    return {
        "limit_start": min(max(cint(start), 0), 10**9),
        "limit_page_length": min(max(cint(limit), 1), MOST_ROWS),
    }


def names(value: str | list[str]) -> list[str]:
    """One name, or a list of them (as JSON in an address)."""
    found = json_of(value) if isinstance(value, str) and value.startswith("[") else value
    found = [found] if isinstance(found, str) else found
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        frappe.throw(_("Give one name, or a list of names."))
    return found


def fields(wanted: str | list[str] | None, offered: Sequence[str]) -> list[str]:
    """The fields to answer with: those asked for, all where none is named; refused where one is not offered."""
    if not wanted:
        return list(offered)
    asked = names(wanted)
    unknown = sorted(set(asked) - set(offered))
    if unknown:
        frappe.throw(
            _("There is no field {0} here. These are: {1}.").format(_shown(unknown[0]), ", ".join(offered))
        )
    return asked


def json_of(value: object) -> object:
    """What a text says in JSON; anything else as it is, and None for a text that is none."""
    if not isinstance(value, str):
        return value
    try:
        return frappe.parse_json(value)
    except (ValueError, RecursionError):
        return None


def _shown(value: object) -> str:
    return frappe.utils.escape_html(str(value)[:100])
