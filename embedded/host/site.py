"""A site: a folder with its database, its configuration and its files."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import frappe

APPS = ("frappe", "erpnext", "subscription_plus")
ADMIN_PASSWORD = "admin"

_opened: tuple[str, str] | None = None


def create_site(
    path: str | Path, apps: tuple[str, ...] = APPS, admin_password: str = ADMIN_PASSWORD, **config
) -> None:
    """Makes the folder anew and installs the apps; the site is open afterwards, as Administrator."""
    folder = Path(path).resolve()
    _make_folder(folder, config)
    open_site(folder)
    from frappe.installer import install_app
    from frappe.utils.install import after_frappe

    install_app("frappe")
    after_frappe(admin_password)
    for app in apps[1:]:
        install_app(app)
    frappe.db.commit()


def open_site(path: str | Path) -> None:
    """Connects this thread to the site in that folder."""
    global _opened
    folder = os.path.realpath(path)
    if getattr(frappe.local, "db", None):
        frappe.destroy()
    _opened = (os.path.basename(folder), os.path.dirname(folder))
    frappe.init(_opened[0], sites_path=_opened[1])
    frappe.connect()


def opened() -> tuple[str | None, str | None]:
    """Name and parent folder of the site that this process opened last."""
    return _opened or (None, None)


def _make_folder(folder: Path, config: dict) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    for part in ("private/files", "public/files"):
        (folder / part).mkdir(parents=True)
    (folder / "site_config.json").write_text(json.dumps({"db_type": "sqlite", **config}, indent=1))
