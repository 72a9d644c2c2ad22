"""SQL functions for `frappe.qb`."""

from pypika.functions import *  # noqa: F403
from pypika.functions import Coalesce, IfNull
from pypika.terms import CustomFunction, Function

Ifnull = IfNull
CombineDatetime = CustomFunction("TIMESTAMP", ["date", "time"])
DateFormat = CustomFunction("DATE_FORMAT", ["date", "format"])
GroupConcat = CustomFunction("GROUP_CONCAT", ["column"])
Locate = CustomFunction("LOCATE", ["needle", "text"])
Year, Month, LastDay = (CustomFunction(name, ["date"]) for name in ("YEAR", "MONTH", "LAST_DAY"))


class DateDiff(Function):
    """Days from the second date to the first, as MariaDB's DATEDIFF counts them."""

    def __init__(self, end, start, alias=None):
        super().__init__("DATEDIFF", end, start, alias=alias)


class Round(Function):
    def __init__(self, term, decimal=0, **kwargs):
        super().__init__("ROUND", term, decimal, **kwargs)


class Timestamp(Function):
    def __init__(self, term, time=None, alias=None):
        super().__init__("TIMESTAMP", *([term, time] if time else [term]), alias=alias)


__all__ = [name for name in globals() if name[:1].isupper()] + ["Coalesce"]
