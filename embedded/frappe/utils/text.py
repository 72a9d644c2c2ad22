"""Text: HTML, e-mail addresses, links, lists in words, JSON."""

import html
import json
import re
from email.utils import formataddr, parseaddr
from urllib.parse import quote, urlsplit

import frappe

_EMAIL = re.compile(
    r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,63}$"
)
_PHONE = re.compile(r"^[+()\-.\d\s#*xX]{3,}$")
_TAG = re.compile(r"<[^>]*>")


def strip_html(text: str) -> str:
    return _TAG.sub("", frappe.utils.cstr(text))


strip_html_tags = strip_html


def escape_html(text):
    return html.escape(text, quote=True) if isinstance(text, str) else text


def is_html(text) -> bool:
    return isinstance(text, str) and bool(_TAG.search(text))


def sanitize_html(text, linkify: bool = False, always_sanitize: bool = False):
    from frappe.utils.html_utils import sanitize_html

    return sanitize_html(text)


def md_to_html(markdown_text: str) -> str:
    """Paragraphs, line breaks, bold, italics and links: as much Markdown as mails here use."""
    escaped = markdown_text if is_html(markdown_text) else escape_html(markdown_text)
    for pattern, tag in ((r"\*\*(.+?)\*\*", "strong"), (r"\*(.+?)\*", "em")):
        escaped = re.sub(pattern, rf"<{tag}>\1</{tag}>", escaped)
    escaped = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", r'<a href="\2">\1</a>', escaped)
    paragraphs = re.split(r"\n\s*\n", escaped.strip())
    return "\n".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


markdown = md_to_html


def validate_email_address(email_str: str, throw: bool = False) -> str:
    """The valid addresses in a comma separated list. Raises InvalidEmailAddressError when told to."""
    valid = []
    for each in (email_str or "").strip().split(","):
        each = each.strip()
        address = "" if " " in each and "<" not in each else parseaddr(each)[1]
        if _EMAIL.match(address):
            valid.append(address)
        elif throw:
            message = frappe._("{0} is not a valid Email Address").format(escape_html(each))
            frappe.throw(message, frappe.InvalidEmailAddressError)
    return ", ".join(valid)


def split_emails(txt: str) -> list[str]:
    """Addresses separated by commas; commas inside quotes do not separate."""
    parts = re.split(r",\s*(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", " ".join(frappe.utils.cstr(txt).split()))
    return [part.strip() for part in parts if part.strip()]


def parse_addr(email_string: str) -> tuple[str, str]:
    return parseaddr(email_string)


def get_formatted_email(user: str, mail: str | None = None) -> str:
    from frappe.utils.user import get_fullname

    return formataddr((get_fullname(user), mail or frappe.db.get_value("User", user, "email") or user))


def validate_phone_number(phone_number: str, throw: bool = False) -> bool:
    valid = bool(phone_number and _PHONE.match(phone_number.strip()))
    if phone_number and not valid and throw:
        message = frappe._("{0} is not a valid Phone Number").format(phone_number)
        frappe.throw(message, frappe.InvalidPhoneNumberError)
    return valid


def validate_url(txt: str, throw: bool = False, valid_schemes=None) -> bool:
    url = urlsplit(txt or "")
    schemes = [valid_schemes] if isinstance(valid_schemes, str) else valid_schemes
    valid = bool(url.netloc or (txt and txt.startswith("/"))) and (not schemes or url.scheme in schemes)
    if not valid and throw:
        frappe.throw(frappe._("'{0}' is not a valid URL").format(frappe.bold(txt)))
    return valid


def get_url(uri: str | None = None, full_address: bool = False) -> str:
    """The site's own address, or that of a path on it."""
    base = frappe.conf.host_name
    if not base and getattr(frappe.local, "request", None):
        base = frappe.local.request.host_url.rstrip("/")
    base = base or f"http://{frappe.local.site}"
    return f"{base.rstrip('/')}/{(uri or '').lstrip('/')}" if uri else base.rstrip("/")


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def get_url_to_form(doctype: str, name: str | None = None) -> str:
    return get_url(f"/app/{quote(slug(doctype))}/{quote(name or '')}".rstrip("/"))


def get_url_to_list(doctype: str) -> str:
    return get_url(f"/app/{quote(slug(doctype))}")


def get_url_to_report(name: str, report_type: str | None = None, doctype: str | None = None) -> str:
    return get_url(f"/app/query-report/{quote(name)}")


def get_link_to_form(doctype: str, name: str | None = None, label: str | None = None) -> str:
    return f'<a href="{get_url_to_form(doctype, name)}">{label or name or frappe._(doctype)}</a>'


def get_link_to_report(name: str, label: str | None = None, *_args, **_kwargs) -> str:
    return f'<a href="{get_url_to_report(name)}">{label or name}</a>'


def _comma_sep(some_list, pattern: str, add_quotes: bool) -> str:
    if not isinstance(some_list, (list, tuple, set)):
        return some_list
    words = [str(each) for each in some_list]
    if len(words) < 2:
        return words[0] if words else ""
    words = [f"'{word}'" for word in words] if add_quotes else words
    return pattern.format(", ".join(words[:-1]), words[-1])


def comma_and(some_list, add_quotes: bool = True) -> str:
    return _comma_sep(some_list, frappe._("{0} and {1}"), add_quotes)


def comma_or(some_list, add_quotes: bool = True) -> str:
    return _comma_sep(some_list, frappe._("{0} or {1}"), add_quotes)


def comma_sep(some_list, pattern: str, add_quotes: bool = True) -> str:
    return _comma_sep(some_list, pattern, add_quotes)


def random_string(length: int) -> str:
    import secrets
    import string

    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def parse_json(val):
    """JSON text as what it says (dicts as `_dict`); anything else as it is."""
    if isinstance(val, str):
        val = json.loads(val)
    return frappe._dict(val) if isinstance(val, dict) else val


def validate_json_string(string: str) -> None:
    try:
        json.loads(string)
    except (TypeError, ValueError) as error:
        raise frappe.ValidationError from error


def quoted(url: str) -> str:
    return quote(url, safe="~@#$&()*!+=:;,.?/'")
