"""Installed apps, their hooks and modules, and calling their functions by path."""

import importlib
import inspect
import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe import local
from frappe.dicts import _dict


def get_installed_apps(*, _ensure_on_bench: bool = False) -> list[str]:
    if getattr(local, "installing_apps", None):
        return local.installing_apps
    return json.loads(frappe.db.get_global("installed_apps") or "[]")


def get_hooks(hook: str | None = None, default: Any = "_KEEP_DEFAULT_LIST", app_name: str | None = None):
    """The apps' hooks by name; every value a list (or a dict of lists)."""
    cached = local.request_cache
    if "apps" not in cached:
        cached["apps"] = frappe.get_installed_apps()
    found = local.process.all_hooks([app_name] if app_name else cached["apps"])
    if hook:
        return found.get(hook, [] if default == "_KEEP_DEFAULT_LIST" else default)
    return _dict(found)


def get_doc_hooks() -> dict:
    """`doc_events` with tuple keys spread out."""
    spread: dict = {}
    for key, events in frappe.get_hooks("doc_events", {}).items():
        for doctype in key if isinstance(key, tuple) else (key,):
            for event, methods in events.items():
                spread.setdefault(doctype, {}).setdefault(event, []).extend(methods)
    return spread


def get_module(modulename: str):
    return importlib.import_module(modulename)


def get_attr(method_string: str) -> Any:
    """The object behind a dotted path. Raises AppNotInstalledError for the path of an app that is not here."""
    app = method_string.split(".", 1)[0]
    if app not in ("frappe", *frappe.get_installed_apps()):
        frappe.throw(frappe._("App {0} is not installed").format(app), frappe.AppNotInstalledError)
    module, _dot, name = method_string.rpartition(".")
    return getattr(frappe.get_module(module), name)


def call(fn, *args, **kwargs):
    """Calls a function (or its dotted path) with those of the keyword arguments that it takes."""
    if isinstance(fn, str):
        fn = frappe.get_attr(fn)
    return fn(*args, **frappe.get_newargs(fn, kwargs))


def get_newargs(fn: Callable, kwargs: dict) -> dict:
    parameters = inspect.signature(fn).parameters.values()
    takes_all = any(each.kind is each.VAR_KEYWORD for each in parameters)
    names = {each.name for each in parameters}
    accepted = {key: value for key, value in kwargs.items() if takes_all or key in names}
    for reserved in ("ignore_permissions", "flags"):  # never from outside
        accepted.pop(reserved, None)
    return accepted


def get_app_path(app_name: str, *joins: str) -> str:
    from frappe.doctypes import app_folder

    return str(app_folder(app_name).joinpath(*joins))


get_pymodule_path = get_app_path


def get_module_list(app_name: str) -> list[str]:
    with open(frappe.get_app_path(app_name, "modules.txt"), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def get_module_path(module: str, *joins: str) -> str:
    return frappe.get_app_path(local.process.module_app()[frappe.scrub(module)], frappe.scrub(module), *joins)


def scrub(txt: str) -> str:
    return txt.replace(" ", "_").replace("-", "_").lower()


def unscrub(txt: str) -> str:
    return txt.replace("_", " ").replace("-", " ").title()
