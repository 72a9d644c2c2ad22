"""Frappe's public API on one process and one SQLite file: for trying the app and testing it, never for production.

Only what the app uses is here, and what is here does what Frappe 15 does. Everything else fails as an
ordinary AttributeError, ImportError or TypeError.
"""

import importlib
import inspect
import json
import os
from collections.abc import Callable
from typing import Any

from frappe.dicts import _dict
from frappe.exceptions import *  # noqa: F403
from frappe.exceptions import DoesNotExistError, PermissionError, ValidationError, _define
from werkzeug.local import Local, LocalProxy, release_local

__version__ = "15.101.1"
STANDARD_USERS = ("Guest", "Administrator")

local = Local()
db = LocalProxy(lambda: local.db)
conf = LocalProxy(lambda: local.conf)
form_dict = form = LocalProxy(lambda: local.form_dict)
request = LocalProxy(lambda: getattr(local, "request", None))
job = LocalProxy(lambda: local.job)
response = LocalProxy(lambda: local.response)
session = LocalProxy(lambda: local.session)
user = LocalProxy(lambda: local.session.user)
flags = LocalProxy(lambda: local.flags)
error_log = LocalProxy(lambda: local.error_log)
debug_log = LocalProxy(lambda: local.debug_log)
message_log = LocalProxy(lambda: local.message_log)
lang = LocalProxy(lambda: local.lang)
cache = LocalProxy(lambda: local.process.cache)

whitelisted: list[Callable] = []
guest_methods: list[Callable] = []
xss_safe_methods: list[Callable] = []
allowed_http_methods_for_whitelisted_func: dict[Callable, list[str]] = {}


# the site and its connection


def init(site: str, sites_path: str = ".", new_site: bool = False, force: bool = False) -> None:
    """Prepares this thread for a site: `site` is the name of its folder in `sites_path`."""
    if getattr(local, "initialised", None) and not force:
        return
    from frappe.process import process_of

    local.site, local.sites_path = site, sites_path
    local.site_path = os.path.realpath(os.path.join(sites_path, site))
    local.conf = get_site_config(sites_path, local.site_path)
    local.process = process_of(local.site_path)
    local.flags = _dict(
        currently_saving=[], in_install=False, in_test=bool(local.conf.in_test), mute_messages=False
    )
    local.session = _dict(user="Guest", sid="Guest", data=_dict())
    local.form_dict, local.response = _dict(), _dict(docs=[])
    local.message_log, local.error_log, local.debug_log, local.locked_documents = [], [], [], []
    local.lang = "en"
    local.user_roles, local.role_permissions, local.documents = {}, {}, {}
    local.request_cache, local.cache = {}, {}
    local.request_ip = local.job = None
    local.initialised = True


def connect(site: str | None = None, db_name: str | None = None, set_admin_as_user: bool = True) -> None:
    """Opens this thread's connection to the site's database."""
    from frappe.database import Database

    if site:
        init(site)
    local.db = Database(os.path.join(local.site_path, "site.db"))
    if set_admin_as_user:
        set_user("Administrator")


def destroy() -> None:
    """Closes the connection and forgets everything of this thread."""
    if getattr(local, "db", None):
        local.db.close()
    release_local(local)


def get_site_config(sites_path: str | None = None, site_path: str | None = None) -> _dict:
    path = os.path.join(site_path or local.site_path, "site_config.json")
    if not os.path.exists(path):
        return _dict()
    with open(path, encoding="utf-8") as file:
        return _dict(json.load(file))


def get_conf(site: str | None = None) -> _dict:
    return local.conf


def get_site_path(*joins: str) -> str:
    return os.path.join(local.site_path, *joins)


# What follows needs the names above, and each what stands before it.
# isort: off
from frappe.messages import (  # noqa: E402
    _,
    _lt,
    bold,
    clear_last_message,
    clear_messages,
    errprint,
    get_message_log,
    get_traceback,
    log,
    log_error,
    logger,
    msgprint,
    throw,
)
from frappe.access import (  # noqa: E402
    get_roles,
    get_user,
    has_permission,
    has_website_permission,
    is_whitelisted,
    only_for,
    ping,
    set_user,
    whitelist,
)
from frappe.documents import (  # noqa: E402
    clear_cache,
    clear_document_cache,
    copy_doc,
    delete_doc,
    delete_doc_if_exists,
    get_all,
    get_cached_doc,
    get_cached_value,
    get_doc,
    get_last_doc,
    get_lazy_doc,
    get_list,
    get_meta,
    get_precision,
    get_single,
    get_single_value,
    get_value,
    is_table,
    new_doc,
    reload_doc,
    rename_doc,
    set_value,
)
from frappe.apps import (  # noqa: E402
    call,
    get_app_path,
    get_attr,
    get_doc_hooks,
    get_hooks,
    get_installed_apps,
    get_module,
    get_module_list,
    get_module_path,
    get_newargs,
    get_pymodule_path,
    scrub,
    unscrub,
)
from frappe.services import (  # noqa: E402
    are_emails_muted,
    as_json,
    attach_print,
    enqueue,
    enqueue_doc,
    format,
    format_value,
    generate_hash,
    get_jenv,
    get_print,
    get_request_header,
    get_system_settings,
    get_template,
    get_website_settings,
    make_property_setter,
    parse_json,
    publish_realtime,
    redirect,
    render_template,
    respond_as_web_page,
    safe_decode,
    safe_eval,
    sendmail,
)
from frappe import defaults, permissions, query_builder, utils  # noqa: E402
from frappe.query_builder import qb  # noqa: E402
