"""A site: a folder with its database, its configuration and its files."""

import json
import os
import shutil
from pathlib import Path

import frappe

ADMIN_PASSWORD = "admin"
APPS = ("frappe", "erpnext", "subscription_plus")


def create_site(path: str, apps: tuple[str, ...] = APPS, admin_password: str = ADMIN_PASSWORD, **config) -> None:
    """Makes the folder anew and installs the apps; the site is open afterwards, as Administrator."""
    folder = Path(path).resolve()
    if folder.exists():
        shutil.rmtree(folder)
    for part in ("private/files", "public/files"):
        (folder / part).mkdir(parents=True)
    (folder / "site_config.json").write_text(json.dumps({"db_type": "sqlite", **config}, indent=1))
    open_site(path)
    from frappe.installer import install_app
    from frappe.utils.install import after_frappe

    install_app("frappe")
    after_frappe(admin_password)
    for app in apps[1:]:
        install_app(app)
    frappe.db.commit()


def open_site(path: str) -> None:
    """Connects this thread to the site in that folder."""
    folder = os.path.realpath(path)
    if getattr(frappe.local, "db", None):
        frappe.destroy()
    frappe.init(os.path.basename(folder), sites_path=os.path.dirname(folder))
    frappe.connect()
