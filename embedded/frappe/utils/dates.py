"""Dates and times as Frappe reads, adds and writes them."""

import datetime

import frappe
from dateutil import parser
from dateutil.relativedelta import relativedelta
from frappe.utils.clock import now_datetime

DATE_FORMAT = "%Y-%m-%d"
TIME_FORMAT = "%H:%M:%S.%f"
DATETIME_FORMAT = f"{DATE_FORMAT} {TIME_FORMAT}"
_FORMATS = {"yyyy": "%Y", "mm": "%m", "dd": "%d", "HH": "%H", "ss": "%S"}


def is_invalid_date_string(text) -> bool:
    return not isinstance(text, str) or text.startswith(("0001-01-01", "0000-00-00"))


def getdate(string_date=None, parse_day_first: bool = False) -> datetime.date | None:
    """A date from text, a date or a datetime; today for nothing."""
    if not string_date:
        return now_datetime().date()
    if isinstance(string_date, datetime.datetime):
        return string_date.date()
    if isinstance(string_date, datetime.date):
        return string_date
    if is_invalid_date_string(string_date):
        return None
    try:
        return datetime.date.fromisoformat(string_date)
    except ValueError:
        pass  # not the stored form: let the general parser read it
    try:
        return parser.parse(string_date, dayfirst=parse_day_first).date()
    except (parser.ParserError, OverflowError):
        message = frappe._("{} is not a valid date string.").format(frappe.bold(string_date))
        frappe.throw(message, title=frappe._("Invalid Date"))


def get_datetime(datetime_str=None) -> datetime.datetime | None:
    """A datetime from text, a date or a datetime; now for None."""
    if datetime_str is None:
        return now_datetime()
    if isinstance(datetime_str, (datetime.datetime, datetime.timedelta)):
        return datetime_str
    if isinstance(datetime_str, datetime.date):
        return datetime.datetime.combine(datetime_str, datetime.time())
    if is_invalid_date_string(datetime_str):
        return None
    try:
        return datetime.datetime.fromisoformat(datetime_str)
    except ValueError:
        return parser.parse(datetime_str)


def get_timedelta(time=None) -> datetime.timedelta | None:
    """A time of day (text, time or datetime) as the timedelta that MariaDB answers for it."""
    if time is None or isinstance(time, datetime.timedelta):
        return time
    if isinstance(time, datetime.datetime):
        time = time.time()
    if isinstance(time, str):
        try:
            time = parser.parse(time).time()
        except parser.ParserError:
            return None
    return datetime.timedelta(
        hours=time.hour, minutes=time.minute, seconds=time.second, microseconds=time.microsecond
    )


to_timedelta = get_timedelta


def get_time(time_str) -> datetime.time:
    if isinstance(time_str, datetime.timedelta):
        return (datetime.datetime.min + time_str).time()
    if isinstance(time_str, datetime.datetime):
        return time_str.time()
    return time_str if isinstance(time_str, datetime.time) else parser.parse(time_str).time()


def now() -> str:
    if frappe.flags.current_date:
        return f"{getdate(frappe.flags.current_date)} {now_datetime().strftime(TIME_FORMAT)}"
    return now_datetime().strftime(DATETIME_FORMAT)


def nowdate() -> str:
    return now_datetime().strftime(DATE_FORMAT)


today = nowdate


def nowtime() -> str:
    return now_datetime().strftime(TIME_FORMAT)


def add_to_date(
    date,
    years=0,
    months=0,
    weeks=0,
    days=0,
    hours=0,
    minutes=0,
    seconds=0,
    as_string=False,
    as_datetime=False,
):
    """Text in gives text out; a date in gives a date (a datetime when hours or less are added, or as_datetime)."""
    if date is None:
        date = now_datetime()
    if hours:
        as_datetime = True
    if isinstance(date, str):
        as_string = True
        if " " in date:
            as_datetime = True
        try:
            date = parser.parse(date)
        except parser.ParserError:
            frappe.throw(frappe._("Please select a valid date filter"), title=frappe._("Invalid Date"))
    date += relativedelta(
        years=years, months=months, weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
    )
    if not as_string:
        return date
    return date.strftime(DATETIME_FORMAT if as_datetime else DATE_FORMAT)


def add_days(date, days: float):
    return add_to_date(date, days=days)


def add_months(date, months: int):
    return add_to_date(date, months=months)


def add_years(date, years: int):
    return add_to_date(date, years=years)


def date_diff(string_ed_date, string_st_date) -> int:
    return (getdate(string_ed_date) - getdate(string_st_date)).days


days_diff = date_diff


def month_diff(string_ed_date, string_st_date) -> int:
    end, start = getdate(string_ed_date), getdate(string_st_date)
    return (end.year - start.year) * 12 + end.month - start.month + 1


def time_diff(string_ed_date, string_st_date) -> datetime.timedelta:
    return get_datetime(string_ed_date) - get_datetime(string_st_date)


def time_diff_in_seconds(string_ed_date, string_st_date) -> float:
    return time_diff(string_ed_date, string_st_date).total_seconds()


def time_diff_in_hours(string_ed_date, string_st_date) -> float:
    return round(time_diff_in_seconds(string_ed_date, string_st_date) / 3600, 6)


def _either(date: datetime.date, as_str: bool):
    return date.strftime(DATE_FORMAT) if as_str else date


def get_first_day(dt, d_years: int = 0, d_months: int = 0, as_str: bool = False):
    dt = getdate(dt)
    years, month = divmod(dt.month + d_months - 1, 12)
    return _either(datetime.date(dt.year + d_years + years, month + 1, 1), as_str)


def get_last_day(dt) -> datetime.date:
    return get_first_day(dt, 0, 1) - datetime.timedelta(days=1)


def is_last_day_of_the_month(dt) -> bool:
    return getdate(dt) == get_last_day(dt)


def get_first_day_of_week(dt, as_str: bool = False):
    """Weeks start on Sunday, as System Settings' default says."""
    dt = getdate(dt)
    return _either(dt - datetime.timedelta(days=(dt.weekday() + 1) % 7), as_str)


def get_last_day_of_week(dt) -> datetime.date:
    return get_first_day_of_week(dt) + datetime.timedelta(days=6)


def get_quarter_start(dt, as_str: bool = False):
    dt = getdate(dt)
    return _either(datetime.date(dt.year, (dt.month - 1) // 3 * 3 + 1, 1), as_str)


def get_quarter_ending(date) -> datetime.date:
    return get_first_day(get_quarter_start(date), 0, 3) - datetime.timedelta(days=1)


def get_year_start(dt, as_str: bool = False):
    return _either(datetime.date(getdate(dt).year, 1, 1), as_str)


def get_year_ending(date) -> datetime.date:
    return datetime.date(getdate(date).year, 12, 31)


def get_datetime_str(datetime_obj) -> str:
    return get_datetime(datetime_obj).strftime(DATETIME_FORMAT)


def get_user_date_format() -> str:
    return frappe.get_system_settings("date_format") or "yyyy-mm-dd"


def get_user_time_format() -> str:
    return frappe.get_system_settings("time_format") or "HH:mm:ss"


def format_date(string_date=None, format_string: str | None = None, parse_day_first: bool = False) -> str:
    """The date as System Settings writes dates, or in a given form such as `dd.mm.yyyy` or Babel's `long`."""
    if not string_date:
        return ""
    day = getdate(string_date, parse_day_first)
    if day is None:
        return ""
    form = format_string or get_user_date_format()
    if set(form.replace("yyyy", "").replace("mm", "").replace("dd", "")) <= set("-/. "):
        for word, code in _FORMATS.items():
            form = form.replace(word, code)
        return day.strftime(form)
    from babel.dates import format_date as babel_date

    return babel_date(day, form.replace("dddd", "EEEE"), locale=(frappe.local.lang or "en").replace("-", "_"))


formatdate = format_date


def format_time(time_string=None, format_string: str | None = None) -> str:
    if time_string is None or time_string == "":
        return ""
    form = format_string or get_user_time_format()
    return get_time(time_string).strftime(form.replace("HH", "%H").replace("mm", "%M").replace("ss", "%S"))


def format_datetime(datetime_string=None, format_string: str | None = None) -> str:
    if not datetime_string:
        return ""
    moment = get_datetime(datetime_string)
    if format_string and not format_string.startswith(("yyyy", "dd", "mm")):
        from babel.dates import format_datetime as babel_datetime

        return babel_datetime(moment, format_string, locale=(frappe.local.lang or "en").replace("-", "_"))
    date_part, _space, time_part = (format_string or "").partition(" ")
    return f"{format_date(moment, date_part or None)} {format_time(moment, time_part or None)}"


def global_date_format(date, format: str = "long") -> str:
    from babel.dates import format_date as babel_date

    return babel_date(getdate(date), format=format, locale=(frappe.local.lang or "en").replace("-", "_"))


def pretty_date(iso_datetime) -> str:
    """How long ago, in words of the user's language."""
    if not iso_datetime:
        return ""
    from babel.dates import format_timedelta

    locale = (frappe.local.lang or "en").replace("-", "_")
    return format_timedelta(get_datetime(iso_datetime) - now_datetime(), add_direction=True, locale=locale)


def format_duration(seconds, hide_days: bool = False) -> str:
    seconds = int(seconds or 0)
    days = 0 if hide_days else seconds // 86400
    rest = seconds - days * 86400
    parts = {"d": days, "h": rest // 3600, "m": rest // 60 % 60, "s": rest % 60}
    return " ".join(f"{value}{unit}" for unit, value in parts.items() if value)
