"""What a DocType is: its fields (with custom ones and property setters), permissions and settings.

Read from the DocType tables once per process and kept until `frappe.clear_cache(doctype=...)`. The few
DocTypes that describe DocTypes are read from their definition file, or nothing could be read at all.
"""

import frappe
from frappe.database.schema import COLUMN_TYPES
from frappe.dicts import _dict
from frappe.model import child_table_fields, std_fields, table_fields

# parentfield of a DocType -> the DocType of its rows
TABLES = {
    "fields": "DocField",
    "permissions": "DocPerm",
    "actions": "DocType Action",
    "links": "DocType Link",
    "states": "DocType State",
}
SPECIAL = {"DocType", *TABLES.values()}
_STANDARD_FIELDS = {field["fieldname"]: _dict(field) for field in std_fields}
_STANDARD = ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"]


def get_meta(doctype, cached: bool = True) -> "Meta":
    """The meta of a DocType, given by name or as a document. Raises DoesNotExistError."""
    if not isinstance(doctype, str):
        doctype = doctype.doctype
    known = frappe.local.process.metas
    if cached and doctype in known:
        return known[doctype]
    known[doctype] = Meta(_load(doctype))
    return known[doctype]


def _load(doctype: str) -> dict:
    if doctype in SPECIAL:
        return next(found for found in _special_definitions() if found["name"] == doctype)
    rows = frappe.db.sql("SELECT * FROM `tabDocType` WHERE name = %s", (doctype,), as_dict=True)
    if not rows:
        frappe.throw(f"DocType {doctype} not found", frappe.DoesNotExistError(doctype="DocType"))
    loaded = rows[0]
    for table, row_type in TABLES.items():
        query = f"SELECT * FROM `tab{row_type}` WHERE parent = %s AND parentfield = %s ORDER BY idx"
        loaded[table] = frappe.db.sql(query, (doctype, table), as_dict=True)
    _add_custom_fields(loaded)
    _apply_property_setters(loaded)
    return loaded


def _special_definitions() -> list[dict]:
    from frappe.doctypes import app_folder, define

    path = app_folder("frappe") / "doctypes" / "doctype.txt"
    return define(path.read_text(encoding="utf-8"), str(path))


def _add_custom_fields(loaded: dict) -> None:
    """Puts each custom field after the field its `insert_after` names, else at the end."""
    query = "SELECT * FROM `tabCustom Field` WHERE dt = %s ORDER BY idx, creation"
    waiting = frappe.db.sql(query, (loaded["name"],), as_dict=True) if _ready("Custom Field") else []
    fields = loaded["fields"]
    for field in waiting:
        field.update(is_custom_field=True, parent=loaded["name"])
    while waiting:
        placed = False
        for field in list(waiting):
            position = next((i for i, f in enumerate(fields) if f.fieldname == field.insert_after), None)
            if position is not None:
                fields.insert(position + 1, field)
                waiting.remove(field)
                placed = True
        if not placed:
            fields.extend(waiting)
            break


def _apply_property_setters(loaded: dict) -> None:
    if not _ready("Property Setter"):
        return
    query = "SELECT * FROM `tabProperty Setter` WHERE doc_type = %s"
    fields = {field.fieldname: field for field in loaded["fields"]}
    for setter in frappe.db.sql(query, (loaded["name"],), as_dict=True):
        target = loaded if setter.doctype_or_field == "DocType" else fields.get(setter.field_name)
        if target is not None:
            target[setter.property] = frappe.utils.cast(setter.property_type, setter.value)


def _ready(doctype: str) -> bool:
    process = frappe.local.process
    if doctype not in process.ready_tables and frappe.db.table_exists(doctype):
        process.ready_tables.add(doctype)
    return doctype in process.ready_tables


class Meta:
    """One DocType's description; attributes not set read as None."""

    def __init__(self, loaded: dict):
        self.__dict__.update(loaded)
        for table in TABLES:
            self.__dict__.setdefault(table, [])
        self.doctype = "DocType"
        self.fields = [_dict(field) for field in self.fields]
        self.permissions = [_dict(row) for row in self.permissions]
        for idx, field in enumerate(self.fields, 1):
            field.update(parent=self.name, idx=idx, permlevel=field.permlevel or 0)
        self._fields = {field.fieldname: field for field in self.fields}
        kinds = {field.fieldname: field.fieldtype for field in self.fields}
        self._types = {name: field.fieldtype for name, field in _STANDARD_FIELDS.items()} | kinds
        self._valid_columns = _STANDARD + [
            field.fieldname
            for field in self.fields
            if field.fieldtype in COLUMN_TYPES and not field.is_virtual
        ]
        if self.istable:
            self._valid_columns += child_table_fields
        self._by_type: dict = {}
        self._table_fields = self.of_type(*table_fields)
        self.stored_columns = [(name, self._types.get(name)) for name in self._valid_columns]

    def __getattr__(self, key):
        if key.startswith("__"):
            raise AttributeError(key)
        return None

    def get(self, key: str, filters: dict | None = None, default=None):
        value = self.__dict__.get(key, default)
        if filters and isinstance(value, list):
            return [row for row in value if all(_matches(row.get(k), v) for k, v in filters.items())]
        return value

    def of_type(self, *fieldtypes: str) -> list[_dict]:
        """The fields of these types; remembered, for every save asks."""
        if fieldtypes not in self._by_type:
            self._by_type[fieldtypes] = [field for field in self.fields if field.fieldtype in fieldtypes]
        return self._by_type[fieldtypes]

    def having(self, *properties: str) -> list[_dict]:
        """The fields that have all these properties set."""
        key = ("having", *properties)
        if key not in self._by_type:
            self._by_type[key] = [field for field in self.fields if all(field.get(p) for p in properties)]
        return self._by_type[key]

    def fieldtype(self, fieldname: str) -> str | None:
        return self._types.get(fieldname)

    def get_field(self, fieldname: str) -> _dict | None:
        return self._fields.get(fieldname)

    def has_field(self, fieldname: str) -> bool:
        return fieldname in self._fields

    def get_valid_columns(self) -> list[str]:
        return self._valid_columns

    def get_table_fields(self) -> list[_dict]:
        return self._table_fields

    def get_link_fields(self) -> list[_dict]:
        return self.of_type("Link")

    def get_dynamic_link_fields(self) -> list[_dict]:
        return self.of_type("Dynamic Link")

    def get_select_fields(self) -> list[_dict]:
        return self.of_type("Select")

    def get_data_fields(self) -> list[_dict]:
        return self.of_type("Data")

    def get_set_only_once_fields(self) -> list[_dict]:
        return [*self.having("set_only_once"), _STANDARD_FIELDS["creation"], _STANDARD_FIELDS["owner"]]

    def get_high_permlevel_fields(self) -> list[_dict]:
        return self.having("permlevel")

    def get_fields_to_fetch(self, link_fieldname: str | None = None) -> list[_dict]:
        """The fields filled from the document behind a link field (from any, without the argument)."""
        fetched = [field for field in self.having("fetch_from") if "." in field.fetch_from]
        if link_fieldname is None:
            return fetched
        return [field for field in fetched if field.fetch_from.split(".")[0] == link_fieldname]

    def get_label(self, fieldname: str) -> str:
        field = self._fields.get(fieldname) or _STANDARD_FIELDS.get(fieldname)
        return field.label if field else "No Label"

    def get_options(self, fieldname: str):
        return self.get_field(fieldname).options

    def get_link_doctype(self, fieldname: str) -> str | None:
        field = self.get_field(fieldname)
        return field.options if field.fieldtype == "Link" else self.get_options(field.options)

    def get_title_field(self) -> str:
        return self.title_field or ("title" if self.has_field("title") else "name")

    def get_search_fields(self) -> list[str]:
        fields = [field.strip() for field in (self.search_fields or "name").split(",")]
        return fields if "name" in fields else [*fields, "name"]

    def get_list_fields(self) -> list[str]:
        listed = [
            field.fieldname for field in self.fields if field.in_list_view and field.fieldtype in COLUMN_TYPES
        ]
        return list(dict.fromkeys(["name", *listed, *([self.title_field] if self.title_field else [])]))

    def get_custom_fields(self) -> list[_dict]:
        return self.having("is_custom_field")

    def get_naming_series_options(self) -> list[str]:
        field = self.get_field("naming_series")
        return (field.options or "").split("\n") if field else []

    def get_permissions(self, parenttype: str | None = None) -> list[_dict]:
        return get_meta(parenttype).permissions if self.istable and parenttype else self.permissions

    def get_permlevel_access(self, permission_type: str = "read", parenttype=None, *, user=None) -> list[int]:
        roles = frappe.get_roles(user)
        rows = self.get_permissions(parenttype)
        return list({row.permlevel for row in rows if row.get(permission_type) and row.role in roles})

    def get_permitted_fieldnames(self, parenttype=None, *, user=None, permission_type="read") -> list[str]:
        """The columns that the user's permission levels show."""
        user = user or frappe.session.user
        levels = set(self.get_permlevel_access(permission_type, parenttype, user=user)) | {0}
        return [
            name
            for name in self._valid_columns
            if user == "Administrator" or (self._fields.get(name) or _dict(permlevel=0)).permlevel in levels
        ]

    def get_workflow(self) -> None:
        """Workflows are not offered by this host."""

    def get_dashboard_data(self) -> _dict:
        """What `<doctype>_dashboard.get_data` of the DocType's folder answers."""
        from frappe.model.controllers import module_of

        data = _dict()
        if module := module_of(self.name, suffix="_dashboard"):
            data.update(frappe.get_module(module).get_data())
        for override in frappe.get_hooks("override_doctype_dashboards", {}).get(self.name, []):
            data = _dict(frappe.get_attr(override)(data=data))
        return data

    def as_dict(self, no_nulls: bool = False) -> dict:
        return {k: v for k, v in self.__dict__.items() if not k.startswith("_") and k != "stored_columns"}


def _matches(value, wanted) -> bool:
    """One member of `meta.get("fields", {...})`'s filter: a plain value or (operator, value)."""
    operator, wanted = wanted if isinstance(wanted, (list, tuple)) else ("=", wanted)
    answers = {
        "=": value == wanted,
        "!=": value != wanted,
        "in": operator == "in" and value in wanted,
        "not in": operator == "not in" and value not in wanted,
    }
    return answers[operator]


def get_field_precision(df: _dict, doc=None, currency: str | None = None) -> int:
    """Decimal places of a number field: its own precision, else the currency's, else the site's."""
    if df.precision:
        return frappe.utils.cint(df.precision)
    if df.fieldtype == "Currency":
        set_precision = frappe.utils.cint(frappe.get_system_settings("currency_precision"))
        if set_precision:
            return set_precision
        number_format = frappe.get_system_settings("number_format") or "#,###.##"
        return frappe.utils.get_number_format_info(number_format)[2]
    return frappe.utils.cint(frappe.get_system_settings("float_precision")) or 3
