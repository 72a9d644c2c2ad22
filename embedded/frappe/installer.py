"""Installing and removing apps on a site, and migrating: DocTypes, shipped records, fixtures, hooks, patches."""

import json

import frappe
from frappe.doctypes import app_folder
from frappe.modules.import_file import import_records, sync_fixtures
from frappe.sync import sync_app


def install_app(name: str, verbose: bool = False, set_as_patched: bool = True, force: bool = False) -> None:
    """Makes an app part of the site. Nothing happens when it is already."""
    installed = [] if name == "frappe" else frappe.get_installed_apps()
    if name in installed and not force:
        return
    for required in _app_hooks(name).get("required_apps", []):
        required = required.rsplit("/", 1)[-1]
        if required not in installed:
            install_app(required)
            installed = frappe.get_installed_apps()
    frappe.flags.in_install = name
    if name != "frappe":
        for method in _app_hooks(name).get("before_install", []):
            if frappe.get_module(method.rpartition(".")[0]) and _call(method) is False:
                return
    _set_installed([*installed, name], during=name)
    frappe.set_user("Administrator")
    frappe.flags.in_install = name
    sync_app(name)
    _add_modules(name)
    import_records(name)
    if set_as_patched:
        for patch in _patches(name):
            _log_patch(patch)
    sync_fixtures(name)
    frappe.flags.in_install = False
    for method in _app_hooks(name).get("after_install", []):
        _call(method)
    frappe.clear_cache()
    frappe.db.commit()


def remove_app(
    app_name: str, dry_run: bool = False, yes: bool = True, no_backup: bool = True, force=False
) -> None:
    """Takes an app off the site: its DocTypes, their tables and its modules. Other documents stay."""
    if app_name not in frappe.get_installed_apps():
        return
    hooks = _app_hooks(app_name)
    frappe.flags.in_uninstall = True
    for method in hooks.get("before_uninstall", []):
        _call(method)
    modules = frappe.get_all("Module Def", filters={"app_name": app_name}, pluck="name")
    doctypes = frappe.get_all("DocType", filters={"module": ["in", modules or [""]]}, pluck="name")
    for doctype in ("Report", "Workspace", "Number Card", "Dashboard Chart", "Print Format"):
        for record in frappe.get_all(doctype, filters={"module": ["in", modules or [""]]}, pluck="name"):
            frappe.delete_doc(doctype, record, force=True, ignore_permissions=True)
    for doctype in doctypes:
        _drop_doctype(doctype)
    for module in modules:
        frappe.delete_doc("Module Def", module, force=True, ignore_permissions=True)
    _set_installed([app for app in frappe.get_installed_apps() if app != app_name])
    for method in hooks.get("after_uninstall", []):
        _call(method)
    frappe.flags.in_uninstall = False
    frappe.clear_cache()
    frappe.db.commit()


def migrate() -> None:
    """Brings a site up to its apps' code. Running it again changes nothing."""
    frappe.flags.in_migrate = True
    apps = frappe.get_installed_apps()
    for app in apps:
        _run_patches(app, "pre_model_sync")
    for app in apps:
        sync_app(app)
        _add_modules(app)
        import_records(app)
    for app in apps:
        _run_patches(app, "post_model_sync")
        sync_fixtures(app)
    for method in frappe.get_hooks("after_migrate"):
        _call(method)
    frappe.flags.in_migrate = False
    frappe.clear_cache()
    frappe.db.commit()


def _app_hooks(app: str) -> dict:
    return frappe.local.process.all_hooks([app])


def _call(method: str):
    module, _dot, name = method.rpartition(".")
    return getattr(frappe.get_module(module), name)()


def _set_installed(apps: list[str], during: str | None = None) -> None:
    if during == "frappe":
        frappe.local.installing_apps = apps
        sync_app("frappe")
        frappe.local.installing_apps = None
    frappe.db.set_global("installed_apps", json.dumps(apps))
    frappe.db.commit()
    frappe.clear_cache()
    frappe.local.request_cache.clear()


def _add_modules(app: str) -> None:
    for module in frappe.get_module_list(app):
        if not frappe.db.exists("Module Def", module):
            values = {"doctype": "Module Def", "module_name": module, "app_name": app}
            frappe.get_doc(values).insert(ignore_permissions=True, ignore_links=True)
    frappe.clear_cache()


def _drop_doctype(doctype: str) -> None:
    from frappe.model.meta import TABLES

    frappe.db.delete("Custom Field", {"dt": doctype})
    frappe.db.delete("Property Setter", {"doc_type": doctype})
    frappe.db.delete("Singles", {"doctype": doctype})
    for row_type in TABLES.values():
        frappe.db.delete(row_type, {"parent": doctype, "parenttype": "DocType"})
    frappe.db.delete("DocType", {"name": doctype})
    frappe.db.sql_ddl(f"DROP TABLE IF EXISTS `tab{doctype}`")
    frappe.clear_cache(doctype=doctype)


def _patches(app: str, section: str | None = None) -> list[str]:
    """The lines of patches.txt, of one section or of all."""
    path = app_folder(app) / "patches.txt"
    if not path.exists():
        return []
    found, current = [], "pre_model_sync"
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            current = line.strip("[]")
        elif line and not line.startswith("#") and section in (None, current):
            found.append(line)
    return found


def _run_patches(app: str, section: str) -> None:
    done = set(frappe.get_all("Patch Log", pluck="patch"))
    for patch in _patches(app, section):
        if patch not in done:
            frappe.flags.in_patch = True
            _call(f"{patch.split(maxsplit=1)[0]}.execute")
            frappe.flags.in_patch = False
            _log_patch(patch)
            frappe.db.commit()


def _log_patch(patch: str) -> None:
    if not frappe.db.exists("Patch Log", {"patch": patch}):
        frappe.get_doc({"doctype": "Patch Log", "patch": patch}).insert(ignore_permissions=True)
