"""Default values of the site and of users, kept as DefaultValue rows."""

import frappe

_GLOBAL = ("__default", "__global")


def get_defaults(user: str | None = None) -> dict:
    """The site's defaults with the user's own on top."""
    user = user or (frappe.session.user if frappe.session else "Guest")
    found = dict(get_defaults_for("__default"))
    found.update(get_defaults_for(user))
    found.update(user=user, owner=user)
    return frappe._dict(found)


def get_defaults_for(parent: str = "__default") -> dict:
    """One parent's values by key; a list where a key stands several times."""
    known = frappe.db.value_cache.setdefault("defaults", {})
    if parent not in known:
        query = "SELECT defkey, defvalue FROM `tabDefaultValue` WHERE parent = %s ORDER BY creation"
        found: dict = frappe._dict()
        for key, value in frappe.db.sql(query, (parent,)):
            if key in found:
                found[key] = [*(found[key] if isinstance(found[key], list) else [found[key]]), value]
            else:
                found[key] = value
        known[parent] = found
    return known[parent]


def _first(value):
    return value[0] if isinstance(value, list) and value else value


def get_user_default(key: str, user: str | None = None):
    found = get_defaults_for(user or frappe.session.user)
    scrubbed = frappe.scrub(key)
    value = found.get(key) or found.get(scrubbed)
    return _first(value) if value else get_global_default(key) or get_global_default(scrubbed)


def get_global_default(key: str):
    return _first(get_defaults_for("__default").get(key))


def set_default(key: str, value, parent: str, parenttype: str = "__default") -> None:
    """Replaces the value of a key."""
    frappe.db.delete("DefaultValue", {"defkey": key, "parent": parent})
    if value not in (None, ""):
        add_default(key, value, parent, parenttype)
    frappe.db.value_cache.clear()


def add_default(key: str, value, parent: str, parenttype: str | None = None) -> None:
    row = {"doctype": "DefaultValue", "parent": parent, "parenttype": parenttype or "__default"}
    row.update(parentfield="system_defaults", defkey=key, defvalue=value)
    frappe.get_doc(row).db_insert()
    frappe.db.value_cache.clear()


def set_global_default(key: str, value) -> None:
    set_default(key, value, "__default")


def set_user_default(key: str, value, user: str | None = None, parenttype: str | None = None) -> None:
    set_default(key, value, user or frappe.session.user, parenttype or "User")


def clear_default(key=None, value=None, parent=None, name=None, parenttype=None) -> None:
    filters = {"defkey": key, "defvalue": value, "parent": parent, "name": name, "parenttype": parenttype}
    frappe.db.delete("DefaultValue", {field: given for field, given in filters.items() if given})
    frappe.db.value_cache.clear()
