"""Tables made and altered from DocType meta, and questions about them."""

from frappe.exceptions import DoesNotExistError

# Frappe's column type by field type, as the first words of a SQLite declaration. `double` is what reads back as float.
_NUMBER, _TEXT, _NAME = "double NOT NULL DEFAULT 0", "text COLLATE NOCASE", "varchar(140) COLLATE NOCASE"
COLUMN_TYPES = {
    **dict.fromkeys(("Currency", "Float", "Percent", "Rating"), _NUMBER),
    "Int": "bigint NOT NULL DEFAULT 0",
    "Long Int": "bigint NOT NULL DEFAULT 0",
    "Check": "tinyint NOT NULL DEFAULT 0",
    **dict.fromkeys(("Data", "Link", "Dynamic Link", "Select", "Read Only", "Color", "Icon", "Phone"), _NAME),
    **dict.fromkeys(("Small Text", "Text", "Long Text", "Code", "Text Editor", "Markdown Editor"), _TEXT),
    **dict.fromkeys(("HTML Editor", "Attach", "Attach Image", "Signature", "Geolocation"), _TEXT),
    **dict.fromkeys(("Autocomplete", "Barcode"), _NAME),
    "Password": "text",
    "JSON": "text",
    "Duration": "double",
    "Date": "date",
    "Datetime": "datetime",
    "Time": "time",
}
# Types whose length is limited, with the limit.
TYPE_MAP = {
    fieldtype: ("varchar", 140)
    if declared == _NAME
    else ("int", 11)
    if fieldtype == "Int"
    else (declared.split()[0], None)
    for fieldtype, declared in COLUMN_TYPES.items()
} | {"Check": ("tinyint", 4)}
STANDARD_COLUMNS = {
    "name": f"{_NAME} PRIMARY KEY NOT NULL",
    "creation": "datetime",
    "modified": "datetime",
    "modified_by": _NAME,
    "owner": _NAME,
    "docstatus": "tinyint NOT NULL DEFAULT 0",
    "idx": "int NOT NULL DEFAULT 0",
}
CHILD_COLUMNS = {"parent": _NAME, "parentfield": _NAME, "parenttype": _NAME}
OPTIONAL_COLUMNS = dict.fromkeys(("_user_tags", "_comments", "_assign", "_liked_by"), "text")
# Tables that no DocType stands for.
SYSTEM_TABLES = {
    "tabSingles": f"doctype {_NAME}, field {_NAME}, value text",
    "tabSeries": f"name {_NAME} PRIMARY KEY, current int NOT NULL DEFAULT 0",
    "tabSessions": f"user {_NAME}, sid {_NAME} PRIMARY KEY, sessiondata text, ipaddress text, lastupdate datetime, "
    "status text",
    "__Auth": f"doctype {_NAME}, name varchar(255) COLLATE NOCASE, fieldname {_NAME}, password text, "
    "encrypted tinyint NOT NULL DEFAULT 0, PRIMARY KEY (doctype, name, fieldname)",
}


class Schema:
    """The part of `frappe.db` that makes and describes tables."""

    type_map = TYPE_MAP

    def create_system_tables(self) -> None:
        for table, columns in SYSTEM_TABLES.items():
            self.sql_ddl(f"CREATE TABLE IF NOT EXISTS `{table}` ({columns})")
        self.sql_ddl("CREATE INDEX IF NOT EXISTS `singles_doctype` ON `tabSingles` (doctype, field)")

    def updatedb(self, doctype: str, meta=None) -> None:
        """Makes the DocType's table, or adds the columns and indexes it lacks. Columns are never dropped."""
        import frappe

        meta = meta or frappe.get_meta(doctype, cached=False)
        if meta.issingle or meta.get("is_virtual"):
            return
        fields = [field for field in meta.fields if field.fieldtype in COLUMN_TYPES and not field.is_virtual]
        columns = STANDARD_COLUMNS | (CHILD_COLUMNS if meta.istable else OPTIONAL_COLUMNS)
        columns = columns | {field.fieldname: _declaration(field) for field in fields}
        table = f"tab{doctype}"
        if not self.table_exists(doctype):
            body = ", ".join(f"`{name}` {declared}" for name, declared in columns.items())
            self.sql_ddl(f"CREATE TABLE `{table}` ({body})")
        else:
            present = {name.lower() for name in self.get_db_table_columns(table)}
            for name, declared in columns.items():
                if name.lower() not in present:
                    self.sql_ddl(f"ALTER TABLE `{table}` ADD COLUMN `{name}` {declared}")
        for field in fields:
            if field.unique or field.search_index:
                self._index(table, [field.fieldname], unique=bool(field.unique))
        self._index(table, ["parent"] if meta.istable else ["modified"])

    def _index(self, table: str, fields: list[str], name: str | None = None, unique: bool = False) -> None:
        name = name or "_".join([table, *fields])
        columns = ", ".join(f"`{field.partition('(')[0]}`" for field in fields)
        kind = "UNIQUE INDEX" if unique else "INDEX"
        self.sql_ddl(f"CREATE {kind} IF NOT EXISTS `{name}` ON `{table}` ({columns})")

    def add_index(self, doctype: str, fields: list[str], index_name: str | None = None) -> None:
        self._index(f"tab{doctype}", fields, index_name and f"tab{doctype}_{index_name}")

    def add_unique(self, doctype: str, fields: list[str] | str, constraint_name: str | None = None) -> None:
        fields = [fields] if isinstance(fields, str) else fields
        name = constraint_name or "unique_" + "_".join(fields)
        self._index(f"tab{doctype}", fields, f"tab{doctype}_{name}", unique=True)

    def has_index(self, table_name: str, index_name: str) -> bool:
        names = {f"{table_name}_{index_name}", index_name}
        return any(row[1] in names for row in self.sql(f"PRAGMA index_list(`{table_name}`)"))

    def get_tables(self, cached: bool = True) -> list[str]:
        return self.sql("SELECT name FROM sqlite_master WHERE type = 'table'", pluck=True)

    def table_exists(self, doctype: str, cached: bool = True) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = %s"
        return bool(self.sql(query, (f"tab{doctype}",)))

    has_table = table_exists

    def get_db_table_columns(self, table: str) -> list[str]:
        return [row[1] for row in self.sql(f"PRAGMA table_info(`{table}`)")]

    def get_table_columns(self, doctype: str) -> list[str]:
        columns = self.get_db_table_columns(f"tab{doctype}")
        if not columns:
            raise DoesNotExistError(f"No table for DocType {doctype}")
        return columns

    def has_column(self, doctype: str, column: str) -> bool:
        return column in self.get_table_columns(doctype)

    def field_exists(self, doctype: str, fieldname: str):
        return self.exists("DocField", {"fieldname": fieldname, "parent": doctype})

    def truncate(self, doctype: str) -> None:
        self.sql_ddl(f"TRUNCATE TABLE `tab{doctype}`")


def _declaration(field) -> str:
    declared = COLUMN_TYPES[field.fieldtype]
    default = str(field.default or "")
    if default.replace(".", "", 1).isdigit() and declared.endswith("DEFAULT 0"):
        return declared[:-1] + default
    if field.fieldtype in ("Data", "Select", "Link") and default and not default.startswith((":", "__")):
        return f"{declared} DEFAULT '" + default.replace("'", "''") + "'"
    return declared
