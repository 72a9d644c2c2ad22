"""A site: a folder with its database, its configuration and its files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import frappe

APPS = ("frappe", "erpnext", "subscription_plus")
ADMIN_PASSWORD = "admin"
ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / ".test-sites"
KEPT_TEMPLATES = 3

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


def create_site_from_template(path: str | Path, **config) -> None:
    """As create_site, in a blink: copies a database that is installed once for each state of the source."""
    template = TEMPLATES / f"template-{source_state()}"
    if not (template / "site.db").exists():
        _build(template)
    folder = Path(path).resolve()
    _make_folder(folder, config)
    shutil.copy2(template / "site.db", folder / "site.db")
    open_site(folder)


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


def source_state() -> str:
    """A short hash of everything an installation is made of: code, definitions, records, translations."""
    digest = hashlib.sha256()
    for top in ("embedded", "subscription_plus"):
        for file in sorted((ROOT / top).rglob("*")):
            if file.suffix in (".py", ".json", ".txt", ".csv", ".html") and "tests" not in file.parts:
                state = file.stat()
                digest.update(f"{file}:{state.st_size}:{state.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _build(template: Path) -> None:
    """Install into a folder beside and rename it: two test runs at once cannot see half a template."""
    TEMPLATES.mkdir(exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix="building-", dir=TEMPLATES))
    create_site(beside / "site")
    frappe.db.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    frappe.destroy()
    if not template.exists():
        (beside / "site").rename(template)
    shutil.rmtree(beside)
    older = sorted(TEMPLATES.glob("template-*"), key=lambda each: each.stat().st_mtime, reverse=True)
    for each in older[KEPT_TEMPLATES:]:
        shutil.rmtree(each)


def _make_folder(folder: Path, config: dict) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    for part in ("private/files", "public/files"):
        (folder / part).mkdir(parents=True)
    (folder / "site_config.json").write_text(json.dumps({"db_type": "sqlite", **config}, indent=1))
