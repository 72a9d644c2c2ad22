"""Install and migrate: the fields on ERPNext's DocTypes, e-mail templates, defaults. Both may run again."""

import frappe
from frappe import _
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from subscription_plus.custom_fields import CUSTOM_FIELDS
from subscription_plus.email_templates import TEMPLATES


def before_install() -> None:
    """Refuse a site without ERPNext's documents."""
    if not frappe.db.exists("DocType", "Sales Order"):
        frappe.throw(_("Subscription Plus needs ERPNext (or Dokos) on this site. Install it first."))


def after_install() -> None:
    """Make what the app needs beside its own DocTypes."""
    make_roles()
    make_custom_fields()
    make_email_templates()
    make_recurrence_periods()


def after_migrate() -> None:
    """Bring what install made up to date; what people changed stays theirs."""
    make_roles()
    make_custom_fields()
    fill_settings()
    make_email_templates()


def make_roles() -> None:
    """The roles of the people who look after rooms and bookings."""
    for role in ("Venue Manager", "Venue User"):
        if not frappe.db.exists("Role", role):
            frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
                ignore_permissions=True
            )


def make_custom_fields() -> None:
    """Make or update the fields in custom_fields.py."""
    create_custom_fields(CUSTOM_FIELDS, ignore_validate=True, update=True)


def fill_settings() -> None:
    """Give settings that came with an update their defaults: Frappe would save them as 0 or empty on a site that is
    there already."""
    stored = frappe.db.get_singles_dict("SP Settings")
    missing = {
        field.fieldname: field.default
        for field in frappe.get_meta("SP Settings").fields
        if field.default and field.fieldname not in stored
    }
    for fieldname, default in missing.items():
        frappe.db.set_single_value("SP Settings", fieldname, default, update_modified=False)


def make_email_templates() -> None:
    """Make each template that is missing, and point the settings at it where they point at none."""
    settings = frappe.get_single("SP Settings")
    changed = False
    for field, template in TEMPLATES.items():
        if not frappe.db.exists("Email Template", template["name"]):
            doc = frappe.get_doc({"doctype": "Email Template", "use_html": 1, **template})
            doc.flags.ignore_permissions = (
                True  # install runs as Administrator, or as a migration without user
            )
            doc.insert()
        if not settings.get(field):
            settings.set(field, template["name"])
            changed = True
    if changed:
        settings.flags.ignore_permissions = True
        settings.save()


def make_recurrence_periods() -> None:
    """The usual recurrences, so that the first plan needs nothing else; on a site that has none."""
    if frappe.db.count("SP Recurrence Period"):
        return
    for title, unit, uom in (
        (_("Monthly"), "Month", "Month"),
        (_("Quarterly"), "Quarter", "Quarter"),
        (_("Yearly"), "Year", "Year"),
    ):
        frappe.get_doc(
            {
                "doctype": "SP Recurrence Period",
                "title": title,
                "unit": unit,
                "interval_count": 1,
                "billing_interval_uom": uom if frappe.db.exists("UOM", uom) else None,
            }
        ).insert(ignore_permissions=True)
