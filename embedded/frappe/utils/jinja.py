"""Templates: the apps' files and text of documents, in a sandbox that offers what Frappe's does."""

import frappe
from frappe import _
from jinja2.utils import LRUCache

# Every request has an environment of its own; the code of a template is the same for all.
_compiled = LRUCache(500)


def get_jenv():
    """This thread's environment."""
    if not getattr(frappe.local, "jenv", None):
        from frappe.utils.safe_exec import get_safe_globals
        from jinja2 import ChoiceLoader, DebugUndefined, PackageLoader, PrefixLoader
        from jinja2.sandbox import SandboxedEnvironment

        class Environment(SandboxedEnvironment):
            def is_safe_attribute(self, obj, attr, value) -> bool:
                return attr not in ("gi_frame", "f_globals") and super().is_safe_attribute(obj, attr, value)

            def compile(self, source, name=None, filename=None, raw=False, defer_init=False):
                key = (source, name, filename, raw, defer_init)
                code = _compiled.get(key)
                if code is None:
                    code = _compiled[key] = super().compile(*key)
                return code

        apps = [app for app in reversed(frappe.get_installed_apps()) if _has_templates(app)]
        loaders = {app: PackageLoader(app, "") for app in apps}
        # `an_app/templates/…` names one app's file, `templates/…` the first app's that has it.
        loader = ChoiceLoader([PrefixLoader(loaders), *loaders.values()])
        environment = Environment(loader=loader, undefined=DebugUndefined)
        environment.globals.update(get_safe_globals())
        environment.filters.update(_filters())
        _add_hooked(environment)
        frappe.local.jenv = environment
    return frappe.local.jenv


def _has_templates(app: str) -> bool:
    from frappe.doctypes import app_folder

    return (app_folder(app) / "templates").exists() or (app_folder(app) / "www").exists()


def _filters() -> dict:
    from frappe import utils

    return {
        "json": frappe.as_json,
        "len": len,
        "int": utils.cint,
        "str": utils.cstr,
        "flt": utils.flt,
        "abs_url": utils.get_url,
        "markdown": utils.markdown,
        "md_to_html": utils.markdown,
        "strip_html": utils.strip_html,
        "global_date_format": utils.global_date_format,
        "relative_date": utils.pretty_date,
    }


def _add_hooked(environment) -> None:
    """Functions that apps offer to templates: hooks.jinja = {"methods": [...], "filters": [...]}."""
    hooks = frappe.get_hooks("jinja", {})
    for kind, target in (("methods", environment.globals), ("filters", environment.filters)):
        for path in hooks.get(kind, []):
            try:
                found = frappe.get_attr(path)
            except AttributeError:
                found = frappe.get_module(path)
            if callable(found):
                target[found.__name__] = found
            else:
                target.update(
                    {name: each for name, each in vars(found).items() if callable(each) and name[0] != "_"}
                )


def get_template(path: str):
    return get_jenv().get_template(path)


def render_template(template: str, context=None, is_path=None, safe_render: bool = True) -> str:
    """Renders template text, or a template file when it ends in .html or .md. Raises ValidationError."""
    from jinja2 import TemplateError

    if not template:
        return ""
    if is_path or guess_is_path(template):
        return get_template(template).render(context or {})
    if safe_render and ".__" in template:
        frappe.throw(_("Illegal template"))
    try:
        return get_jenv().from_string(template).render(context or {})
    except TemplateError:
        import html
        from traceback import format_exc

        shown = f"<pre>{html.escape(template)}</pre><pre>{html.escape(format_exc())}</pre>"
        frappe.throw(title="Jinja Template Error", msg=shown)


def guess_is_path(template: str) -> bool:
    return "\n" not in template and "." in template and template.rsplit(".")[-1].strip() in ("html", "md")


def validate_template(html: str | None) -> None:
    """Raises ValidationError for text that is no template."""
    from jinja2 import TemplateSyntaxError

    if not html:
        return
    try:
        get_jenv().from_string(html)
    except TemplateSyntaxError as error:
        frappe.msgprint(f"Line {error.lineno}: {error.message}")
        frappe.throw(_("Syntax error in template as line {0}").format(error.lineno))
