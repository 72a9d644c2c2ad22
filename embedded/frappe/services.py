"""Jobs, mails, templates, prints and small things, each passed on to the module that does it."""

import json

import frappe
from frappe import local
from frappe.dicts import _dict


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
    frappe.flags.redirect_location = url
    raise frappe.Redirect


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
    return frappe.utils.parse_json(val)


def get_system_settings(key: str):
    """One of System Settings, remembered by the process; None while the site is being made."""
    process = local.process
    if process.system_settings is None:
        if frappe.flags.in_install == "frappe":
            return None
        process.system_settings = frappe.get_doc("System Settings")
    return process.system_settings.get(key)


def get_website_settings(key: str):
    return frappe.get_cached_doc("Website Settings").get(key)


def get_request_header(key: str, default=None):
    return frappe.request.headers.get(key, default)


def are_emails_muted() -> bool:
    return bool(frappe.flags.mute_emails or frappe.conf.mute_emails)


def safe_decode(param, encoding: str = "utf-8"):
    return param.decode(encoding) if isinstance(param, bytes) else param


def make_property_setter(
    args, ignore_validate=False, validate_fields_for_doctype=True, is_system_generated=True
):
    from frappe.custom.doctype.property_setter.property_setter import make_property_setter

    args = _dict(args)
    return make_property_setter(args.doctype, args.fieldname, args.property, args.value, args.property_type)
