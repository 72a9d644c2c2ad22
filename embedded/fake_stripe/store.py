"""The state: objects by id, lists by kind, indexes for the look-ups, and what is due later."""

from __future__ import annotations

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from .errors import missing

Object = dict[str, Any]

INDEXED = {
    "charge": ("customer", "payment_intent"),
    "checkout.session": ("customer", "payment_intent"),
    "customer": ("email",),
    "dispute": ("charge", "payment_intent"),
    "payment_intent": ("customer",),
    "payment_method": ("customer",),
    "refund": ("charge", "payment_intent"),
    "setup_intent": ("customer",),
}


class Store:
    """Nothing here grows dearer with what is already stored, except reading whole lists."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._counters: dict[str, int] = defaultdict(int)
        self._objects: dict[str, Object] = {}
        self._kinds: dict[str, list[str]] = defaultdict(list)
        self._positions: dict[str, int] = {}
        self._index: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
        self._notes: dict[str, dict[str, Any]] = defaultdict(dict)
        self._due: list[tuple[int, int, Callable[[], None]]] = []

    def new_id(self, prefix: str) -> str:
        """The next id of a kind: a counter and a digest, so the same story has the same ids."""
        self._counters[prefix] += 1
        number = self._counters[prefix]
        return f"{prefix}_{number:06d}{self.digest(prefix, number)[:18]}"

    def digest(self, *parts: object) -> str:
        return hashlib.sha256(":".join(map(str, (self._seed, *parts))).encode()).hexdigest()

    def add(self, thing: Object) -> Object:
        kind = thing["object"]
        self._positions[thing["id"]] = len(self._kinds[kind])
        self._kinds[kind].append(thing["id"])
        self._objects[thing["id"]] = thing
        self.index(thing)
        return thing

    def index(self, thing: Object) -> None:
        """Find it by its present values too; older entries are filtered when they are read."""
        for field in INDEXED.get(thing["object"], ()):
            if thing.get(field):
                self._index[thing["object"], field, thing[field]][thing["id"]] = None

    def find(self, key: object) -> Object | None:
        return self._objects.get(key) if isinstance(key, str) else None

    def get(self, kind: str, key: str, param: str | None = None) -> Object:
        """The object, or Stripe's resource_missing; `param` names the parameter that asked for it."""
        thing = self._objects.get(key)
        if thing is None or thing["object"] != kind:
            raise missing(kind, key, param)
        return thing

    def notes(self, key: str) -> dict[str, Any]:
        """What the fake knows about an object and the API does not show."""
        return self._notes[key]

    def remove(self, thing: Object) -> None:
        """Take an object off the lists; its id still finds it."""
        self._kinds[thing["object"]][self._positions[thing["id"]]] = ""

    def newest(self, kind: str, filters: Object | None = None) -> Iterator[Object]:
        """Objects of a kind, newest first, whose fields have the given values."""
        filters = filters or {}
        keys: list[str] = self._kinds[kind]
        for field in INDEXED.get(kind, ()):
            if field in filters:
                keys = sorted(self._index[kind, field, filters[field]], key=self._positions.__getitem__)
                break
        for key in reversed(keys):
            if key and all(self._objects[key].get(field) == value for field, value in filters.items()):
                yield self._objects[key]

    def later(self, moment: int, work: Callable[[], None]) -> None:
        self._counters["due"] += 1
        heapq.heappush(self._due, (moment, self._counters["due"], work))

    def next_due(self, now: int) -> tuple[int, Callable[[], None]] | None:
        """Take the oldest thing that is due by `now`."""
        if self._due and self._due[0][0] <= now:
            moment, _, work = heapq.heappop(self._due)
            return moment, work
        return None
