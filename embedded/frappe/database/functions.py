"""What SQLite lacks beside MariaDB: SQL functions, and how dates and times are stored and given back."""

import datetime
import re
import sqlite3
from decimal import Decimal

# Results of these expressions have no column type in SQLite, so dates among them come back as text.
MAKES_DATES = re.compile(
    r"\b(max|min|coalesce|ifnull|date|now|curdate|case|last_day|timestamp)\b", re.IGNORECASE
)
_DATE_TEXT = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{6})?)?")


def to_text(value) -> str:
    """A date, datetime, time or timedelta in the one form in which it is stored: text that sorts as time does."""
    if isinstance(value, datetime.datetime):
        return str(value)
    if isinstance(value, datetime.timedelta):
        seconds = value.total_seconds()
        whole = int(seconds)
        return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{round((seconds - whole) * 1e6):06}"
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M:%S.%f")
    return value.isoformat()


def parse_datetime(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def parse_time(text: str) -> datetime.timedelta:
    hours, minutes, seconds = text.split(":")
    return datetime.timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


for kind in (datetime.datetime, datetime.date, datetime.time, datetime.timedelta):
    sqlite3.register_adapter(kind, to_text)
sqlite3.register_adapter(Decimal, float)
sqlite3.register_converter("date", lambda raw: datetime.date.fromisoformat(raw.decode()))
sqlite3.register_converter("datetime", lambda raw: parse_datetime(raw.decode()))
sqlite3.register_converter("time", lambda raw: parse_time(raw.decode()))


def restore_dates(rows: list[tuple]) -> list[tuple]:
    """Rows in which text of exactly a date's or a datetime's form is one again."""

    def restored(value):
        if isinstance(value, str) and _DATE_TEXT.fullmatch(value):
            return datetime.date.fromisoformat(value) if len(value) == 10 else parse_datetime(value)
        return value

    return [tuple(map(restored, row)) for row in rows]


def _day(text) -> datetime.date:
    return datetime.date.fromisoformat(str(text)[:10])


def _moment(text) -> datetime.datetime:
    return datetime.datetime.fromisoformat(str(text))


def _null_safe(function):
    return lambda *args: None if any(arg is None for arg in args) else function(*args)


def _now() -> str:
    from frappe.utils.clock import now_datetime

    return to_text(now_datetime())


def _date_format(moment, pattern: str) -> str:
    return _moment(moment).strftime(pattern.replace("%i", "%M").replace("%s", "%S"))


def _last_day(text) -> str:
    day = _day(text)
    following = day.replace(day=28) + datetime.timedelta(days=4)
    return (following - datetime.timedelta(days=following.day)).isoformat()


def _locate(needle, text, start=1) -> int:
    return str(text).lower().find(str(needle).lower(), start - 1) + 1


_FUNCTIONS = {
    ("now", 0): _now,
    ("curdate", 0): lambda: _now()[:10],
    ("datediff", 2): _null_safe(lambda a, b: (_day(a) - _day(b)).days),
    ("year", 1): _null_safe(lambda day: _day(day).year),
    ("month", 1): _null_safe(lambda day: _day(day).month),
    ("dayofmonth", 1): _null_safe(lambda day: _day(day).day),
    ("last_day", 1): _null_safe(_last_day),
    ("date_format", 2): _null_safe(_date_format),
    ("timestamp", 1): _null_safe(lambda moment: to_text(_moment(moment))),
    ("timestamp", 2): _null_safe(lambda day, time: to_text(_moment(str(day)[:10]) + parse_time(time))),
    ("concat", -1): _null_safe(lambda *parts: "".join(map(str, parts))),
    ("concat_ws", -1): lambda glue, *parts: glue.join(str(part) for part in parts if part is not None),
    ("if", 3): lambda condition, yes, no: yes if condition else no,
    ("greatest", -1): _null_safe(max),
    ("least", -1): _null_safe(min),
    ("locate", 2): _null_safe(_locate),
    ("locate", 3): _null_safe(_locate),
    ("regexp", 2): _null_safe(lambda pattern, text: bool(re.search(pattern, str(text), re.IGNORECASE))),
}


def register(connection: sqlite3.Connection) -> None:
    for (name, arguments), function in _FUNCTIONS.items():
        connection.create_function(name, arguments, function)
