"""Writes SELECTs (and the WHERE of any statement) from Frappe's filters.

Two dialects of filters, as in Frappe: `frappe.db.*` compares plainly, `frappe.get_all` treats an empty
column as '' or 0 where the operator could otherwise miss it.
"""

import datetime
import re

import frappe
from frappe import _
from frappe.database.functions import to_text
from frappe.database.schema import COLUMN_TYPES

OPERATORS = {"=", "!=", "<", ">", "<=", ">=", "like", "not like", "in", "not in", "between", "is"}
TREE_OPERATORS = {"descendants of", "descendants of (inclusive)", "ancestors of"}
_TREE = TREE_OPERATORS | {"not descendants of", "not ancestors of"}
NUMBERS = {"Check", "Int", "Float", "Currency", "Percent", "Long Int"}
TABLES_WITHOUT_META = {"Singles", "Series", "Sessions"}
_NEVER_NULL = {"name", "modified", "creation", "docstatus", "idx"}
_PLAIN = re.compile(r"^\w+$")
_LINKED = re.compile(r"^(\w+)\.(\w+)$")
_QUALIFIED = re.compile(r"^(?:`tab([\w -]+)`|tab([\w-]+))\.`?(\w+|\*)`?$")
_FUNCTION = re.compile(
    r"^(?:distinct|(?:count|sum|avg|min|max|abs|ifnull|coalesce|round|date|year|month|length|timestamp|concat|"
    r"datediff)\s*\((?:[\w\s`.,*'-]|distinct|\([\w\s`.,*'-]*\))*\))(?:\s*[-+*/]\s*[\w.`]+)?$",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(r"\b(select|union|sleep|load_file|from|pragma)\b|--|/\*|;", re.IGNORECASE)


class Query:
    """A SELECT over one DocType with the joins its fields and filters ask for."""

    def __init__(self, doctype: str, lenient: bool = False):
        self.doctype = doctype
        self.lenient = lenient
        self.table = f"`tab{doctype}`"
        self.joins: dict[str, str] = {}
        self.params: list = []

    # fields

    def columns(self, fields) -> str:
        if isinstance(fields, str):
            fields = _split(fields)
        return ", ".join(self._column(field) for field in fields)

    def _column(self, field) -> str:
        field = str(field).strip()
        name, _as, alias = _partition_alias(field)
        if _PLAIN.match(name):
            column = f"{self.table}.`{name}`"
        elif name == "*":
            column = f"{self.table}.*"
        else:
            column = self.expression(name)
        return f"{column} AS `{alias}`" if alias else column

    def expression(self, text: str) -> str:
        """A column or a permitted function of columns; anything else is refused, for `fields` may come from outside."""
        if match := _QUALIFIED.match(text):
            self._join(match[1] or match[2])
            column = match[3] if match[3] == "*" else f"`{match[3]}`"
            return f"`tab{match[1] or match[2]}`.{column}"
        if match := _LINKED.match(text):
            return self._through(*match.groups())
        if _FUNCTION.match(text) and not _FORBIDDEN.search(text):
            return text
        if text.lower().startswith("distinct "):
            return "DISTINCT " + self._column(text[9:])
        if _PLAIN.match(text):
            return f"{self.table}.`{text}`"
        frappe.throw(_("Use of sub-query or function is restricted"), frappe.DataError)

    def _through(self, first: str, second: str) -> str:
        """`link_field.field` of the linked document, or `table_field.field` of the child rows."""
        field = frappe.get_meta(self.doctype).get_field(first)
        if not field or field.fieldtype not in ("Link", "Table", "Table MultiSelect"):
            frappe.throw(_("Invalid field: {0}").format(f"{first}.{second}"), frappe.DataError)
        if field.fieldtype != "Link":
            self._join(field.options)
            return f"`tab{field.options}`.`{second}`"
        alias = f"{first}__link"
        self.joins[alias] = (
            f"LEFT JOIN `tab{field.options}` AS `{alias}` ON `{alias}`.`name` = {self.table}.`{first}`"
        )
        return f"`{alias}`.`{second}`"

    def _join(self, doctype: str) -> None:
        if doctype == self.doctype or doctype in self.joins:
            return
        if frappe.get_meta(doctype).istable:
            child = f"`tab{doctype}`"
            condition = f"{child}.`parent` = {self.table}.`name` AND {child}.`parenttype` = '{self.doctype}'"
        elif frappe.get_meta(self.doctype).istable:
            condition = f"`tab{doctype}`.`name` = {self.table}.`parent`"
        else:
            frappe.throw(_("{0} cannot be joined to {1}").format(doctype, self.doctype), frappe.DataError)
        self.joins[doctype] = f"LEFT JOIN `tab{doctype}` ON {condition}"

    # filters

    def where(self, filters, glue: str = " AND ") -> str:
        return glue.join(self.condition(*row) for row in self._rows(filters))

    def _rows(self, filters):
        """(doctype, field, operator, value) of every filter."""
        if filters is None or filters == "":
            return
        if isinstance(filters, (str, int)):
            yield self.doctype, "name", "=", str(filters)
        elif isinstance(filters, dict):
            for field, value in filters.items():
                operator = "="
                if isinstance(value, (list, tuple)):
                    if len(value) != 2:
                        raise frappe.ValidationError(f"Invalid filter: {field}: {value}")
                    operator, value = value
                yield self.doctype, field, operator, value
        elif all(isinstance(row, (str, int)) for row in filters) and filters:
            if len(filters) in (3, 4) and str(filters[-2]).lower() in OPERATORS | _TREE:
                yield from self._rows([list(filters)])
            else:
                yield self.doctype, "name", "in", filters
        else:
            for row in filters:
                if isinstance(row, dict):
                    yield from self._rows(row)
                elif len(row) == 2:
                    yield self.doctype, row[0], "=", row[1]
                elif len(row) == 3:
                    yield self.doctype, *row
                else:
                    yield tuple(row[:4])

    def condition(self, doctype: str, field: str, operator: str, value) -> str:
        operator = str(operator).strip().lower()
        column, fieldtype = self._filter_column(doctype, field)
        if operator in _TREE:
            operator, value = self._tree(doctype, field, operator, value)
        if operator not in OPERATORS:
            frappe.throw(_("Operator must be one of {0}").format(", ".join(sorted(OPERATORS))))
        if hasattr(value, "get_sql"):
            return f"{column} {operator} {self.table}.`{value.name}`"
        if operator == "is":
            return self._is(column, value)
        if operator == "between":
            return self._between(column, fieldtype, value)
        if operator in ("in", "not in"):
            return self._in(column, fieldtype, operator, value, field in _NEVER_NULL)
        if value is None and not self.lenient and operator in ("=", "!="):
            return f"{column} IS {'NOT ' if operator == '!=' else ''}NULL"
        return self._compare(column, field, fieldtype, operator, value)

    def _filter_column(self, doctype: str, field: str) -> tuple[str, str | None]:
        if not _PLAIN.match(field):
            return self.expression(field), None
        self._join(doctype)
        known = doctype not in TABLES_WITHOUT_META and not doctype.startswith("__")
        found = frappe.get_meta(doctype).get_field(field) if known else None
        return f"`tab{doctype}`.`{field}`", found.fieldtype if found else _STANDARD_TYPES.get(field)

    def _is(self, column: str, value) -> str:
        if str(value).lower() not in ("set", "not set"):
            raise frappe.ValidationError("`is` is followed by `set` or `not set`")
        return f"{column} != ''" if str(value).lower() == "set" else f"({column} IS NULL OR {column} = '')"

    def _between(self, column: str, fieldtype: str | None, value) -> str:
        first, last = value
        if fieldtype == "Datetime":
            last = f"{last} 23:59:59.999999" if len(str(last)) == 10 else last
        self.params += [cast_filter(fieldtype, first), cast_filter(fieldtype, last)]
        return f"{column} BETWEEN %s AND %s"

    def _in(self, column: str, fieldtype: str | None, operator: str, value, never_null: bool) -> str:
        values = value.split(",") if isinstance(value, str) else list(value or [])
        values = [cast_filter(fieldtype, v.strip() if isinstance(v, str) else v) for v in values] or [""]
        nullable = not never_null and fieldtype not in NUMBERS
        if self.lenient and nullable and (operator == "not in" or any(v in (None, "") for v in values)):
            column, values = f"IFNULL({column}, '')", ["" if v is None else v for v in values]
        self.params += values
        return f"{column} {operator.upper()} ({', '.join(['%s'] * len(values))})"

    def _compare(self, column: str, field: str, fieldtype: str | None, operator: str, value) -> str:
        value = cast_filter(fieldtype, value) if operator not in ("like", "not like") else value
        nullable = self.lenient and field not in _NEVER_NULL and fieldtype not in NUMBERS
        suffix = " ESCAPE '\\'" if operator.endswith("like") else ""
        if value is None:
            value = 0 if fieldtype in NUMBERS else ""
        self.params.append(value)
        if nullable and not (value not in ("", 0) and operator in ("=", "like", ">", ">=")):
            if value == "" and operator in ("=", "!="):
                empty = f"({column} IS NULL OR {column} = %s)"
                return empty if operator == "=" else f"{column} != %s"
            fallback = {"Date": "'0001-01-01'", "Datetime": "'0001-01-01 00:00:00'"}.get(fieldtype, "''")
            column = f"IFNULL({column}, {fallback})"
        return f"{column} {operator.upper()} %s{suffix}"

    def _tree(self, doctype: str, field: str, operator: str, value) -> tuple[str, list]:
        found = frappe.get_meta(doctype).get_field(field)
        tree = found.options if found else doctype
        left, right = frappe.db.get_value(tree, value, ["lft", "rgt"]) or (0, 0)
        inside = "descendants" in operator
        bounds = {"lft": (">" if inside else "<", left), "rgt": ("<" if inside else ">", right)}
        nodes = frappe.get_all(tree, filters=bounds, pluck="name")
        nodes += [value] if "inclusive" in operator else []
        return ("not in" if operator.startswith("not ") else "in"), nodes

    # the whole

    def order_by(self, text: str, default: str = "asc") -> str:
        """The ORDER BY; `default` is the direction where none is written."""
        if _FORBIDDEN.search(text):
            frappe.throw(_("Illegal SQL Query"))
        parts = []
        for part in _split(text):
            expression, _space, direction = part.strip().rpartition(" ")
            if direction.lower() not in ("asc", "desc"):
                expression, direction = part.strip(), default
            parts.append(f"{self._order_column(expression.strip())} {direction.upper()}")
        return ", ".join(parts)

    def _order_column(self, text: str) -> str:
        bare = text.strip("`")
        if _PLAIN.match(bare) and bare not in _valid_columns(self.doctype):
            return f"`{bare}`"  # an alias of the select list
        return self.expression(bare if _PLAIN.match(bare) else text)

    def source(self) -> str:
        return " ".join([self.table, *self.joins.values()])


_STANDARD_TYPES = {
    "creation": "Datetime",
    "modified": "Datetime",
    "docstatus": "Int",
    "idx": "Int",
    "name": "Data",
    "owner": "Link",
    "modified_by": "Link",
    "parent": "Data",
    "parenttype": "Data",
    "parentfield": "Data",
}


def _valid_columns(doctype: str) -> list[str]:
    if doctype in TABLES_WITHOUT_META or doctype.startswith("__"):
        return frappe.db.get_db_table_columns(f"tab{doctype}")
    return frappe.get_meta(doctype).get_valid_columns()


def _partition_alias(text: str) -> tuple[str, str, str]:
    match = re.search(r"\s+as\s+[`'\"]?(\w+)[`'\"]?$", text, re.IGNORECASE)
    return (text[: match.start()].strip(), "as", match[1]) if match else (text, "", "")


def _split(text: str) -> list[str]:
    """Splits at commas outside brackets."""
    return [part for part in re.split(r",\s*(?![^()]*\))", text) if part.strip()]


def cast_filter(fieldtype: str | None, value):
    """A filter's value in the form in which the column stores it."""
    from frappe.utils import cint, flt, get_datetime, getdate

    if value is None or value == "":
        return value
    if fieldtype in ("Check", "Int", "Long Int"):
        return cint(value)
    if fieldtype in NUMBERS:
        return flt(value)
    if fieldtype == "Date":
        return to_text(getdate(value))
    if fieldtype == "Datetime":
        return to_text(get_datetime(value))
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return to_text(value)
    if fieldtype in COLUMN_TYPES:
        return str(value)
    return value
