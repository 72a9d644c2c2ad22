"""Writing the site's configuration file."""

import json
import os

import frappe


def update_site_config(key: str, value) -> None:
    path = os.path.join(frappe.local.site_path, "site_config.json")
    config = frappe.get_site_config()
    config[key] = value
    with open(path, "w", encoding="utf-8") as file:
        json.dump(config, file, indent=1)
    frappe.local.conf[key] = value
