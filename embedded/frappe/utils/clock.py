"""The site's time: the host's clock, which a demo can move, in the site's time zone."""

import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from embedded.host import clock


@lru_cache(maxsize=32)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def get_system_timezone() -> str:
    """System Settings' time zone; Europe/Paris where none is set."""
    import frappe

    return (
        getattr(frappe.local, "process", None) and frappe.get_system_settings("time_zone")
    ) or "Europe/Paris"


def utc_now() -> datetime.datetime:
    return clock.utc_now()


def now_datetime() -> datetime.datetime:
    """Now in the site's time zone, without tzinfo."""
    return utc_now().astimezone(_zone(get_system_timezone())).replace(tzinfo=None)


def convert_utc_to_timezone(utc_timestamp: datetime.datetime, time_zone: str) -> datetime.datetime:
    return utc_timestamp.replace(tzinfo=datetime.timezone.utc).astimezone(_zone(time_zone))


def convert_utc_to_system_timezone(utc_timestamp: datetime.datetime) -> datetime.datetime:
    return convert_utc_to_timezone(utc_timestamp, get_system_timezone())


def get_datetime_in_timezone(time_zone: str) -> datetime.datetime:
    return utc_now().astimezone(_zone(time_zone))
