"""What JSON has no word for, in Frappe's."""

import datetime
import decimal
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from werkzeug.local import LocalProxy


def json_handler(value):
    """`default=` of json.dumps."""
    from frappe.model.base_document import BaseDocument

    if isinstance(value, (datetime.date, datetime.time, LocalProxy, UUID, Path)):
        return str(value)
    if isinstance(value, datetime.timedelta):
        hours, seconds = divmod(int(value.total_seconds()), 3600)
        return f"{hours}:{seconds // 60:02}:{seconds % 60:02}"
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, BaseDocument):
        return value.as_dict(no_nulls=True)
    if isinstance(value, Iterable):
        return list(value)
    if isinstance(value, type | Exception) or callable(value):
        return repr(value)
    raise TypeError(f"Object of type {type(value)} with value of {value!r} is not JSON serializable")
