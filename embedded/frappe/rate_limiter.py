"""`@rate_limit`: so many calls from one address, in so many seconds."""

from collections.abc import Callable
from functools import wraps

import frappe
from frappe import _


def rate_limit(
    key: str | None = None,
    limit: int | Callable = 5,
    seconds: int = 24 * 60 * 60,
    methods: str | list = "ALL",
    ip_based: bool = True,
):
    """Raises RateLimitExceededError (429). Counts per address, and per value of the request's argument `key`."""

    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            request = getattr(frappe.local, "request", None)
            listed = [methods] if isinstance(methods, str) else methods
            counted = request is not None and ("ALL" in listed or request.method.upper() in listed)
            if counted:
                _count(function, key, limit() if callable(limit) else limit, seconds, ip_based)
            return function(*args, **kwargs)

        return wrapper

    return decorate


def _count(function, key: str | None, limit: int, seconds: int, ip_based: bool) -> None:
    address = frappe.local.request_ip if ip_based else None
    value = frappe.form_dict.get(key, "") if key else ""
    if key and not value and not ip_based:
        frappe.throw(_("Either key or IP flag is required."))
    identity = ":".join(filter(None, (address, str(value))))
    cache_key = f"rl:{function.__module__}.{function.__qualname__}:{identity}"
    if frappe.cache.get_value(cache_key) is None:
        frappe.cache.setex(cache_key, seconds, 0)
    if frappe.cache.incrby(cache_key, 1) > limit:
        message = _("You hit the rate limit because of too many requests. Please try after sometime.")
        frappe.throw(message, frappe.RateLimitExceededError)
