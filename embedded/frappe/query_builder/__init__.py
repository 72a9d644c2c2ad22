"""`frappe.qb`: PyPika with Frappe's additions (DocType, run, for_update) on this host's database."""

from pypika import (
    Case,
    Criterion,
    CustomFunction,
    Field,
    Interval,
    Order,
    Query,
    Table,
    Tuple,
    terms,
)
from pypika import functions as _functions
from pypika.dialects import MySQLQuery, MySQLQueryBuilder
from pypika.queries import _SetOperation
from pypika.terms import JSON, PseudoColumn, ValueWrapper
from pypika.utils import format_alias_sql

Column = PseudoColumn


class _Parameters:
    """Collects the values of a statement while its SQL is written."""

    def __init__(self):
        self.values: dict[str, object] = {}

    def add(self, value) -> str:
        name = f"param{len(self.values) + 1}"
        self.values[name] = value
        return f"%({name})s"


class _BoundValue(ValueWrapper):
    """A value that goes to the database beside the statement, never inside it."""

    def get_sql(self, quote_char=None, secondary_quote_char="'", parameters=None, **kwargs) -> str:
        simple = self.value is None or isinstance(self.value, (bool, terms.Term))
        if parameters is None or simple:
            return super().get_sql(quote_char=quote_char, secondary_quote_char=secondary_quote_char, **kwargs)
        return format_alias_sql(parameters.add(self.value), self.alias, quote_char=quote_char, **kwargs)


# Constants in conditions are wrapped by PyPika itself; a moment written into the statement would be compared as text.
terms.ValueWrapper = _BoundValue


class _Builder(MySQLQueryBuilder):
    def __init__(self, **kwargs):
        super().__init__(wrapper_cls=_BoundValue, **kwargs)

    def walk(self) -> tuple[str, dict]:
        """The statement and its values."""
        parameters = _Parameters()
        return self.get_sql(parameters=parameters), parameters.values

    def run(self, **kwargs):
        import frappe

        statement, values = self.walk()
        return frappe.db.sql(statement, values or (), **kwargs)


def _run_union(self, **kwargs):
    import frappe

    parameters = _Parameters()
    statement = self.get_sql(parameters=parameters)
    return frappe.db.sql(statement, parameters.values or (), **kwargs)


_SetOperation.run = _run_union


def DocType(name: str, *args, **kwargs) -> Table:
    """The table of a DocType."""
    return Table(name if name.startswith("__") else f"tab{name}", *args, **kwargs)


def _table(table):
    return DocType(table) if isinstance(table, str) else table


class qb(MySQLQuery):
    """The entry to queries: `frappe.qb.from_("ToDo")`, `.into`, `.update`, `.get_query`."""

    DocType = staticmethod(DocType)
    Table = Table
    Field = Field
    terms = terms
    functions = _functions
    desc, asc = Order.desc, Order.asc

    @classmethod
    def _builder(cls, **kwargs):
        return _Builder(**kwargs)

    @classmethod
    def from_(cls, table, *args, **kwargs):
        return super().from_(_table(table), *args, **kwargs)

    @classmethod
    def into(cls, table, *args, **kwargs):
        return super().into(_table(table), *args, **kwargs)

    @classmethod
    def update(cls, table, *args, **kwargs):
        return super().update(_table(table), *args, **kwargs)

    @staticmethod
    def _aggregate(function: str, doctype: str, fieldname: str, filters=None):
        import frappe

        rows = frappe.get_all(
            doctype, fields=[f"{function}({fieldname}) as result"], filters=filters, order_by=None
        )
        return (rows[0].result if rows else None) or 0

    @classmethod
    def sum(cls, dt: str, fieldname: str, filters=None):
        return cls._aggregate("sum", dt, fieldname, filters)

    @classmethod
    def max(cls, dt: str, fieldname: str, filters=None):
        return cls._aggregate("max", dt, fieldname, filters)

    @classmethod
    def min(cls, dt: str, fieldname: str, filters=None):
        return cls._aggregate("min", dt, fieldname, filters)

    @classmethod
    def avg(cls, dt: str, fieldname: str, filters=None):
        return cls._aggregate("avg", dt, fieldname, filters)
