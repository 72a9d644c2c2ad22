"""Brings records that apps ship as JSON into the site: reports, workspaces, cards, charts, formats, fixtures."""

import json
from pathlib import Path

import frappe
from frappe.doctypes import app_folder

# folders in a module that hold one record each, as `<kind>/<name>/<name>.json`
_KINDS = (
    "report",
    "workspace",
    "number_card",
    "dashboard_chart",
    "print_format",
    "email_template",
    "dashboard",
)


def import_records(app: str) -> None:
    for kind in _KINDS:
        for path in sorted(app_folder(app).glob(f"*/{kind}/*/*.json")):
            if path.stem == path.parent.name:
                import_file_by_path(str(path))


def import_record(module: str, dt: str, dn: str) -> bool:
    """`reload_doc`: one record, or one DocType, from its file."""
    path = Path(
        frappe.get_module_path(module, frappe.scrub(dt), frappe.scrub(dn), f"{frappe.scrub(dn)}.json")
    )
    if dt == "doctype":
        from frappe.sync import sync_doctype

        sync_doctype(
            json.loads(path.read_text(encoding="utf-8"))
            | {"app": frappe.local.process.module_app()[frappe.scrub(module)]}
        )
        return True
    return import_file_by_path(str(path), force=True)


def import_file_by_path(path: str, force: bool = False, **_options) -> bool:
    """Inserts or replaces the records of a file. A record older than the stored one is left alone."""
    loaded = json.loads(Path(path).read_text(encoding="utf-8"))
    for values in loaded if isinstance(loaded, list) else [loaded]:
        _import(values, force)
    return True


def _import(values: dict, force: bool = False) -> None:
    doctype, name = values["doctype"], values["name"]
    if not frappe.db.exists("DocType", doctype):
        raise frappe.ValidationError(f"{name}: DocType {doctype} is not offered by this host")
    same = frappe.db.get_value(doctype, name, "modified") if values.get("modified") else None
    if same and not force and str(same)[:19] == str(values["modified"])[:19]:
        return
    if frappe.db.exists(doctype, name):
        frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, ignore_on_trash=True)
    doc = frappe.get_doc(dict(values))
    doc.flags.update(ignore_links=True, ignore_mandatory=True, ignore_validate=True, ignore_permissions=True)
    doc.insert(set_name=name)
    if values.get("modified"):
        doc.db_set("modified", values["modified"], update_modified=False)


def sync_fixtures(app: str) -> None:
    """Records in the app's `fixtures/*.json`."""
    for path in sorted((app_folder(app) / "fixtures").glob("*.json")):
        import_file_by_path(str(path))
