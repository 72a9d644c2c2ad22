"""A row with its child rows: reading and setting values, and writing them to the table without any event."""

import weakref

import frappe
from frappe import _
from frappe.database.values import stored
from frappe.dicts import _dict
from frappe.model import child_table_fields, default_fields
from frappe.model.controllers import get_controller
from frappe.model.docstatus import DocStatus
from frappe.model.naming import set_new_name

__all__ = ["BaseDocument", "get_controller"]

_RESERVED = {"doctype", "meta", "flags", "parent_doc", "_doc_before_save", "_table_fieldnames", "docstatus"}
_PRIVATE = ("__islocal", "__onload", "__unsaved", "__run_link_triggers", "_user_tags", "_liked_by")


class BaseDocument:
    doctype: str

    def _fill(self, values: dict) -> None:
        """Takes over `values` and gives every other column an empty value."""
        data = self.__dict__
        meta = self.meta = frappe.get_meta(self.doctype)
        tables = self._table_fieldnames = {field.fieldname for field in meta.get_table_fields()}
        for key, value in values.items():
            if key not in tables and key not in _RESERVED:
                data[key] = value
        data["docstatus"] = DocStatus(values.get("docstatus") or 0)
        for key in meta.get_valid_columns():
            if key not in data:
                data[key] = None
        data["idx"] = data["idx"] or 0
        for key in tables:
            data[key] = []
            if values.get(key):
                self.extend(key, values[key])

    @property
    def docstatus(self) -> DocStatus:
        value = self.__dict__.get("docstatus")
        return value if isinstance(value, DocStatus) else DocStatus(value or 0)

    @docstatus.setter
    def docstatus(self, value) -> None:
        self.__dict__["docstatus"] = DocStatus(value or 0)

    @property
    def parent_doc(self):
        reference = self.__dict__.get("_parent_doc")
        return reference() if reference else None

    @parent_doc.setter
    def parent_doc(self, value) -> None:
        self.__dict__["_parent_doc"] = (
            value if isinstance(value, weakref.ref) or not value else weakref.ref(value)
        )

    def __getstate__(self) -> dict:
        return {key: value for key, value in self.__dict__.items() if key not in ("meta", "_parent_doc")}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self.meta = frappe.get_meta(self.doctype)

    def __deepcopy__(self, memo):
        import copy

        clone = type(self).__new__(type(self))
        memo[id(self)] = clone
        clone.__dict__.update({key: copy.deepcopy(value, memo) for key, value in self.__getstate__().items()})
        clone.meta = self.meta
        for table in clone._table_fieldnames:
            for row in clone.__dict__.get(table) or []:
                row.parent_doc = clone
        return clone

    # values

    def get(self, key, filters=None, limit=None, default=None):
        if isinstance(key, dict):
            return _filtered(self.get_all_children(), key)[:limit]
        if isinstance(filters, dict):
            return _filtered(self.__dict__.get(key) or [], filters)[:limit]
        value = self.__dict__.get(key, filters if filters is not None else default)
        return value[:limit] if limit and isinstance(value, (list, tuple)) else value

    def set(self, key: str, value, as_value: bool = False) -> None:
        if key == "docstatus":
            self.docstatus = value
        elif key in _RESERVED:
            return
        elif key in self._table_fieldnames and not as_value:
            rows = list(value or [])
            self.__dict__[key] = []
            self.extend(key, rows)
        else:
            self.__dict__[key] = value

    def update(self, values):
        if isinstance(values, BaseDocument):
            values = values.__dict__
        for key, value in dict(values).items():
            self.set(key, value)
        return self

    def update_if_missing(self, values: dict) -> None:
        skip = self.__dict__.get("dont_update_if_missing") or ()
        for key, value in values.items():
            if value is not None and self.get(key) is None and key not in skip:
                self.set(key, value)

    def delete_key(self, key: str) -> None:
        self.__dict__.pop(key, None)

    def append(self, key: str, value=None, position: int = -1):
        """A new row at the end of a child table (or at `position`); answers the row."""
        rows = self.__dict__.get(key)
        if rows is None:
            rows = self.__dict__[key] = []
        row = self._init_child({} if value is None else value, key)
        if position == -1:
            rows.append(row)
        else:
            rows.insert(position, row)
            for idx, each in enumerate(rows, 1):
                each.idx = idx
        return row

    def _init_child(self, value, key: str):
        if not isinstance(value, BaseDocument):
            if key not in self._table_fieldnames:
                raise AttributeError(key)
            doctype = self.meta.get_field(key).options
            value = get_controller(doctype)({**value, "doctype": doctype})
        value.parent, value.parenttype, value.parentfield = self.name, self.doctype, key
        value.parent_doc = self
        if not value.idx:
            value.idx = len(self.__dict__.get(key) or []) + 1
        if not value.name:
            value.__dict__["__islocal"] = True
        return value

    def extend(self, key: str, rows) -> None:
        for row in rows:
            self.append(key, row)

    def remove(self, row) -> None:
        rows = self.get(row.parentfield)
        del rows[next(i for i, each in enumerate(rows) if each is row)]
        for idx, each in enumerate(rows, 1):
            each.idx = idx

    def get_all_children(self, parenttype: str | None = None) -> list:
        children = []
        for field in self.meta.get_table_fields():
            if not parenttype or field.options == parenttype:
                children.extend(self.__dict__.get(field.fieldname) or [])
        return children

    def is_new(self) -> bool:
        return bool(self.__dict__.get("__islocal"))

    def get_valid_dict(
        self, sanitize=True, convert_dates_to_str=False, ignore_nulls=False, ignore_virtual=False
    ) -> _dict:
        """The columns' values, numbers in their types."""
        from frappe.utils import cast_number

        found = _dict()
        data = self.__dict__
        for name, fieldtype in self.meta.stored_columns:
            value = data.get(name)
            if value is None and ignore_nulls:
                continue
            if sanitize:
                value = cast_number(fieldtype, value)
                if value == "" and fieldtype in ("Date", "Datetime", "Time"):
                    value = None
            if convert_dates_to_str and hasattr(value, "resolution"):
                value = str(value)
            found[name] = value
        return found

    def as_dict(
        self,
        no_nulls=False,
        no_default_fields=False,
        convert_dates_to_str=False,
        no_child_table_fields=False,
        no_private_properties=False,
    ) -> _dict:
        found = self.get_valid_dict(convert_dates_to_str=convert_dates_to_str, ignore_nulls=no_nulls)
        found["doctype"] = self.doctype
        for name in self._virtual_fields():
            found[name] = getattr(self, name)
        for field in self.meta.get_table_fields():
            found[field.fieldname] = [
                row.as_dict(
                    no_nulls,
                    no_default_fields,
                    convert_dates_to_str,
                    no_child_table_fields,
                    no_private_properties,
                )
                for row in self.get(field.fieldname) or []
            ]
        unwanted = (default_fields if no_default_fields else ()) + (
            child_table_fields if no_child_table_fields else ()
        )
        for key in unwanted:
            found.pop(key, None)
        for key in () if no_private_properties else _PRIVATE:
            if value := self.__dict__.get(key):
                found[key] = value
        return found

    def _virtual_fields(self) -> list[str]:
        """Virtual fields that the class answers as properties."""
        return [
            field.fieldname
            for field in self.meta.having("is_virtual")
            if hasattr(type(self), field.fieldname)
        ]

    def as_json(self) -> str:
        return frappe.as_json(self.as_dict())

    def cast(self, value, df):
        return frappe.utils.cast(df.fieldtype, value)

    def get_value(self, fieldname: str):
        """The field's value in the field's type."""
        df = self.meta.get_field(fieldname)
        return frappe.utils.cast(df.fieldtype, self.get(fieldname)) if df else self.get(fieldname)

    # the row in the table

    def _row(self) -> dict:
        data = self.__dict__
        row = {}
        for name, fieldtype in self.meta.stored_columns:
            value = data.get(name)
            if value == "" and (field := self.meta.get_field(name)) and field.unique:
                value = None
            if isinstance(value, (list, tuple)) and fieldtype != "JSON":
                frappe.throw(_("Value for {0} cannot be a list").format(self.meta.get_label(name)))
            row[name] = stored(fieldtype, value)
        return row

    def db_insert(self, ignore_if_duplicate: bool = False) -> None:
        """INSERTs the row. Raises DuplicateEntryError, UniqueValidationError."""
        if not self.name:
            set_new_name(self)
        if not self.creation:
            self.creation = self.modified = frappe.utils.now()
            self.owner = self.modified_by = frappe.session.user
        row = self._row()
        columns, marks = ", ".join(f"`{name}`" for name in row), ", ".join(["%s"] * len(row))
        try:
            frappe.db.sql(f"INSERT INTO `tab{self.doctype}` ({columns}) VALUES ({marks})", list(row.values()))
        except Exception as error:
            unique = frappe.db.is_unique_key_violation(error)
            # of two keys broken at once MariaDB names the primary one, SQLite any
            if unique and frappe.db.exists(self.doctype, self.name):
                if not ignore_if_duplicate:
                    frappe.msgprint(
                        _("{0} {1} already exists").format(_(self.doctype), frappe.bold(self.name)),
                        title=_("Duplicate Name"),
                        indicator="red",
                    )
                    raise frappe.DuplicateEntryError(self.doctype, self.name, error) from error
            elif unique:
                self._raise_not_unique(error)
            else:
                raise
        self.__dict__["__islocal"] = False

    def db_update(self) -> None:
        """UPDATEs the row, or inserts it when it is new. Raises UniqueValidationError."""
        if self.is_new() or not self.name:
            self.db_insert()
            return
        row = self._row()
        name = row.pop("name")
        sets = ", ".join(f"`{column}` = %s" for column in row)
        try:
            frappe.db.sql(f"UPDATE `tab{self.doctype}` SET {sets} WHERE `name` = %s", [*row.values(), name])
        except Exception as error:
            if not frappe.db.is_unique_key_violation(error):
                raise
            self._raise_not_unique(error)

    def db_update_all(self) -> None:
        self.db_update()
        for row in self.get_all_children():
            row.db_update()

    def _raise_not_unique(self, error: Exception) -> None:
        fieldname = str(error).split(".")[-1]
        field = self.meta.get_field(fieldname)
        frappe.msgprint(_("{0} must be unique").format(_(field.label) if field else fieldname))
        raise frappe.UniqueValidationError(self.doctype, self.name, error) from error

    def precision(self, fieldname: str, parentfield=None) -> int | None:
        from frappe.model.meta import get_field_precision

        if parentfield and not isinstance(parentfield, str):
            parentfield = parentfield.get("parentfield")
        doctype = self.meta.get_field(parentfield).options if parentfield else self.doctype
        df = frappe.get_meta(doctype).get_field(fieldname)
        return (
            get_field_precision(df, self) if df and df.fieldtype in ("Currency", "Float", "Percent") else None
        )

    def get_formatted(self, fieldname: str, doc=None, currency=None, absolute_value=False, **_options) -> str:
        from frappe.utils.formatters import format_value

        value = self.get(fieldname)
        if absolute_value and isinstance(value, (int, float)):
            value = abs(value)
        return format_value(value, self.meta.get_field(fieldname), doc or self.parent_doc or self, currency)

    def get_password(self, fieldname: str = "password", raise_exception: bool = True):
        from frappe.utils.password import get_decrypted_password

        value = self.get(fieldname)
        if value and not is_dummy_password(value):
            return value
        return get_decrypted_password(self.doctype, self.name, fieldname, raise_exception)

    def is_dummy_password(self, value: str) -> bool:
        return is_dummy_password(value)

    def __repr__(self) -> str:
        parent = f" parent={self.parent}" if self.__dict__.get("parent") else ""
        return f"<{type(self).__name__}: {self.__dict__.get('name') or 'unsaved'}{parent}>"

    def __str__(self) -> str:
        return f"{self.doctype}({self.__dict__.get('name') or 'unsaved'})"


def is_dummy_password(value: str) -> bool:
    """Whether this is the row of stars that stands for a stored password."""
    return set(value) == {"*"}


def _filtered(rows: list, filters: dict) -> list:
    """The rows whose values equal the filter's (True = set, False = empty, (operator, value) compares)."""
    from frappe.utils import compare

    def fits(row, key, wanted) -> bool:
        if wanted is True:
            return bool(row.get(key))
        if isinstance(wanted, (list, tuple)):
            return compare(row.get(key), *wanted)
        return row.get(key) == wanted if wanted is not None else not row.get(key)

    return [row for row in rows if all(fits(row, key, wanted) for key, wanted in filters.items())]
