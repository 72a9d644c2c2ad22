"""Events and their deliveries: signed, retried, and on demand held, doubled, delayed, dropped or out of order."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from .errors import missing
from .signatures import sign
from .store import Object

if TYPE_CHECKING:
    from .core import Fake

Transport = Callable[[str, bytes, dict[str, str]], int]

API_VERSION = "2024-06-20"
MODES = ("send", "hold", "before_answer")
# Seconds between tries, then every 12 hours until three days have passed since the event.
BACK_OFF = (60, 300, 1_800, 7_200, 18_000, 36_000)
LAST_BACK_OFF, GIVE_UP = 43_200, 3 * 86_400
TIMEOUT = 10
NO_ANSWER = 0

_open = build_opener(ProxyHandler({})).open


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Post over HTTP; returns the status, or 0 when there was no answer."""
    try:
        with _open(Request(url, data=body, headers=headers, method="POST"), timeout=TIMEOUT) as answer:
            return answer.status
    except HTTPError as error:
        error.close()
        return error.code
    except (URLError, OSError):
        return NO_ANSWER


@dataclass
class Delivery:
    """One event on its way to one endpoint. state: held, waiting, delivered, retrying, failed, dropped."""

    id: str
    event: str
    type: str
    endpoint: str
    state: str = "waiting"
    statuses: list[int] = field(default_factory=list)


@dataclass
class Plan:
    """What happens to the deliveries of events to come."""

    mode: str = "send"
    copies: int = 1
    delay: float = 0  # seconds of the fake's clock
    drop: list[str] = field(default_factory=list)  # event types, with wildcards

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"Unknown webhook mode {self.mode!r}: one of {', '.join(MODES)}")


class Webhooks:
    """Deliveries are made outside the fake's lock: an endpoint may call the API while it is told."""

    def __init__(self, fake: Fake, transport: Transport) -> None:
        self._fake = fake
        self._transport = transport
        self.plan = Plan()
        self.deliveries: dict[str, Delivery] = {}
        self._staged: list[Delivery] = []  # of requests that have not been answered yet
        self._outbox: deque[Delivery] = deque()
        self._changed = threading.Condition()
        self._turn = threading.Lock()
        self._sending = 0

    # What happened

    def emit(self, kind: str, thing: Object, previous: Object | None = None) -> Object:
        fake = self._fake
        data: Object = {"object": json.loads(json.dumps(thing))}
        if previous is not None:
            data["previous_attributes"] = previous
        endpoints = [e for e in fake.store.newest("webhook_endpoint") if _wants(e, kind)]
        event = fake.new(
            "evt",
            "event",
            api_version=API_VERSION,
            data=data,
            pending_webhooks=len(endpoints),
            request=dict(fake.request),
            type=kind,
        )
        for endpoint in reversed(endpoints):
            self._schedule(event, endpoint)
        return event

    def _schedule(self, event: Object, endpoint: Object) -> None:
        for _ in range(self.plan.copies):
            delivery = Delivery(self._fake.store.new_id("whd"), event["id"], event["type"], endpoint["id"])
            self.deliveries[delivery.id] = delivery
            if any(fnmatchcase(event["type"], pattern) for pattern in self.plan.drop):
                delivery.state = "dropped"
            elif self.plan.mode == "hold":
                delivery.state = "held"
            elif self.plan.delay:
                self._fake.later(self.plan.delay / 86_400, lambda delivery=delivery: self._enqueue(delivery))
            else:
                self._enqueue(delivery)

    # Sending

    def _enqueue(self, delivery: Delivery) -> None:
        delivery.state = "waiting"
        self._staged.append(delivery)

    def before_answer(self) -> None:
        """Send what this request caused before it is answered, when that is the plan."""
        if self.plan.mode == "before_answer":
            for delivery in self._take_staged():
                self.send(delivery)

    def publish(self) -> None:
        """Let the worker send what was caused; called when the request has been answered."""
        staged = self._take_staged()
        with self._changed:
            self._outbox.extend(staged)
            self._changed.notify_all()

    def _take_staged(self) -> list[Delivery]:
        with self._fake.lock:
            staged, self._staged = self._staged, []
        return staged

    def work(self, timeout: float) -> None:
        """The worker's turn: wait for something to send, and send it all."""
        with self._changed:
            if not self._outbox:
                self._changed.wait(timeout)
        self.flush()

    def flush(self) -> None:
        """Send everything that waits, in order: one at a time, whoever sends."""
        while True:
            with self._turn:
                with self._changed:
                    if not self._outbox:
                        return
                    delivery = self._outbox.popleft()
                    self._sending += 1
                try:
                    self.send(delivery)
                finally:
                    with self._changed:
                        self._sending -= 1
                        self._changed.notify_all()

    def drain(self) -> None:
        """Return when nothing waits and nothing is being sent."""
        self.publish()
        self.flush()
        with self._changed:
            while self._outbox or self._sending:
                self._changed.wait(TIMEOUT)

    def send(self, delivery: Delivery, **forged: Any) -> int:
        """Send one delivery now; returns the endpoint's status. Anything but 2xx is tried again later."""
        fake = self._fake
        with fake.lock:
            endpoint = fake.store.find(delivery.endpoint)
            if endpoint is None or endpoint.get("deleted"):
                delivery.state = "dropped"
                return NO_ANSWER
            signed = self.signed(delivery.event, delivery.endpoint, **forged)
            url = endpoint["url"]
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (fake)"}
        headers["Stripe-Signature"] = signed["signature"]
        status = self._transport(url, signed["payload"].encode(), headers)
        with fake.lock:
            self._note(delivery, status)
        return status

    def _note(self, delivery: Delivery, status: int) -> None:
        delivery.statuses.append(status)
        event = self._fake.store.get("event", delivery.event)
        if 200 <= status < 300:
            if delivery.state != "delivered":
                event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            delivery.state = "delivered"
            return
        tries = len(delivery.statuses)
        pause = BACK_OFF[tries - 1] if tries <= len(BACK_OFF) else LAST_BACK_OFF
        if self._fake.clock.now() + pause - event["created"] > GIVE_UP:
            delivery.state = "failed"
            return
        delivery.state = "retrying"
        self._fake.later(pause / 86_400, lambda: self._enqueue(delivery))

    # On demand

    def signed(
        self,
        event: str,
        endpoint: str | None = None,
        secret: str | None = None,
        timestamp: int | None = None,
        age: int = 0,
    ) -> Object:
        """An event's raw payload and signature, as they are sent; forged by a wrong secret or an old time.

        The signature's time is the machine's, not the movable clock's: receivers compare it with theirs.
        """
        store = self._fake.store
        payload = json.dumps(store.get("event", event), indent=2)
        if secret is None:
            first = endpoint or next((e["id"] for e in store.newest("webhook_endpoint")), None)
            if first is None:
                raise missing("webhook_endpoint", "any")
            secret = store.notes(first)["secret"]
        moment = timestamp if timestamp is not None else int(time.time()) - age
        return {"payload": payload, "signature": sign(payload, secret, moment)}

    def release(
        self,
        ids: list[str] | None = None,
        types: str = "*",
        order: str = "created",
        seed: int = 0,
        copies: int = 1,
        parallel: bool = False,
    ) -> list[Object]:
        """Send held deliveries now: the given ones in the given order, or all in `order` (created, reverse, shuffle)."""
        with self._fake.lock:
            held = [d for d in self.deliveries.values() if d.state == "held" and fnmatchcase(d.type, types)]
            chosen = [self.deliveries[key] for key in ids] if ids else held
        if order == "reverse":
            chosen.reverse()
        elif order == "shuffle":
            random.Random(seed).shuffle(chosen)
        chosen = [delivery for delivery in chosen for _ in range(copies)]
        return self._send_all(chosen, parallel)

    def redeliver(self, event: str, copies: int = 1, parallel: bool = False, **forged: Any) -> list[Object]:
        """Send an event again to every endpoint that wants it, whatever became of it before."""
        fake = self._fake
        with fake.lock:
            kind = fake.store.get("event", event)["type"]
            again = [
                Delivery(fake.store.new_id("whd"), event, kind, endpoint["id"])
                for endpoint in fake.store.newest("webhook_endpoint")
                if _wants(endpoint, kind)
                for _ in range(copies)
            ]
            self.deliveries |= {delivery.id: delivery for delivery in again}
        return self._send_all(again, parallel, **forged)

    def _send_all(self, deliveries: list[Delivery], parallel: bool, **forged: Any) -> list[Object]:
        if parallel and deliveries:
            with ThreadPoolExecutor(len(deliveries)) as pool:
                statuses = list(pool.map(lambda delivery: self.send(delivery, **forged), deliveries))
        else:
            statuses = [self.send(delivery, **forged) for delivery in deliveries]
        return [asdict(d) | {"status": status} for d, status in zip(deliveries, statuses, strict=True)]


def _wants(endpoint: Object, kind: str) -> bool:
    return endpoint["status"] == "enabled" and any(
        wanted in ("*", kind) for wanted in endpoint["enabled_events"]
    )
