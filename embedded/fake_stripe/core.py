"""The fake's heart: one account's state under one lock, its clock, its events, and the routes that work on it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule

from .clock import Clock
from .faults import Faults
from .idempotency import Keys
from .store import Object, Store
from .webhooks import Transport, Webhooks, post

ROUTES = Map()


def route(method: str, path: str, *, locked: bool = True) -> Callable:
    """Serve `path` with a function of (fake, what was sent, the path's values), under the lock unless it waits."""

    def register(function: Callable) -> Callable:
        function.locked = locked  # type: ignore[attr-defined]
        ROUTES.add(Rule(path, methods=[method], endpoint=function))
        return function

    return register


class Fake:
    """One Stripe account in test mode. Everything that changes it holds `lock`."""

    def __init__(
        self,
        secret_key: str = "sk_test_fake",
        seed: str = "0",
        time_source: Callable[[], float] = time.time,
        transport: Transport = post,
    ) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(time_source)
        self.url = ""
        self._seed = seed
        self._secret_key = secret_key
        self._transport = transport
        self.reset()

    def reset(self) -> None:
        """Forget everything: objects, keys, faults, endpoints, and the clock's offset."""
        with self.lock:
            self.store = Store(self._seed)
            self.keys = Keys()
            self.faults = Faults()
            self.webhooks = Webhooks(self, self._transport)
            self.clock.reset()
            self.secret_key = self._secret_key
            self.search_lag = 0
            self.request: Object = {"id": None, "idempotency_key": None}
            self.totals: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def new(self, prefix: str, kind: str, **fields: Any) -> Object:
        """A new object, in the store, with what all of Stripe's objects have."""
        thing = {
            "id": self.store.new_id(prefix),
            "object": kind,
            "created": self.clock.now(),
            "livemode": False,
        }
        return self.store.add(thing | fields)

    def emit(self, kind: str, thing: Object, previous: Object | None = None) -> Object:
        """Record an event with the object as it is now, and have it delivered."""
        return self.webhooks.emit(kind, thing, previous)

    def count(self, currency: str, what: str, amount: int) -> None:
        """Money that moved: captured, refunded, disputed (taken back by a bank)."""
        self.totals[currency][what] += amount

    def later(self, days: float, work: Callable[[], None]) -> None:
        self.store.later(self.clock.now() + int(days * 86_400), work)

    def catch_up(self) -> None:
        """Work off what the clock has passed, each thing at the moment it was due."""
        with self.lock:
            now = self.clock.now()
            try:
                while due := self.store.next_due(now):
                    moment, work = due
                    self.clock.pin(moment)
                    work()
            finally:
                self.clock.pin(None)
