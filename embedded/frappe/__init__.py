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
    local.request_cache = {}
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


# messages and errors


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
    out = _dict(message=msg, title=title or _("Message"))
    if indicator or raise_exception:
        out.indicator = indicator or "red"
    given = {"alert": alert, "raise_exception": raise_exception, "as_table": as_table, "as_list": as_list}
    out.update({key: 1 for key, value in given.items() if value})
    if primary_action:
        out.primary_action = primary_action
    if not flags.mute_messages:
        local.message_log.append(out)
    if raise_exception:
        if inspect.isclass(raise_exception) and issubclass(raise_exception, Exception):
            raise raise_exception(msg)
        if isinstance(raise_exception, Exception):
            raise_exception.args = (msg,)
            raise raise_exception
        raise ValidationError(msg)


def throw(
    msg,
    exc=ValidationError,
    title: str | None = None,
    is_minimizable=False,
    wide=False,
    as_list=False,
    **more,
):
    """Raises `exc` with a message for the user."""
    msgprint(msg, raise_exception=exc, title=title, indicator="red", as_list=as_list, **more)


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
    traceback = get_traceback()
    if message is None and title and "\n" in str(title):
        title, message = None, title
    text = message or (traceback if traceback.strip() != "NoneType: None" else title)
    title = title or (str(text).strip().splitlines() or ["Error"])[-1]
    values = {"doctype": "Error Log", "method": str(title)[:140], "error": str(text)}
    values.update(reference_doctype=reference_doctype, reference_name=reference_name)
    return get_doc(values).insert(ignore_permissions=True, ignore_links=True)


def logger(module: str | None = None, *_args, **_kwargs):
    import logging

    return logging.getLogger(f"frappe.{module or 'site'}")


# users


def set_user(username: str) -> None:
    """Acts as this user from here on."""
    local.session.user = local.session.sid = username
    local.session.data = _dict()
    local.form_dict = _dict()
    local.role_permissions, local.user_roles = {}, {}
    local.documents = {}


def get_user():
    from frappe.utils.user import UserPermissions

    return UserPermissions(local.session.user)


def get_roles(username: str | None = None) -> list[str]:
    if not getattr(local, "session", None):
        return ["Guest"]
    return permissions.get_roles(username)


def has_permission(
    doctype=None,
    ptype: str = "read",
    doc=None,
    user: str | None = None,
    verbose: bool = False,
    throw: bool = False,
    *,
    parent_doctype: str | None = None,
    **_options,
) -> bool:
    """Whether the user may; with `throw`, PermissionError when not."""
    if not doctype and doc is not None and not isinstance(doc, str):
        doctype = doc.doctype
    allowed = permissions.has_permission(doctype, ptype, doc, user, parent_doctype=parent_doctype)
    if throw and not allowed:
        subject = f"{_(doctype)} {doc if isinstance(doc, str) else doc.name}" if doc else _(doctype)
        msgprint(_("No permission for {0}").format(subject), raise_exception=PermissionError)
    return allowed


def has_website_permission(doc=None, ptype="read", user=None, verbose=False, doctype=None) -> bool:
    """What the apps' `has_website_permission` hooks, or the document's own method, say; without any, no."""
    user = user or session.user
    if isinstance(doc, str):
        doc = get_doc(doctype, doc)
    doctype = doctype or doc.doctype
    if doc is not None and doc.flags.ignore_permissions:
        return True
    if doc is not None and hasattr(doc, "has_website_permission"):
        return bool(doc.has_website_permission(ptype, user, verbose=verbose))
    hooks = get_hooks("has_website_permission", {}).get(doctype, [])
    return bool(hooks) and all(
        call(method, doc=doc, ptype=ptype, user=user, verbose=verbose) for method in hooks
    )


def only_for(roles, message: bool = False) -> None:
    """Raises PermissionError unless the user has one of the roles (never in tests, as in Frappe)."""
    if local.flags.in_test or local.session.user == "Administrator":
        return
    roles = (roles,) if isinstance(roles, str) else roles
    if set(roles).isdisjoint(get_roles()):
        if not message:
            raise PermissionError
        named = ", ".join(bold(_(role)) for role in roles)
        throw(_("This action is only allowed for {}").format(named), PermissionError, _("Not Permitted"))


def whitelist(allow_guest: bool = False, xss_safe: bool = False, methods: list[str] | None = None):
    """Lets HTTP call the function; its annotated arguments are checked and cast."""

    def decorate(function):
        from frappe.utils.typing_validations import validate_argument_types

        checked = validate_argument_types(
            function, lambda: getattr(local, "request", None) or local.flags.in_test
        )
        whitelisted.append(checked)
        allowed_http_methods_for_whitelisted_func[checked] = methods or ["GET", "POST", "PUT", "DELETE"]
        if allow_guest:
            guest_methods.append(checked)
        if xss_safe:
            xss_safe_methods.append(checked)
        return checked

    return decorate


def is_whitelisted(method) -> None:
    """Raises PermissionError when the caller may not call this function over HTTP."""
    is_guest = session.user == "Guest"
    if method not in whitelisted or (is_guest and method not in guest_methods):
        summary = _("You are not permitted to access this resource. Login to access")
        detail = _("Function {0} is not whitelisted.").format(bold(f"{method.__module__}.{method.__name__}"))
        message = f"<details><summary>{summary}</summary>{detail}</details>"
        throw(message, PermissionError, title=_("Method Not Allowed"))
    if is_guest and method not in xss_safe_methods:
        for key, value in form_dict.items():
            if isinstance(value, str):
                form_dict[key] = utils.sanitize_html(value)


@whitelist(allow_guest=True)
def ping() -> str:
    return "pong"


# documents


def get_doc(*args, **kwargs):
    from frappe.model.document import get_doc

    return get_doc(*args, **kwargs)


get_lazy_doc = get_doc


def new_doc(doctype: str, *, parent_doc=None, parentfield=None, as_dict=False, **values):
    """A new document with its defaults, and `values` on top."""
    from frappe.model.create_new import get_new_doc

    doc = get_new_doc(doctype, parent_doc, parentfield, as_dict=as_dict)
    return doc.update(values)


def get_cached_doc(doctype: str, name: str | None = None):
    """The document, read once per request; not to be changed."""
    key = (doctype, name or doctype)
    if key not in local.documents:
        local.documents[key] = get_doc(*key)
    return local.documents[key]


def get_cached_value(doctype: str, name: str, fieldname="name", as_dict: bool = False):
    try:
        doc = get_cached_doc(doctype, name)
    except DoesNotExistError:
        clear_last_message()
        return None
    if isinstance(fieldname, str):
        if as_dict:
            throw("Cannot make dict for single fieldname")
        return doc.get(fieldname)
    values = [doc.get(field) for field in fieldname]
    return _dict(zip(fieldname, values, strict=True)) if as_dict else values


def clear_document_cache(doctype: str | None = None, name: str | None = None) -> None:
    """Forgets one document, all of a DocType, or all."""
    known = local.documents
    if name is not None:
        known.pop((doctype, name), None)
    elif known:
        for key in [key for key in known if doctype is None or key[0] == doctype]:
            del known[key]
    if doctype in (None, "System Settings"):
        local.process.system_settings = None
    if doctype in (None, "User", "Has Role", "Role"):
        local.user_roles, local.role_permissions = {}, {}


def get_last_doc(doctype: str, filters=None, order_by: str = "creation desc", *, for_update: bool = False):
    names = get_all(doctype, filters=filters, limit=1, order_by=order_by, pluck="name")
    if not names:
        raise DoesNotExistError(doctype=doctype)
    return get_doc(doctype, names[0], for_update=for_update)


def get_single(doctype: str):
    return get_doc(doctype, doctype)


def get_single_value(doctype: str, fieldname: str):
    return local.db.get_single_value(doctype, fieldname)


def get_meta(doctype, cached: bool = True):
    from frappe.model.meta import get_meta

    return get_meta(doctype, cached)


def is_table(doctype: str) -> bool:
    return bool(get_meta(doctype).istable)


def get_precision(doctype: str, fieldname: str, currency=None, doc=None) -> int:
    from frappe.model.meta import get_field_precision

    return get_field_precision(get_meta(doctype).get_field(fieldname), doc, currency)


def get_all(doctype: str, *args, **kwargs):
    """Rows of the DocType, all of them, whoever asks."""
    from frappe.model.db_query import execute

    kwargs["ignore_permissions"] = True
    return execute(doctype, *args, **kwargs)


def get_list(doctype: str, *args, **kwargs):
    """Rows of the DocType that the user may read. Raises PermissionError."""
    from frappe.model.db_query import execute

    return execute(doctype, *args, **kwargs)


def get_value(*args, **kwargs):
    return local.db.get_value(*args, **kwargs)


def set_value(doctype: str, docname: str, fieldname, value=None):
    from frappe.client import set_value

    return set_value(doctype, docname, fieldname, value)


def delete_doc(doctype=None, name=None, force=0, ignore_doctypes=None, for_reload=False, **options):
    from frappe.model.delete_doc import delete_doc

    return delete_doc(doctype, name, force, ignore_doctypes, for_reload, **options)


def delete_doc_if_exists(doctype: str, name: str, force=0) -> None:
    if db.exists(doctype, name):
        delete_doc(doctype, name, force=force)


def rename_doc(doctype: str, old: str, new: str, **options) -> str:
    from frappe.model.rename_doc import rename_doc

    return rename_doc(doctype, old, new, **options)


def copy_doc(doc, ignore_no_copy: bool = True):
    """A new, unsaved document with the values of `doc`; fields marked *no copy* are left out only when told so.

    In tests the copy keeps its docstatus, as in Frappe.
    """
    import copy

    cleared = ["name", "owner", "creation", "modified", "modified_by"]
    if not local.flags.in_test:
        cleared.append("docstatus")
    copied = get_doc(copy.deepcopy(doc if isinstance(doc, dict) else doc.as_dict()))
    for row in [copied, *copied.get_all_children()]:
        row.__dict__["__islocal"] = True
        for fieldname in [*cleared, *(("amended_from", "amendment_date") if row is copied else ())]:
            row.set(fieldname, None)
        for df in () if ignore_no_copy else row.meta.having("no_copy"):
            row.set(df.fieldname, None)
    return copied


def reload_doc(
    module: str, dt: str | None = None, dn: str | None = None, force=False, reset_permissions=False
):
    from frappe.modules.import_file import import_record

    return import_record(module, dt, dn)


def clear_cache(user: str | None = None, doctype: str | None = None) -> None:
    """Forgets cached meta (of one DocType, or all), hooks, documents and roles."""
    local.documents, local.user_roles, local.role_permissions = {}, {}, {}
    if doctype:
        local.process.forget_doctype(doctype)
        return
    local.db.value_cache.clear()
    if not user:
        local.process.forget()
        local.process.cache.flushall()


# apps, hooks, modules


def get_installed_apps(*, _ensure_on_bench: bool = False) -> list[str]:
    if getattr(local, "installing_apps", None):
        return local.installing_apps
    return json.loads(db.get_global("installed_apps") or "[]")


def get_hooks(hook: str | None = None, default: Any = "_KEEP_DEFAULT_LIST", app_name: str | None = None):
    """The apps' hooks by name; every value a list (or a dict of lists)."""
    cached = local.request_cache
    if "apps" not in cached:
        cached["apps"] = get_installed_apps()
    found = local.process.all_hooks([app_name] if app_name else cached["apps"])
    if hook:
        return found.get(hook, [] if default == "_KEEP_DEFAULT_LIST" else default)
    return _dict(found)


def get_doc_hooks() -> dict:
    """`doc_events` with tuple keys spread out."""
    spread: dict = {}
    for key, events in get_hooks("doc_events", {}).items():
        for doctype in key if isinstance(key, tuple) else (key,):
            for event, methods in events.items():
                spread.setdefault(doctype, {}).setdefault(event, []).extend(methods)
    return spread


def get_module(modulename: str):
    return importlib.import_module(modulename)


def get_attr(method_string: str) -> Any:
    """The object behind a dotted path. Raises AppNotInstalledError for the path of an app that is not here."""
    app = method_string.split(".", 1)[0]
    if app not in ("frappe", *get_installed_apps()):
        throw(_("App {0} is not installed").format(app), AppNotInstalledError)  # noqa: F405
    module, _dot, name = method_string.rpartition(".")
    return getattr(get_module(module), name)


def call(fn, *args, **kwargs):
    """Calls a function (or its dotted path) with those of the keyword arguments that it takes."""
    if isinstance(fn, str):
        fn = get_attr(fn)
    return fn(*args, **get_newargs(fn, kwargs))


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
    with open(get_app_path(app_name, "modules.txt"), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def get_module_path(module: str, *joins: str) -> str:
    return get_app_path(local.process.module_app()[scrub(module)], scrub(module), *joins)


def scrub(txt: str) -> str:
    return txt.replace(" ", "_").replace("-", "_").lower()


def unscrub(txt: str) -> str:
    return txt.replace("_", " ").replace("-", " ").title()


# jobs, mail, printing, templates


def enqueue(*args, **kwargs):
    from frappe.utils.background_jobs import enqueue

    return enqueue(*args, **kwargs)


def enqueue_doc(*args, **kwargs):
    from frappe.utils.background_jobs import enqueue_doc

    return enqueue_doc(*args, **kwargs)


def sendmail(*args, **kwargs):
    from frappe.email.queue import sendmail

    return sendmail(*args, **kwargs)


def publish_realtime(*args, **kwargs) -> None:
    """Nothing listens on this host: pages show what is there when they are loaded."""


def render_template(template: str, context=None, is_path=None, safe_render=True) -> str:
    from frappe.utils.jinja import render_template

    return render_template(template, context, is_path, safe_render)


def get_template(path: str):
    from frappe.utils.jinja import get_template

    return get_template(path)


def get_jenv():
    from frappe.utils.jinja import get_jenv

    return get_jenv()


def get_print(doctype=None, name=None, print_format=None, style=None, as_pdf=False, doc=None, **options):
    from frappe.printing.render import get_print

    return get_print(doctype, name, print_format, doc=doc, as_pdf=as_pdf, **options)


def attach_print(doctype, name, file_name=None, print_format=None, **options) -> dict:
    """A description of the print to attach; it is rendered when the mail is looked at."""
    return {
        "print_format_attachment": 1,
        "doctype": doctype,
        "name": name,
        "print_format": print_format,
        "fname": f"{file_name or name}.html",
    }


def format_value(value, df=None, doc=None, currency=None, **options) -> str:
    from frappe.utils.formatters import format_value

    return format_value(value, df, doc, currency)


format = format_value


def safe_eval(code: str, eval_globals=None, eval_locals=None):
    from frappe.utils.safe_exec import safe_eval

    return safe_eval(code, eval_globals, eval_locals)


def respond_as_web_page(title: str, html: str, http_status_code: int = 200, context=None, **more) -> None:
    local.message_title, local.message = title, html
    local.response.update(
        type="page", route="message", http_status_code=http_status_code, context={**(context or {}), **more}
    )


def redirect(url: str) -> None:
    flags.redirect_location = url
    raise Redirect  # noqa: F405


# small things


def generate_hash(txt: str | None = None, length: int = 56) -> str:
    import secrets

    return secrets.token_hex(length // 2 + 1)[:length]


def as_json(obj, indent: int | None = 1, separators=None, ensure_ascii: bool = True) -> str:
    from frappe.utils.response import json_handler

    separators = separators or (",", ": ")
    return json.dumps(
        obj,
        indent=indent,
        sort_keys=True,
        default=json_handler,
        separators=separators,
        ensure_ascii=ensure_ascii,
    )


def parse_json(val):
    return utils.parse_json(val)


def get_system_settings(key: str):
    """One of System Settings, remembered by the process; None while the site is being made."""
    process = local.process
    if process.system_settings is None:
        if flags.in_install == "frappe":
            return None
        process.system_settings = get_doc("System Settings")
    return process.system_settings.get(key)


def get_website_settings(key: str):
    return get_cached_doc("Website Settings").get(key)


def get_request_header(key: str, default=None):
    return request.headers.get(key, default)


def are_emails_muted() -> bool:
    return bool(flags.mute_emails or conf.mute_emails)


def safe_decode(param, encoding: str = "utf-8"):
    return param.decode(encoding) if isinstance(param, bytes) else param


def make_property_setter(
    args, ignore_validate=False, validate_fields_for_doctype=True, is_system_generated=True
):
    from frappe.custom.doctype.property_setter.property_setter import make_property_setter

    args = _dict(args)
    return make_property_setter(args.doctype, args.fieldname, args.property, args.value, args.property_type)


from frappe import defaults, permissions, query_builder, utils  # noqa: E402
from frappe.query_builder import qb  # noqa: E402
