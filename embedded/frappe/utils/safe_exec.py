"""What templates and expressions of documents may use."""

import ast

import frappe


def get_safe_globals() -> dict:
    """Names in templates and expressions: `frappe` with harmless functions, `_`, `doc`'s helpers."""
    from frappe import utils
    from frappe.utils import data

    safe_utils = frappe._dict({name: getattr(data, name) for name in _UTILS})
    user = getattr(frappe.local, "session", None) and frappe.session.user
    return {
        "_": frappe._,
        "_dict": frappe._dict,
        "dict": dict,
        "range": range,
        "scrub": frappe.scrub,
        "len": len,
        "guess_mimetype": lambda path: __import__("mimetypes").guess_type(path),
        "dev_server": 0,
        "developer_mode": 0,
        "FrappeClient": None,
        "style": frappe._dict(border_color="#d1d8dd"),
        "get_url": utils.get_url,
        "frappe": frappe._dict(
            _=frappe._,
            _dict=frappe._dict,
            bold=frappe.bold,
            form_dict=getattr(frappe.local, "form_dict", {}),
            format=frappe.format_value,
            format_value=frappe.format_value,
            format_date=utils.format_date,
            date_format=utils.get_user_date_format,
            lang=getattr(frappe.local, "lang", "en"),
            get_meta=frappe.get_meta,
            get_doc=frappe.get_doc,
            get_cached_doc=frappe.get_cached_doc,
            get_list=frappe.get_list,
            get_all=frappe.get_all,
            get_system_settings=frappe.get_system_settings,
            get_fullname=utils.get_fullname,
            get_url=utils.get_url,
            render_template=frappe.render_template,
            session=frappe._dict(user=user, csrf_token=(frappe.session.data or {}).get("csrf_token", "")),
            user=user,
            utils=safe_utils,
            db=frappe._dict(
                get_value=frappe.db.get_value,
                get_single_value=frappe.db.get_single_value,
                get_default=frappe.db.get_default,
                exists=frappe.db.exists,
                count=frappe.db.count,
                get_all=frappe.get_all,
                get_list=frappe.get_list,
                escape=frappe.db.escape,
            ),
        ),
    }


_UTILS = [
    "getdate",
    "get_datetime",
    "now",
    "now_datetime",
    "nowdate",
    "today",
    "nowtime",
    "add_days",
    "add_months",
    "add_years",
    "add_to_date",
    "date_diff",
    "month_diff",
    "get_first_day",
    "get_last_day",
    "formatdate",
    "format_date",
    "format_datetime",
    "format_time",
    "global_date_format",
    "flt",
    "cint",
    "cstr",
    "rounded",
    "fmt_money",
    "escape_html",
    "strip_html",
    "get_url",
    "get_url_to_form",
    "get_link_to_form",
    "comma_and",
    "comma_or",
    "pretty_date",
    "get_datetime_str",
    "format_duration",
    "time_diff_in_seconds",
    "unique",
    "has_common",
    "markdown",
    "quoted",
]


def safe_eval(code: str, eval_globals: dict | None = None, eval_locals: dict | None = None):
    """Evaluates an expression. Raises ValidationError for one that reaches for underscored names."""
    for node in ast.walk(ast.parse(code.strip(), mode="eval")):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name.startswith("__") or name in ("gi_frame", "f_globals", "func_globals", "mro"):
            frappe.throw(f"Illegal rule {frappe.bold(code)}. Cannot use {frappe.bold(name)}")
    allowed = {
        "int": int,
        "float": float,
        "round": round,
        "min": min,
        "max": max,
        "abs": abs,
        "len": len,
        "str": str,
    }
    names = {"__builtins__": {}, **allowed, "frappe": get_safe_globals()["frappe"], **(eval_globals or {})}
    return eval(code.strip(), {**names, "__builtins__": {}}, eval_locals)
