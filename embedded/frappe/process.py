"""What one process remembers of a site between requests: meta, hooks, controllers, and `frappe.cache`.

On a bench this lives in Redis and is shared by all processes. Here each process has its own: fine for one
server process, and rebuilt by `frappe.clear_cache()`.
"""

import inspect
import threading
import time
import types
from collections.abc import Callable, Iterable
from fnmatch import fnmatch


class Cache:
    """Redis as Frappe uses it: values with an expiry, and hashes. Lives as long as the process."""

    def __init__(self):
        self._values: dict[str, tuple] = {}
        self._lock = threading.RLock()

    def make_key(self, key: str, user: str | None = None, shared: bool = False) -> str:
        import frappe

        if user:
            key = f"user:{frappe.session.user if user is True else user}:{key}"
        return key

    def _read(self, key: str):
        value, until = self._values.get(key, (None, None))
        if until is not None and until < time.monotonic():
            del self._values[key]
            return None
        return value

    def get_value(
        self, key: str, generator: Callable | None = None, user=None, expires=False, shared=False, **_
    ):
        """What is read without `expires` stays for the request as it was read, a miss too, as on a bench."""
        import frappe

        key, seen = self.make_key(key, user), frappe.local.cache
        if key in seen:
            return seen[key]
        with self._lock:
            value = self._read(key)
        if value is None and generator and not expires:
            value = generator()
            self.set_value(key, value)
        elif not expires:
            seen[key] = value
        return value

    def set_value(self, key: str, val, user=None, expires_in_sec: float | None = None, shared=False) -> None:
        import frappe

        key, until = self.make_key(key, user), time.monotonic() + expires_in_sec if expires_in_sec else None
        if not until:
            frappe.local.cache[key] = val
        with self._lock:
            self._values[key] = (val, until)

    set = set_value
    get = get_value

    def setex(self, key: str, seconds: float, value) -> None:
        self.set_value(key, value, expires_in_sec=seconds)

    def delete_value(self, keys, user=None, make_keys=True, shared=False) -> None:
        names = [keys] if isinstance(keys, str) else keys
        self._forget(self.make_key(key, user) for key in names)

    delete = delete_key = delete_value

    def delete_keys(self, key: str) -> None:
        self._forget(self.get_keys(key))

    def _forget(self, keys: Iterable[str]) -> None:
        import frappe

        with self._lock:
            for key in keys:
                frappe.local.cache.pop(key, None)
                self._values.pop(key, None)

    def get_keys(self, key: str) -> list[str]:
        with self._lock:
            return [each for each in self._values if fnmatch(each, key if "*" in key else key + "*")]

    def exists(self, key: str, user=None, shared=None) -> bool:
        with self._lock:
            return self._read(self.make_key(key, user)) is not None

    def incrby(self, key: str, amount: int = 1) -> int:
        with self._lock:
            value, until = int(self._read(key) or 0) + amount, self._values.get(key, (None, None))[1]
            self._values[key] = (value, until)
            return value

    incr = incrby

    def expire(self, key: str, seconds: float) -> None:
        with self._lock:
            if key in self._values:
                self._values[key] = (self._values[key][0], time.monotonic() + seconds)

    def ttl(self, key: str) -> int:
        until = self._values.get(key, (None, None))[1]
        return -1 if until is None else max(0, round(until - time.monotonic()))

    def _hash(self, name: str) -> dict:
        if self._read(name) is None:
            self._values[name] = ({}, None)
        return self._values[name][0]

    def hset(self, name: str, key: str, value, shared=False, **_) -> None:
        with self._lock:
            self._hash(name)[key] = value

    def hget(self, name: str, key: str, generator: Callable | None = None, shared=False):
        with self._lock:
            value = self._hash(name).get(key)
        if value is None and generator:
            value = generator()
            self.hset(name, key, value)
        return value

    def hgetall(self, name: str) -> dict:
        return dict(self._hash(name))

    def hdel(self, name: str, keys, shared=False, pipeline=None) -> None:
        with self._lock:
            for key in [keys] if isinstance(keys, str) else keys:
                self._hash(name).pop(key, None)

    def flushall(self) -> None:
        with self._lock:
            self._values.clear()


class Process:
    """One site's memory in this process."""

    def __init__(self):
        self.cache = Cache()

        self.forget()

    def forget(self) -> None:
        self.metas: dict = {}
        self.controllers: dict = {}
        self.link_fields: dict = {}
        self.ready_tables: set = set()
        self.translations: dict = {}
        self.hooks: dict = {}
        self._handlers: dict = {}
        self._module_app: dict | None = None
        self.system_settings = None

    def forget_doctype(self, doctype: str) -> None:
        self.metas.pop(doctype, None)
        self.controllers.pop(doctype, None)
        self.link_fields.clear()

    def module_app(self) -> dict[str, str]:
        """scrubbed module -> app"""
        import frappe

        if self._module_app is None:
            rows = frappe.db.sql("SELECT name, app_name FROM `tabModule Def`")
            self._module_app = {frappe.scrub(module): app for module, app in rows}
        return self._module_app

    def all_hooks(self, apps: list[str]) -> dict:
        """The hooks of these apps, merged in their order."""
        key = tuple(apps)
        if key not in self.hooks:
            merged: dict = {}
            for app in apps:
                for name, value in inspect.getmembers(_module(f"{app}.hooks")):
                    kind = (types.ModuleType, types.FunctionType, type)
                    if not name.startswith("_") and not isinstance(value, kind):
                        _append(merged, name, value)
            self.hooks[key] = merged
        return self.hooks[key]

    def handlers(self, doctype: str, event: str) -> list[Callable]:
        """The `doc_events` functions of all apps for this DocType and event, then those for all DocTypes."""
        import frappe

        key = (doctype, event)
        if key not in self._handlers:
            events = frappe.get_doc_hooks()
            dotted = events.get(doctype, {}).get(event, []) + events.get("*", {}).get(event, [])
            self._handlers[key] = [frappe.get_attr(each) for each in dotted]
        return self._handlers[key]


def _module(name: str):
    import importlib

    return importlib.import_module(name)


def _append(target: dict, key, value) -> None:
    """Lists grow, dicts merge, single values become lists: as Frappe gathers hooks."""
    if isinstance(value, dict):
        inner = target.setdefault(key, {})
        for each in value:
            _append(inner, each, value[each])
    else:
        target.setdefault(key, []).extend(value if isinstance(value, list) else [value])


_processes: dict[str, Process] = {}


def process_of(site_path: str) -> Process:
    return _processes.setdefault(site_path, Process())
