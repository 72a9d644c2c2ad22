"""The website: routes from hooks, pages from `www` and `templates/pages`, error and message pages."""

from __future__ import annotations

import inspect
import mimetypes
import re
from pathlib import Path
from urllib.parse import quote_plus

import frappe
from frappe import _
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from embedded.host.responses import as_told

FOLDERS = ("www", "templates/pages")
ENDINGS = ("", ".html", "/index.html")
MODULE_SETTINGS = ("base_template_path", "template", "no_cache", "sitemap", "condition_field")
META = ("title", "description", "image", "author", "published_on")
TITLE_BLOCK = re.compile(r"{%-?\s*block title\s*-?%}(.*?){%-?\s*endblock", re.DOTALL)


def get_response(path: str | None = None, status: int | None = None) -> Response:
    """Render the page at `path` (the request's own, unless told otherwise)."""
    path = (path or frappe.request.path).strip("/ ")
    try:
        return _redirected(path) or _render(_resolve(path), status or 200)
    except Exception as error:
        return _error_page(error, path)


def _render(path: str, status: int, given: dict | None = None) -> Response:
    file = _find(path)
    if file is None:
        return _render("404", 404) if path != "404" else Response("Not Found", status=404)
    page = _from_cache(path)
    if page is None:
        context = _context(path, file, given)
        page = _fill(file, context)
        if _may_cache() and not context.no_cache:
            pages = frappe.cache.hget("website_page", path) or {}
            frappe.cache.hset("website_page", path, {**pages, frappe.local.lang: page})
        status = context.http_status_code or status
    token = frappe.session.data.get("csrf_token") if frappe.session.get("data") else None
    page = page.replace("<!-- csrf_token -->", f'<script>frappe.csrf_token = "{token}";</script>')
    mimetype = (mimetypes.guess_type(path)[0] if "." in path else None) or "text/html"
    return Response(page, status=status, mimetype=mimetype, headers={"X-Page-Name": quote_plus(path, "/")})


def _context(path: str, file: Path, given: dict | None) -> frappe._dict:
    """What the template is given: settings, what `get_context` beside it says, and the page's place."""
    context = frappe._dict(given or {})
    context.update(path=path, route=path, pathname=path, name=file.stem, basepath=str(file.parent))
    context.user = frappe.session.user
    context.fullname = frappe.utils.get_fullname(frappe.session.user)
    context.boot = frappe._dict(lang=frappe.local.lang)
    module = _module(file)
    if module:
        context.update({name: getattr(module, name) for name in MODULE_SETTINGS if hasattr(module, name)})
        build = getattr(module, "get_context", None)
        if build:
            context.update((build(context) if inspect.signature(build).parameters else build()) or {})
    for hook in frappe.get_hooks("update_website_context"):
        context.update(frappe.get_attr(hook)(context) or {})
    context.update(frappe.local.response.get("context") or {})
    context.metatags = _metatags(context)
    return context


def _metatags(context: frappe._dict) -> dict:
    """The page's meta tags: what it says, what follows from its title and description, and the same again for
    Open Graph and Twitter."""
    tags = dict(context.get("metatags") or {})
    for key in META:
        if not tags.get(key) and context.get(key):
            tags[key] = context[key]
    tags.setdefault("title", context.name)
    if tags.get("image"):
        tags["image"] = frappe.utils.get_url(tags["image"])
    tags["language"] = frappe.local.lang or "en"
    tags.setdefault("og:type", "article")
    said = {key: tags[key] for key in META if tags.get(key)}
    tags |= {f"{prefix}:{key}": value for prefix in ("og", "twitter") for key, value in said.items()}
    tags["twitter:card"] = "summary_large_image" if tags.get("image") else "summary"
    return tags


def _fill(file: Path, context: frappe._dict) -> str:
    if context.template:
        return frappe.render_template(context.template, context)
    source = file.read_text()
    if file.suffix != ".html":
        return frappe.render_template(source, context)
    if not context.title:
        block = TITLE_BLOCK.search(source)
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", source, re.DOTALL)
        found = (block or heading) and (block or heading).group(1).strip()
        context.title = (
            found if found and "{" not in found else file.stem.replace("-", " ").replace("_", " ").title()
        )
    context.base_template_path = (
        context.base_template_path or (frappe.get_hooks("base_template") or ["templates/base.html"])[-1]
    )
    if "{% extends" not in source and "{%- extends" not in source and "</body>" not in source:
        base = context.base_template or "templates/web.html"
        source = f'{{% extends "{base}" %}}{{% block page_content %}}{source}{{% endblock %}}'
    return frappe.render_template(source, context)


def _find(path: str) -> Path | None:
    """The page's file: the app installed last wins, as on a bench."""
    for app in reversed(frappe.get_installed_apps()):
        for folder in FOLDERS:
            root = Path(frappe.get_app_path(app)).resolve() / folder
            for ending in ENDINGS:
                file = (root / f"{path}{ending}").resolve()
                if file.is_relative_to(root) and file.is_file() and file.suffix != ".py":
                    return file
    return None


def _module(file: Path):
    """The Python module beside a page, `-` in its name written `_`."""
    code = file.with_name(file.stem.replace("-", "_") + ".py")
    if not code.exists():
        return None
    for app in frappe.get_installed_apps():
        root = Path(frappe.get_app_path(app)).resolve()
        if code.is_relative_to(root):
            return frappe.get_module(".".join([app, *code.relative_to(root).with_suffix("").parts]))
    return None


def _resolve(path: str) -> str:
    path = path.removesuffix(".html")
    if path in ("", "index"):
        path = home_page()
    rules = [
        Rule(rule["from_route"], endpoint=rule["to_route"], defaults=rule.get("defaults"))
        for rule in frappe.get_hooks("website_route_rules")
    ]
    try:
        endpoint, arguments = Map(rules).bind_to_environ(frappe.request.environ).match("/" + path)
    except NotFound:
        return path
    if arguments:
        frappe.local.no_cache = 1
        frappe.form_dict.update(arguments)
    return endpoint


def home_page() -> str:
    """Where `/` leads: the role's page or the app's from hooks, else the account page or the login."""
    by_role = frappe.get_hooks("role_home_page", {})
    for role in frappe.get_roles():
        if role in by_role:
            return by_role[role][-1].strip("/")
    named = frappe.get_hooks("home_page")
    return (named[-1] if named else "login" if frappe.session.user == "Guest" else "me").strip("/")


def _redirected(path: str) -> Response | None:
    for rule in frappe.get_hooks("website_redirects"):
        pattern = rule["source"].strip("/ ") + "$"
        if re.match(pattern, path):
            status = rule.get("redirect_http_status") or 301
            return _redirect(re.sub(pattern, rule["target"], path), status)
    return None


def _redirect(target: str, status: int) -> Response:
    headers = {"Location": target, "Cache-Control": "no-store, no-cache, must-revalidate"}
    return Response("", status=status, headers=headers, mimetype="text/html")


def _error_page(error: Exception, path: str) -> Response:
    """Redirects, 403 with a way to log in, 404, and a page for everything else."""
    error = as_told(error)
    if isinstance(error, frappe.Redirect):
        return _redirect(frappe.flags.redirect_location or "/", error.http_status_code)
    if isinstance(error, frappe.PageDoesNotExistError):
        return _render("404", 404)
    if isinstance(error, frappe.PermissionError):
        action = f"/login?redirect-to={quote_plus(frappe.request.path)}"
        return _message(_("Not Permitted"), str(error), 403, action, _("Login"))
    status = getattr(error, "http_status_code", 500)
    if status >= 500:
        frappe.log_error(title=f"Page {path}: {error}"[:140])
        frappe.flags.commit = True
    return _message(
        getattr(error, "title", None) or _("Error"), frappe.utils.sanitize_html(str(error)), status, "/"
    )


def _message(title: str, text: str, status: int, action: str, label: str | None = None) -> Response:
    context = {"indicator_color": "red", "primary_action": action, "primary_label": label}
    frappe.local.response.pop("context", None)
    frappe.local.no_cache = 1
    return _render("message", status, {**context, "title": title, "message": text})


def _may_cache() -> bool:
    return not getattr(frappe.local, "no_cache", False) and not frappe.conf.get("disable_website_cache")


def _from_cache(path: str) -> str | None:
    return (frappe.cache.hget("website_page", path) or {}).get(frappe.local.lang) if _may_cache() else None
