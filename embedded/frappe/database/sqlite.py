"""One connection to the site's SQLite file, spoken to as if it were MariaDB.

Transactions. Reads outside a write transaction see what is committed at that moment (MariaDB's READ
COMMITTED). The first write, `FOR UPDATE` or savepoint takes SQLite's single write lock (BEGIN IMMEDIATE)
and keeps it until commit or rollback: a second writer waits, and gets QueryTimeoutError when it waits too
long. That is coarser than InnoDB's row locks, and it can never deadlock.

Values. Dates and times are stored as text in one fixed form, so that comparing text compares time; columns
give back what MariaDB's driver gives (date, datetime, timedelta, float, int, str).
"""

import datetime
import re
import sqlite3
from decimal import Decimal
from functools import lru_cache

import frappe
from frappe.database import functions
from frappe.database.schema import Schema
from frappe.database.values import Values
from frappe.dicts import _dict

LOCK_WAIT_SECONDS = 30
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%s|%%")
_FOR_UPDATE = re.compile(r"\s+for\s+update(\s+nowait|\s+skip\s+locked)?\s*;?\s*$", re.IGNORECASE)
_SET_SESSION = re.compile(r"set\s+(session\s+)?transaction\s+isolation", re.IGNORECASE)
_WRITES = {"insert", "update", "delete", "replace"}
_DDL = {"create", "alter", "drop", "truncate"}


class CallbackManager:
    """Functions to be called once, in the order they were added."""

    def __init__(self):
        self._functions = []

    def add(self, function) -> None:
        self._functions.append(function)

    def __call__(self, function):
        self.add(function)
        return function

    def run(self) -> None:
        while self._functions:
            self._functions.pop(0)()

    def reset(self) -> None:
        self._functions.clear()


class Database(Schema, Values):
    db_type = "sqlite"
    DEFAULT_COLUMNS = ("name", "creation", "modified", "modified_by", "owner", "docstatus", "idx")
    CHILD_TABLE_COLUMNS = ("parent", "parentfield", "parenttype")
    OPTIONAL_COLUMNS = ("_user_tags", "_comments", "_assign", "_liked_by")
    STANDARD_VARCHAR_COLUMNS = ("name", "owner", "modified_by")
    VARCHAR_LEN = 140
    MAX_WRITES_PER_TRANSACTION = 200_000
    ProgrammingError = OperationalError = TableMissingError = sqlite3.OperationalError
    InternalError = sqlite3.InternalError
    DataError = sqlite3.DataError
    InvalidColumnName = frappe.InvalidColumnName

    def __init__(self, path: str):
        self.path = path
        self.cur_db_name = path
        self._conn = sqlite3.connect(
            path,
            timeout=LOCK_WAIT_SECONDS,
            isolation_level=None,
            detect_types=sqlite3.PARSE_DECLTYPES,
            check_same_thread=False,
            cached_statements=512,
        )
        self._conn.execute("PRAGMA journal_mode=WAL")
        self._conn.execute("PRAGMA synchronous=NORMAL")
        functions.register(self._conn)
        self.transaction_writes = 0
        self.last_query = ""
        self.value_cache: dict = {}
        self.before_commit, self.after_commit = CallbackManager(), CallbackManager()
        self.before_rollback, self.after_rollback = CallbackManager(), CallbackManager()

    def sql(
        self,
        query,
        values=(),
        *,
        as_dict=False,
        as_list=False,
        pluck=False,
        debug=False,
        update=None,
        run=True,
        auto_commit=False,
        ignore_ddl=False,
    ):
        """Runs one statement with MySQLdb's placeholders and answers its rows.

        Raises QueryTimeoutError when another connection keeps the write lock too long.
        """
        query = str(query).strip()
        if not run:
            return query
        statement, kind, lock = _translate(query, bool(values) or values == 0)
        if values != () and not isinstance(values, (tuple, list, dict)):
            values = (values,)
        statement, values = _bind(statement, values)
        if debug:
            print(statement, values)
        self.last_query = statement
        if kind == "isolation":
            return ()
        if auto_commit:
            self.commit()
        if not self._prepare_transaction(kind, lock):
            return []  # every row is locked by somebody else, and those are to be skipped
        try:
            cursor = self._conn.execute(statement, values)
        except sqlite3.OperationalError as error:
            if ignore_ddl and self.is_missing_table_or_column(error):
                return ()
            raise self._as_frappe(error) from error
        if auto_commit:
            self.commit()
        if cursor.description is None:
            self._affected = cursor.rowcount
            return ()
        rows = cursor.fetchall()
        if kind == "computed":
            rows = functions.restore_dates(rows)
        if pluck:
            return [row[0] for row in rows]
        if as_dict:
            keys = [column[0] for column in cursor.description]
            rows = [_dict(zip(keys, row, strict=True)) for row in rows]
            for row in rows if update else ():
                row.update(update)
            return rows
        return [list(row) for row in rows] if as_list else tuple(rows)

    def _prepare_transaction(self, kind: str, lock: str | None) -> bool:
        """Takes the write lock where the statement needs it; False = locked, and the caller skips locked rows."""
        if kind == "ddl" and self.transaction_writes:
            raise frappe.ImplicitCommitError("This statement would commit what was written before it")
        if kind == "write":
            self.transaction_writes += 1
            if self.transaction_writes > self.MAX_WRITES_PER_TRANSACTION:
                raise frappe.TooManyWritesError("Too many changes to the database in one transaction")
        if self._conn.in_transaction or (kind != "write" and lock is None):
            return True
        patient = lock in (None, "wait")
        if not patient:
            self._conn.execute("PRAGMA busy_timeout = 0")
        try:
            self._conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if lock == "skip locked":
                return False
            raise self._as_frappe(error) from error
        finally:
            if not patient:
                self._conn.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_SECONDS * 1000}")
        return True

    @staticmethod
    def _as_frappe(error: Exception) -> Exception:
        return frappe.QueryTimeoutError(error) if "locked" in str(error) else error

    @property
    def in_transaction(self) -> bool:
        """Whether this connection holds the write lock."""
        return self._conn.in_transaction

    def begin(self, *, read_only: bool = False) -> None:
        """Nothing to do: a transaction begins with its first write."""

    def commit(self) -> None:
        self.before_rollback.reset()
        self.after_rollback.reset()
        self.before_commit.run()
        if self._conn.in_transaction:
            self._conn.execute("COMMIT")
        self.transaction_writes = 0
        self.value_cache.clear()
        self.after_commit.run()

    def rollback(self, *, save_point: str | None = None) -> None:
        self.value_cache.clear()
        if save_point:
            self._conn.execute(f"ROLLBACK TO SAVEPOINT `{save_point}`")
            frappe.clear_document_cache()
            return
        self.before_commit.reset()
        self.after_commit.reset()
        self.before_rollback.run()
        if self._conn.in_transaction:
            self._conn.execute("ROLLBACK")
        self.transaction_writes = 0
        frappe.clear_document_cache()
        self.after_rollback.run()

    def savepoint(self, save_point: str) -> None:
        self._prepare_transaction("read", "wait")
        self._conn.execute(f"SAVEPOINT `{save_point}`")

    def release_savepoint(self, save_point: str) -> None:
        self._conn.execute(f"RELEASE SAVEPOINT `{save_point}`")

    def sql_list(self, query, values=(), **kwargs) -> list:
        return self.sql(query, values, pluck=True, **kwargs)

    def sql_ddl(self, query: str, debug: bool = False) -> None:
        """Changes the schema; commits what was written before, as MariaDB does."""
        self.commit()
        self.sql(query, debug=debug)

    def multisql(self, sql_dict: dict, values=(), **kwargs):
        """Runs the statement written for this database, else MariaDB's."""
        return self.sql(sql_dict.get(self.db_type) or sql_dict["mariadb"], values, **kwargs)

    def close(self) -> None:
        self._conn.close()

    @staticmethod
    def escape(value, percent: bool = True) -> str:
        """A quoted SQL literal; percent signs doubled unless told otherwise."""
        if isinstance(value, (datetime.date, datetime.timedelta)):
            value = functions.to_text(value)
        if isinstance(value, (bool, int, float, Decimal)):
            return str(value)
        text = str(value).replace("'", "''")
        return "'" + (text.replace("%", "%%") if percent else text) + "'"

    @staticmethod
    def is_primary_key_violation(error: Exception) -> bool:
        return isinstance(error, sqlite3.IntegrityError) and str(error).endswith(".name")

    @staticmethod
    def is_unique_key_violation(error: Exception) -> bool:
        return isinstance(error, sqlite3.IntegrityError) and "UNIQUE constraint failed" in str(error)

    @staticmethod
    def is_table_missing(error: Exception) -> bool:
        return "no such table" in str(error)

    @staticmethod
    def is_missing_column(error: Exception) -> bool:
        return "no such column" in str(error) or "has no column named" in str(error)

    @classmethod
    def is_missing_table_or_column(cls, error: Exception) -> bool:
        return cls.is_table_missing(error) or cls.is_missing_column(error)

    @staticmethod
    def is_deadlocked(error: Exception) -> bool:
        return isinstance(error, frappe.QueryDeadlockError)

    @staticmethod
    def is_timedout(error: Exception) -> bool:
        return isinstance(error, frappe.QueryTimeoutError)


@lru_cache(maxsize=4096)
def _translate(query: str, has_values: bool) -> tuple[str, str, str | None]:
    """The statement in SQLite's words, its kind, and how it wants rows locked (None, wait, nowait, skip locked)."""
    lock = None
    if match := _FOR_UPDATE.search(query):
        query = query[: match.start()]
        lock = " ".join((match[1] or "wait").split()).lower()
    first = query.split(None, 1)[0].lower()
    if first == "set" and _SET_SESSION.match(query):
        return query, "isolation", None
    if first == "insert":
        query = re.sub(r"^insert\s+ignore\b", "INSERT OR IGNORE", query, flags=re.IGNORECASE)
    if first == "truncate":
        query = re.sub(r"^truncate(\s+table)?", "DELETE FROM", query, flags=re.IGNORECASE)
    if has_values:
        query = _PLACEHOLDER.sub(lambda m: "%" if m[0] == "%%" else f":{m[1]}" if m[1] else "?", query)
    if first in _WRITES:
        return query, "write", lock
    if first in _DDL:
        return query, "ddl", lock
    return query, "computed" if functions.MAKES_DATES.search(query) else "read", lock


def _bind(statement: str, values) -> tuple[str, tuple | list | dict]:
    """Spreads list values (`in %s`) over as many placeholders as they have members."""
    if isinstance(values, dict):
        bound = {key: _canonical(value) for key, value in values.items()}
        for key, value in values.items():
            if isinstance(value, (list, tuple, set)):
                members = {f"{key}__{i}": member for i, member in enumerate(value)}
                bound.update(members)
                del bound[key]
                marks = ", ".join(f":{name}" for name in members) or "NULL"
                statement = re.sub(rf":{key}\b", f"({marks})", statement)
        return statement, bound
    if any(isinstance(value, (list, tuple, set)) for value in values):
        parts, bound = statement.split("?"), []
        statement = parts[0]
        for value, rest in zip(values, parts[1:], strict=True):
            members = list(value) if isinstance(value, (list, tuple, set)) else None
            bound += [value] if members is None else members
            marks = "?" if members is None else f"({', '.join('?' * len(members)) or 'NULL'})"
            statement += marks + rest
        return statement, bound
    return statement, [_canonical(value) for value in values]


def _canonical(value):
    """A moment written with six zeros means the same as without, and is stored without."""
    if isinstance(value, str) and len(value) == 26 and value.endswith(".000000"):
        return value[:19]
    return value
