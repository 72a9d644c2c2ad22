"""A DocType of the tests' own, with rows, so that what documents do can be stated without anybody else's rules."""

import frappe

THING, ROW = "SP Contract Thing", "SP Contract Row"
_RIGHTS = [
    "read",
    "write",
    "create",
    "delete",
    "submit",
    "cancel",
    "amend",
    "report",
    "export",
    "print",
    "email",
    "share",
]


def ensure() -> None:
    """Makes both DocTypes where they are missing. Making a DocType commits."""
    if frappe.db.exists("DocType", THING):
        return
    _make(
        ROW,
        [
            {"fieldname": "item", "fieldtype": "Data", "label": "Item", "reqd": 1},
            {"fieldname": "qty", "fieldtype": "Float", "label": "Qty", "default": "1"},
            {"fieldname": "note", "fieldtype": "Data", "label": "Note", "allow_on_submit": 1},
        ],
        istable=1,
    )
    _make(
        THING,
        [
            {
                "fieldname": "naming_series",
                "fieldtype": "Select",
                "label": "Series",
                "options": "SPCT-.YYYY.-",
            },
            {"fieldname": "title", "fieldtype": "Data", "label": "Title", "reqd": 1},
            {
                "fieldname": "kind",
                "fieldtype": "Select",
                "label": "Kind",
                "options": "\nA\nB",
                "default": "A",
            },
            {"fieldname": "user", "fieldtype": "Link", "label": "User", "options": "User"},
            {
                "fieldname": "user_name",
                "fieldtype": "Data",
                "label": "User Name",
                "fetch_from": "user.full_name",
                "read_only": 1,
            },
            {
                "fieldname": "nickname",
                "fieldtype": "Data",
                "label": "Nickname",
                "fetch_from": "user.first_name",
                "fetch_if_empty": 1,
            },
            {"fieldname": "reference_type", "fieldtype": "Link", "label": "Type", "options": "DocType"},
            {
                "fieldname": "reference",
                "fieldtype": "Dynamic Link",
                "label": "Name",
                "options": "reference_type",
            },
            {"fieldname": "email", "fieldtype": "Data", "label": "Email", "options": "Email"},
            {"fieldname": "code", "fieldtype": "Data", "label": "Code", "unique": 1, "no_copy": 1},
            {"fieldname": "day", "fieldtype": "Date", "label": "Day", "default": "Today"},
            {"fieldname": "moment", "fieldtype": "Datetime", "label": "Moment"},
            {"fieldname": "time", "fieldtype": "Time", "label": "Time"},
            {"fieldname": "amount", "fieldtype": "Currency", "label": "Amount", "non_negative": 1},
            {"fieldname": "number", "fieldtype": "Int", "label": "Number"},
            {"fieldname": "flag", "fieldtype": "Check", "label": "Flag"},
            {"fieldname": "fixed", "fieldtype": "Data", "label": "Fixed", "set_only_once": 1},
            {"fieldname": "remark", "fieldtype": "Small Text", "label": "Remark", "allow_on_submit": 1},
            {"fieldname": "secret", "fieldtype": "Password", "label": "Secret"},
            {"fieldname": "facts", "fieldtype": "JSON", "label": "Facts"},
            {"fieldname": "private", "fieldtype": "Data", "label": "Private", "permlevel": 1},
            {"fieldname": "rows", "fieldtype": "Table", "label": "Rows", "options": ROW},
        ],
        is_submittable=1,
        track_changes=1,
        autoname="naming_series:",
        permissions=[
            _permission("System Manager", *_RIGHTS),
            _permission("System Manager", "read", "write", permlevel=1),
            _permission("Report Manager", "read", "write", "create"),
            _permission("Website Manager", "read", "write", "create", "delete", if_owner=1),
        ],
    )
    frappe.db.commit()


def _permission(role: str, *rights: str, **more) -> dict:
    """A row of permissions in which every right is said, for some are given by default."""
    return {"role": role, **{right: int(right in rights) for right in _RIGHTS}, **more}


def _make(name: str, fields: list[dict], **settings) -> None:
    values = {"doctype": "DocType", "name": name, "module": "Core", "custom": 1, "fields": fields, **settings}
    frappe.get_doc(values).insert(ignore_permissions=True)


def make(**values):
    """An inserted thing."""
    return build(**values).insert()


def build(**values):
    return frappe.get_doc({"doctype": THING, "title": "A thing", **values})


def person(*roles: str, **values) -> str:
    """A new user with these roles; answers the name."""
    email = f"{frappe.generate_hash(length=12)}@example.com"
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": email,
            "first_name": "Ada",
            "last_name": "Example",
            "send_welcome_email": 0,
            **values,
        }
    )
    user.append_roles(*roles)
    return user.insert(ignore_permissions=True).name
