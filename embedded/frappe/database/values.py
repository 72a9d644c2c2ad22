"""`frappe.db.get_value`, `set_value`, `exists`, `count` and their kin."""

import datetime
import json

import frappe
from frappe.database.query import TABLES_WITHOUT_META, Query
from frappe.database.schema import COLUMN_TYPES
from frappe.dicts import _dict

_DEFAULT_ORDER = "KEEP_DEFAULT_ORDERING"


class Values:
    """The part of `frappe.db` that reads and writes single values without going through documents."""

    def get_value(
        self,
        doctype: str,
        filters=None,
        fieldname="name",
        ignore=None,
        as_dict=False,
        debug=False,
        order_by=_DEFAULT_ORDER,
        cache=False,
        for_update=False,
        *,
        run=True,
        pluck=False,
        distinct=False,
        skip_locked=False,
        wait=True,
    ):
        """The first match's field (a tuple for several fields, a dict with `as_dict`), None where nothing matches."""
        rows = self.get_values(
            doctype,
            filters,
            fieldname,
            ignore,
            as_dict,
            debug,
            order_by,
            cache=cache,
            for_update=for_update,
            run=run,
            pluck=pluck,
            distinct=distinct,
            limit=1,
            skip_locked=skip_locked,
            wait=wait,
        )
        if not run or not rows:
            return rows if not run else None
        row = rows[0]
        return row if pluck or as_dict or len(row) > 1 else row[0]

    def get_values(
        self,
        doctype: str,
        filters=None,
        fieldname="name",
        ignore=None,
        as_dict=False,
        debug=False,
        order_by=_DEFAULT_ORDER,
        update=None,
        cache=False,
        for_update=False,
        *,
        run=True,
        pluck=False,
        distinct=False,
        limit=None,
        skip_locked=False,
        wait=True,
    ):
        """Like get_value, for all matches."""
        fields = [fieldname] if isinstance(fieldname, str) else list(fieldname)
        key = (doctype, filters, tuple(fields), bool(as_dict)) if cache and isinstance(filters, str) else None
        if key and key in self.value_cache:
            return self.value_cache[key]
        if filters is None or (filters == doctype and doctype != "DocType") or self._is_single(doctype):
            rows = self._single_values(doctype, filters, fields, as_dict)
        else:
            query = Query(doctype)
            columns = query.columns(fields)
            where = query.where(filters)
            lock = (
                f" FOR UPDATE{' SKIP LOCKED' if skip_locked else '' if wait else ' NOWAIT'}"
                if for_update
                else ""
            )
            order = None if distinct or isinstance(filters, str) else order_by
            # unlike in lists, the direction is descending where none is written
            order = query.order_by("modified" if order == _DEFAULT_ORDER else order, "desc") if order else ""
            statement = (
                f"SELECT {'DISTINCT ' if distinct else ''}{columns} FROM {query.source()}"
                f"{f' WHERE {where}' if where else ''}{f' ORDER BY {order}' if order else ''}"
                f"{f' LIMIT {int(limit)}' if limit else ''}{lock}"
            )
            as_dict = as_dict or fields == ["*"]
            try:
                rows = self.sql(
                    statement, query.params, as_dict=as_dict, update=update, pluck=pluck, debug=debug, run=run
                )
            except self.OperationalError as error:
                if not ignore or not self.is_missing_table_or_column(error):
                    raise
                rows = ()
        if key:
            self.value_cache[key] = rows
        return rows

    def _is_single(self, doctype: str) -> bool:
        if doctype in TABLES_WITHOUT_META or doctype.startswith("__"):
            return False
        return bool(frappe.get_meta(doctype).issingle)

    def _single_values(self, doctype: str, filters, fields: list[str], as_dict: bool):
        values = self.get_singles_dict(doctype)
        if isinstance(filters, dict) and any(values.get(field) != value for field, value in filters.items()):
            return []
        if fields == ["*"]:
            return [values] if values else []
        found = _dict({field: values[field] for field in fields if field in values})
        if not found:
            return []
        return [found] if as_dict else [[found.get(field) for field in fields]]

    def get_singles_dict(self, doctype: str, debug=False, *, for_update=False, cast=False) -> _dict:
        lock = " FOR UPDATE" if for_update else ""
        rows = self.sql(f"SELECT field, value FROM `tabSingles` WHERE doctype = %s{lock}", (doctype,))
        if not cast:
            return _dict(rows)
        meta = frappe.get_meta(doctype)
        types = {field: df.fieldtype for field, _value in rows if (df := meta.get_field(field))}
        return _dict({field: frappe.utils.cast(types.get(field), value) for field, value in rows})

    def get_single_value(self, doctype: str, fieldname: str, cache: bool = True):
        """One field of a Single, in its type; an unset number is 0."""
        key = (doctype, "single", fieldname)
        if cache and key in self.value_cache:
            return self.value_cache[key]
        field = frappe.get_meta(doctype).get_field(fieldname)
        if not field:
            frappe.throw(f"Field {frappe.bold(fieldname)} does not exist on {frappe.bold(doctype)}")
        query = "SELECT value FROM `tabSingles` WHERE doctype = %s AND field = %s"
        rows = self.sql(query, (doctype, fieldname))
        value = frappe.utils.cast(field.fieldtype, rows[0][0] if rows else None)
        self.value_cache[key] = value
        return value

    get_singles_value = get_single_value

    def set_single_value(
        self,
        doctype: str,
        fieldname,
        value=None,
        *,
        modified=None,
        modified_by=None,
        update_modified=True,
        debug=False,
    ) -> None:
        changes = _changes(fieldname, value, modified, modified_by, update_modified)
        meta = frappe.get_meta(doctype)
        for field, new in changes.items():
            new = stored(meta.fieldtype(field), new)
            self.sql("DELETE FROM `tabSingles` WHERE doctype = %s AND field = %s", (doctype, field))
            self.sql(
                "INSERT INTO `tabSingles` (doctype, field, value) VALUES (%s, %s, %s)", (doctype, field, new)
            )
        frappe.clear_document_cache(doctype, doctype)
        self.value_cache.clear()

    def set_value(
        self,
        dt: str,
        dn,
        field,
        val=None,
        modified=None,
        modified_by=None,
        update_modified=True,
        debug=False,
    ) -> None:
        """Writes fields of the matching rows; no event runs."""
        if dn is None or dn == dt:
            if self._is_single(dt):
                self.set_single_value(dt, field, val, modified=modified, modified_by=modified_by)
            return
        changes = _changes(field, val, modified, modified_by, update_modified)
        meta = frappe.get_meta(dt)
        query = Query(dt)
        where = query.where(dn)
        sets = ", ".join(f"`{column}` = %s" for column in changes)
        values = [stored(meta.fieldtype(column), value) for column, value in changes.items()]
        self.sql(f"UPDATE {query.table} SET {sets} WHERE {where}", values + query.params)
        frappe.clear_document_cache(dt, dn if isinstance(dn, str) else None)
        self.value_cache.clear()

    def exists(self, dt, dn=None, cache: bool = False):
        """The name of a matching document, else None. A Single always exists."""
        if isinstance(dt, dict):
            dn = {key: value for key, value in dt.items() if key != "doctype"}
            dt = dt["doctype"]
        if dt != "DocType" and dt == dn:
            return dn
        return self.get_value(dt, dn, ignore=True, cache=cache, order_by=None)

    def count(self, dt: str, filters=None, debug=False, cache=False, distinct: bool = True) -> int:
        query = Query(dt)
        where = query.where(filters)
        statement = f"SELECT COUNT(*) FROM {query.source()}{f' WHERE {where}' if where else ''}"
        return self.sql(statement, query.params)[0][0]

    def delete(self, doctype: str, filters=None, debug=False, **kwargs) -> None:
        """Deletes rows; no event runs."""
        query = Query(doctype)
        where = query.where(filters if filters is not None else kwargs.get("conditions"))
        table = doctype if doctype.startswith("__") else f"tab{doctype}"
        where = where.replace("`tab" + doctype + "`.", "") if doctype.startswith("__") else where
        self.sql(f"DELETE FROM `{table}`{f' WHERE {where}' if where else ''}", query.params)
        self.value_cache.clear()

    def bulk_insert(
        self, doctype: str, fields, values, ignore_duplicates=False, *, chunk_size=10_000
    ) -> None:
        ignore = "IGNORE " if ignore_duplicates else ""
        columns = ", ".join(f"`{field}`" for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        for row in values:
            self.sql(f"INSERT {ignore}INTO `tab{doctype}` ({columns}) VALUES ({marks})", list(row))

    def get_all(self, *args, **kwargs):
        return frappe.get_all(*args, **kwargs)

    def get_list(self, *args, **kwargs):
        return frappe.get_list(*args, **kwargs)

    def get(self, doctype: str, filters=None, as_dict=True, cache=False):
        return self.get_value(doctype, filters, "*", as_dict=as_dict, cache=cache)

    def get_default(self, key: str, parent: str = "__default"):
        found = frappe.defaults.get_defaults_for(parent).get(key)
        return found[0] if isinstance(found, list) and found else found

    def set_default(self, key: str, val, parent: str = "__default", parenttype=None) -> None:
        frappe.defaults.set_default(key, val, parent, parenttype)

    def get_global(self, key: str, user: str = "__global"):
        return self.get_default(key, user)

    def set_global(self, key: str, val, user: str = "__global") -> None:
        self.set_default(key, val, user)

    @staticmethod
    def format_date(date) -> str:
        return frappe.utils.getdate(date).strftime("%Y-%m-%d")


def _changes(field, value, modified, modified_by, update_modified) -> dict:
    changes = dict(field) if isinstance(field, dict) else {field: value}
    if update_modified:
        changes["modified"] = modified or frappe.utils.now()
        changes["modified_by"] = modified_by or frappe.session.user
    return changes


def stored(fieldtype: str | None, value):
    """A field's value in the form in which its column keeps it. Raises for a date that is none."""
    from frappe.database.functions import to_text
    from frappe.utils import cint, flt, get_datetime, get_timedelta, getdate

    if value is None:
        return 0 if COLUMN_TYPES.get(fieldtype, "").endswith("0") else None
    if fieldtype in ("Currency", "Float", "Percent"):
        return round(flt(value), 9)
    if fieldtype == "Check":
        return 1 if cint(value) else 0
    if fieldtype == "Int":
        return cint(value)
    if fieldtype in ("Date", "Datetime", "Time"):
        if value == "":
            return None
        return to_text({"Date": getdate, "Datetime": get_datetime, "Time": get_timedelta}[fieldtype](value))
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return to_text(value)
    if isinstance(value, dict) and fieldtype not in ("JSON", None):
        raise TypeError("dict can not be used as parameter")
    if isinstance(value, (dict, list)):
        return json.dumps(value, default=str, separators=(",", ":"))
    return value
