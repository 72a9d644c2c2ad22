"""Brings DocTypes from their definitions into the site: the DocType's own rows, then its table."""

import hashlib
import json

import frappe
from frappe.dicts import _dict
from frappe.doctypes import load
from frappe.model.meta import SPECIAL, TABLES, Meta, _special_definitions
from frappe.utils import now


def sync_app(app: str) -> list[str]:
    """Brings all changed DocTypes of an app in; answers their names."""
    definitions = load(app)
    if app == "frappe":
        _bootstrap()
    stored = dict(frappe.db.sql("SELECT name, migration_hash FROM `tabDocType`"))
    changed = [each for each in definitions if stored.get(each["name"]) != _hash(each)]
    for definition in changed:
        _store(definition)
    frappe.db.commit()
    for definition in changed:
        frappe.local.process.forget_doctype(definition["name"])
    for definition in changed:
        if definition["name"] not in SPECIAL:
            frappe.db.updatedb(definition["name"])
    frappe.clear_cache()
    return [definition["name"] for definition in changed]


def sync_doctype(definition: dict) -> None:
    """Brings one DocType in, changed or not."""
    _store(definition)
    frappe.db.commit()
    frappe.clear_cache(doctype=definition["name"])
    frappe.db.updatedb(definition["name"])


def _bootstrap() -> None:
    """The tables in which DocTypes are kept."""
    frappe.db.create_system_tables()
    for definition in _special_definitions():
        frappe.db.updatedb(definition["name"], Meta(definition))


def _hash(definition: dict) -> str:
    return hashlib.md5(json.dumps(definition, sort_keys=True).encode()).hexdigest()


def _store(definition: dict) -> None:
    name = definition["name"]
    meta = frappe.get_meta("DocType")
    for row_type in TABLES.values():
        frappe.db.sql(f"DELETE FROM `tab{row_type}` WHERE parent = %s AND parenttype = 'DocType'", (name,))
    frappe.db.sql("DELETE FROM `tabDocType` WHERE name = %s", (name,))
    values = _only_columns(definition, meta)
    values.update(migration_hash=_hash(definition), **_stamp())
    _insert("DocType", values)
    for table, row_type in TABLES.items():
        row_meta = frappe.get_meta(row_type)
        rows = _in_order(definition) if table == "fields" else definition.get(table) or []
        for idx, row in enumerate(rows, 1):
            # What a definition leaves out is off: the columns' defaults are for rows that people add.
            row = {**dict.fromkeys(_checks(row_meta), 0), **_only_columns(row, row_meta)}
            row.update(
                name=f"{name}-{table}-{idx}", parent=name, parenttype="DocType", parentfield=table, idx=idx
            )
            _insert(row_type, {**row, **_stamp()})


def _in_order(definition: dict) -> list[dict]:
    """The fields, in the order that `field_order` gives."""
    fields = {field["fieldname"]: field for field in definition["fields"]}
    order = definition.get("field_order") or []
    return [fields.pop(name) for name in order if name in fields] + list(fields.values())


def _checks(meta) -> list[str]:
    return [df.fieldname for df in meta.fields if df.fieldtype == "Check"]


def _only_columns(values: dict, meta) -> _dict:
    columns = set(meta.get_valid_columns())
    return _dict({key: value for key, value in values.items() if key in columns and value is not None})


def _stamp() -> dict:
    moment = now()
    return {"creation": moment, "modified": moment, "owner": "Administrator", "modified_by": "Administrator"}


def _insert(doctype: str, values: dict) -> None:
    from frappe.database.values import stored

    types = frappe.get_meta(doctype)
    columns = ", ".join(f"`{column}`" for column in values)
    marks = ", ".join(["%s"] * len(values))
    row = [stored(types.fieldtype(column), value) for column, value in values.items()]
    frappe.db.sql(f"INSERT INTO `tab{doctype}` ({columns}) VALUES ({marks})", row)
