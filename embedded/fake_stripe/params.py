"""Form-encoded parameters, read strictly: what nobody reads is an unknown parameter, as it is at Stripe."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import malformed

METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500


def parse(encoded: str) -> dict[str, Any]:
    """`a[b]=1&c[]=2&d[0][e]=3` as nested dicts and lists of strings."""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(encoded, keep_blank_values=True):
        parts = re.findall(r"[^\[\]]+|\[\]", key)
        node = tree
        for part, following in zip(parts, [*parts[1:], None], strict=True):
            if part == "[]":
                part = str(len(node))
            if following is None:
                node[part] = value
            else:
                deeper = node.setdefault(part, {})
                if not isinstance(deeper, dict):
                    raise malformed(f"Invalid hash: {key}", param=key)
                node = deeper
    return {key: _lists(value) for key, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(inner) for key, inner in value.items()}


class Params:
    """One request's parameters. Read all of them, then `finish()`, and only then change anything."""

    def __init__(self, values: dict[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path
        self._read: set[str] = set()
        self._inner: list[Params] = []
        self.finished = False

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def string(self, name: str, *, required: bool = False, choices: tuple[str, ...] = ()) -> str | None:
        """A text; None when absent, or sent empty (which is how Stripe unsets)."""
        value = self.raw(name)
        if isinstance(value, (dict, list)):
            raise malformed(f"Invalid string: {self.where(name)}", param=self.where(name))
        if required and not value:
            raise self.missing(name)
        if value and choices and value not in choices:
            raise malformed(
                f"Invalid {self.where(name)}: must be one of {', '.join(choices)}", param=self.where(name)
            )
        return value or None

    def integer(self, name: str, *, required: bool = False) -> int | None:
        value = self.string(name, required=required)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d+", value):
            where = self.where(name)
            raise malformed(f"Invalid integer: {value}", code="parameter_invalid_integer", param=where)
        return int(value)

    def boolean(self, name: str) -> bool | None:
        """true or false; old client libraries write Python's True and False."""
        value = (self.string(name) or "").lower()
        if value not in ("", "true", "false"):
            raise malformed(f"Invalid boolean: {value}", param=self.where(name))
        return value == "true" if value else None

    def strings(self, name: str, *, required: bool = False) -> list[str]:
        value = self.raw(name) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise malformed(f"Invalid array: {self.where(name)}", param=self.where(name))
        if required and not value:
            raise self.missing(name)
        return value

    def hash(self, name: str) -> Params | None:
        """A hash inside; it is finished together with this one."""
        value = self.raw(name)
        return self._child(name, value) if value not in (None, "") else None

    def hashes(self, name: str) -> list[Params]:
        value = self.raw(name) or []
        if not isinstance(value, list):
            raise malformed(f"Invalid array: {self.where(name)}", param=self.where(name))
        return [self._child(f"{name}[{index}]", item) for index, item in enumerate(value)]

    def metadata(self, current: dict[str, str] | None = None) -> dict[str, str]:
        """`current` with what was sent merged in: an empty value takes a key away, an empty hash takes all."""
        merged = dict(current or {})
        sent = self.raw("metadata")
        if sent == "":
            return {}
        for key, value in (sent or {}).items():
            if len(key) > METADATA_KEY_LENGTH or len(value) > METADATA_VALUE_LENGTH:
                raise malformed(f"Metadata is too long: {key}", param=self.where("metadata"))
            merged[key] = value
        merged = {key: value for key, value in merged.items() if value != ""}
        if len(merged) > METADATA_KEYS:
            raise malformed(f"Metadata can have {METADATA_KEYS} keys at most", param=self.where("metadata"))
        return merged

    def raw(self, name: str) -> Any:
        """What was sent, as it is."""
        self._read.add(name)
        return self._values.get(name)

    def finish(self) -> None:
        """Refuse what nobody read."""
        self.finished = True
        for name in self._values:
            if name not in self._read:
                where = self.where(name)
                raise malformed(f"Received unknown parameter: {where}", code="parameter_unknown", param=where)
        for inner in self._inner:
            inner.finish()

    def missing(self, name: str) -> Exception:
        where = self.where(name)
        return malformed(f"Missing required param: {where}.", code="parameter_missing", param=where)

    def where(self, name: str) -> str:
        return f"{self._path}[{name}]" if self._path else name

    def _child(self, name: str, value: Any) -> Params:
        if not isinstance(value, dict):
            raise malformed(f"Invalid hash: {self.where(name)}", param=self.where(name))
        head, _, index = name.partition("[")
        inner = Params(value, self.where(head) + (f"[{index}" if index else ""))
        self._inner.append(inner)
        return inner
