"""Before a request: one that leaves out an argument which its verb needs is told so, instead of breaking down."""

import inspect
import re
from collections.abc import Callable

import frappe
from frappe import _

VERB = re.compile(r"/api/(?:v\d/)?method/(subscription_plus\.[\w.]+)/?")


def check_request() -> None:
    """The hook `before_request`. Who may not ask at all is Frappe's to refuse, after this."""
    asked = VERB.fullmatch(frappe.request.path)
    function = _verb(asked[1]) if asked else None
    if not function:
        return
    missing = [
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.default is one.empty
        and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        and one.name not in frappe.form_dict
    ]
    if missing:
        frappe.throw(_("Give {0}: it is needed.").format(", ".join(missing)))


def _verb(path: str) -> Callable | None:
    """The function of a path, if HTTP may call it: by this verb, and by this caller as far as can be said yet."""
    try:
        function = frappe.get_attr(path)
    except (ImportError, AttributeError, ValueError, frappe.ValidationError):
        return None
    if not callable(function):
        return None
    if frappe.request.method not in frappe.allowed_http_methods_for_whitelisted_func.get(function, ()):
        return None
    known = frappe.session.user != "Guest" or frappe.get_request_header("Authorization")
    return function if known or function in frappe.guest_methods else None
