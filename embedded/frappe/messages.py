"""Telling the user something, raising with a message, and logging what failed."""

import inspect

import frappe
from frappe import local
from frappe.dicts import _dict


def _(msg: str, lang: str | None = None, context: str | None = None) -> str:
    """The message in the user's language."""
    from frappe.translate import translate

    return translate(msg, lang or getattr(local, "lang", "en"), context)


_lt = _


def msgprint(
    msg,
    title: str | None = None,
    raise_exception=False,
    as_table: bool = False,
    as_list: bool = False,
    indicator: str | None = None,
    alert: bool = False,
    primary_action=None,
    is_minimizable: bool = False,
    wide: bool = False,
    *,
    realtime: bool = False,
) -> None:
    """Tells the user something (in the response's `_server_messages`); raises as well when asked to."""
    out = _dict(message=msg, title=title or frappe._("Message"))
    if indicator or raise_exception:
        out.indicator = indicator or "red"
    given = {"alert": alert, "raise_exception": raise_exception, "as_table": as_table, "as_list": as_list}
    out.update({key: 1 for key, value in given.items() if value})
    if primary_action:
        out.primary_action = primary_action
    if not frappe.flags.mute_messages:
        local.message_log.append(out)
    if raise_exception:
        if inspect.isclass(raise_exception) and issubclass(raise_exception, Exception):
            raise raise_exception(msg)
        if isinstance(raise_exception, Exception):
            raise_exception.args = (msg,)
            raise raise_exception
        raise frappe.ValidationError(msg)


def throw(
    msg,
    exc=frappe.ValidationError,
    title: str | None = None,
    is_minimizable=False,
    wide=False,
    as_list=False,
    **more,
):
    """Raises `exc` with a message for the user."""
    frappe.msgprint(msg, raise_exception=exc, title=title, indicator="red", as_list=as_list, **more)


def clear_messages() -> None:
    local.message_log = []


def get_message_log() -> list[dict]:
    return [dict(each) for each in local.message_log]


def clear_last_message() -> None:
    local.message_log = local.message_log[:-1]


def errprint(msg: str) -> None:
    local.error_log.append({"exc": msg})


def log(msg: str) -> None:
    local.debug_log.append(str(msg))


def get_traceback(with_context: bool = False) -> str:
    import traceback

    return traceback.format_exc()


def bold(text) -> str:
    return f"<strong>{text}</strong>"


def log_error(title=None, message=None, reference_doctype=None, reference_name=None, *, defer_insert=False):
    """An Error Log row: what failed (title) and the traceback, or the message given."""
    traceback = frappe.get_traceback()
    if message is None and title and "\n" in str(title):
        title, message = None, title
    text = message or (traceback if traceback.strip() != "NoneType: None" else title)
    title = title or (str(text).strip().splitlines() or ["Error"])[-1]
    values = {"doctype": "Error Log", "method": str(title)[:140], "error": str(text)}
    values.update(reference_doctype=reference_doctype, reference_name=reference_name)
    return frappe.get_doc(values).insert(ignore_permissions=True, ignore_links=True)


def logger(module: str | None = None, *_args, **_kwargs):
    import logging

    return logging.getLogger(f"frappe.{module or 'site'}")
