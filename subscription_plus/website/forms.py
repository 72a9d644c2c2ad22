"""Forms that work without JavaScript: post to a whitelisted function, be redirected to a page (see the package)."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import frappe
from frappe.utils import strip_html

from . import flash


def form(back: str) -> Callable[[Callable[..., str]], Callable[..., None]]:
    """Make a function the target of a form: it returns the address to go on to.

    `back`: the form's own page, where a refusal (ValidationError) is shown beside what was filled in; may hold
    arguments of the function: "/account/subscriptions/{subscription}". What is not there or not the caller's
    stays an error page. Stands below `@frappe.whitelist(methods=["POST"])`.
    """

    def wrap(work: Callable[..., str]) -> Callable[..., None]:
        parameters = inspect.signature(work).parameters.values()
        defaults = {one.name: "" if one.default is one.empty else one.default for one in parameters}

        @functools.wraps(work)
        def answer(**given: Any) -> None:
            # A form says everything as text, and leaves out what nobody ticked; a program that posts numbers is read alike.
            kwargs = {key: value if value is None else str(value) for key, value in given.items()}
            filled = {**defaults, **kwargs}
            try:
                target = work(**kwargs)
            except (frappe.PermissionError, frappe.PageDoesNotExistError, frappe.DoesNotExistError):
                raise
            except frappe.ValidationError as error:
                frappe.db.rollback()
                flash.say(strip_html(str(error)), "danger", _plain(kwargs))
                target = back.format(
                    **{key: quote(str(value or ""), safe="") for key, value in filled.items()}
                )
            # What was thrown or remarked on the way is said by the page, not by a pop-up nobody sees.
            frappe.clear_messages()
            frappe.local.response.type = "redirect"
            frappe.local.response.location = target

        return answer

    return wrap


def _plain(values: dict[str, Any]) -> dict[str, str]:
    """What people typed; a form's own fields come back as text. Nothing long, nothing secret."""
    kept = {key: str(value) for key, value in values.items() if isinstance(value, str | int | float)}
    return {key: value for key, value in kept.items() if len(value) <= 2000 and "password" not in key}
