"""HTTP: the API under /v1, the control side under /_control, and pages for people; on 127.0.0.1 alone."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

# Imported for their routes.
from . import checkout, control, customers, events, faults, pages, refunds, setup_intents  # noqa: F401
from .client import Control
from .core import ROUTES, Fake
from .errors import StripeError
from .faults import Fault
from .idempotency import Answer
from .listing import check_expand, expand
from .params import Params, parse

WORKER_TICK = 0.2
STOP_TICK = 0.05


class App:
    """The WSGI application around one fake."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        self.fake.catch_up()
        if request.path.startswith("/v1/"):
            response = self._api(request)
        elif request.path.startswith("/_control/"):
            response = self._control(request)
        else:
            response = self._page(request)
        webhooks = self.fake.webhooks
        webhooks.before_answer()
        response.call_on_close(webhooks.publish)
        return response(environ, start_response)

    # The API

    def _api(self, request: Request) -> Response:
        fake = self.fake
        with fake.lock:
            request_id = fake.store.new_id("req")
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        headers = {"Request-Id": request_id}
        if version := request.headers.get("Stripe-Version"):
            headers["Stripe-Version"] = version
        if key:
            headers["Idempotency-Key"] = key
        try:
            self._authenticate(request)
            with fake.lock:
                fault = fake.faults.take(request.method, request.path)
            self._fail_before(request, fault)
            encoded = request.get_data(as_text=True) or request.query_string.decode()
            answer, replayed = self._answer_once(request, key, encoded, request_id, fault)
            # The key is free by now, so who asks again at once gets the answer.
            if fault and fault.kind == "drop_after":
                _hang_up(request)
            if replayed:
                headers |= {"Idempotent-Replayed": "true", "Original-Request": answer.request_id}
        except StripeError as error:
            answer = Answer(error.status, _dump({"error": error.error}), request_id)
        return Response(answer.body, answer.status, headers, mimetype="application/json")

    def _authenticate(self, request: Request) -> None:
        kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "basic":
            credentials = base64.b64decode(credentials).decode().partition(":")[0]
        if credentials != self.fake.secret_key:
            text = (
                f"Invalid API Key provided: {'*' * 8}{credentials[-4:]}"
                if credentials
                else "No API key provided."
            )
            raise StripeError(401, "invalid_request_error", text, saved=False)

    def _fail_before(self, request: Request, fault: Fault | None) -> None:
        kind = fault.kind if fault else None
        if kind == "rate_limit":
            raise faults.rate_limited()
        if kind == "unavailable":
            raise faults.unavailable()
        if kind == "drop_before":
            _hang_up(request)
            raise faults.unavailable()

    def _answer_once(
        self, request: Request, key: str | None, encoded: str, request_id: str, fault: Fault | None
    ) -> tuple[Answer, bool]:
        """The answer, and whether it is the one given before for this key."""
        fake = self.fake
        if key:
            same = (request.method, request.path, json.dumps(parse(encoded), sort_keys=True))
            with fake.lock:
                before = fake.keys.begin(key, same, fake.clock.now())
            if before:
                return before, True
        kept: Answer | None = None
        try:
            if fault and fault.kind == "slow_before":
                time.sleep(fault.seconds)
            answer, saved = self._work(request, key, encoded, request_id, fault)
            kept = answer if saved else None
            self._linger(fault)
        finally:
            if key:
                with fake.lock:
                    fake.keys.finish(key, kept)
        return answer, False

    def _work(
        self, request: Request, key: str | None, encoded: str, request_id: str, fault: Fault | None
    ) -> tuple[Answer, bool]:
        """Do what was asked; the answer, and whether an idempotency key remembers it."""
        fake, kind = self.fake, fault.kind if fault else None
        with fake.lock:
            fake.request = {"id": request_id, "idempotency_key": key}
            try:
                if kind == "error":
                    raise faults.internal_error()
                status, body = 200, self._call(request, encoded)
                if kind == "error_after":
                    raise faults.internal_error()
            except StripeError as error:
                return Answer(error.status, _dump({"error": error.error}), request_id), error.saved
            finally:
                fake.request = {"id": None, "idempotency_key": None}
        return Answer(status, body, request_id), True

    def _call(self, request: Request, encoded: str) -> str:
        try:
            function, values = _match(request)
        except HTTPException:
            text = f"Unrecognized request URL ({request.method}: {request.path})."
            raise StripeError(404, "invalid_request_error", text, saved=False)
        params = Params(parse(encoded))
        paths = params.strings("expand")
        check_expand(paths)
        thing = function(self.fake, params, **values)
        if not params.finished:
            raise RuntimeError(f"{function.__module__}.{function.__name__} did not finish its parameters")
        return _dump(expand(self.fake, thing, paths))

    def _linger(self, fault: Fault | None) -> None:
        kind = fault.kind if fault else None
        if kind in ("drop_after", "slow"):  # webhooks do not wait for an answer that is late or lost
            self.fake.webhooks.before_answer()
            self.fake.webhooks.publish()
        if kind == "slow" and fault:
            time.sleep(fault.seconds)

    # The rest

    def _control(self, request: Request) -> Response:
        body = request.get_json(silent=True) or {}
        try:
            function, values = _match(request)
            if not function.locked:
                answer = function(self.fake, body, **values)
                return Response(_dump(answer), mimetype="application/json")
            with self.fake.lock:
                return Response(_dump(function(self.fake, body, **values)), mimetype="application/json")
        except StripeError as error:
            return Response(_dump({"error": error.error}), error.status, mimetype="application/json")
        except HTTPException as error:
            text = _dump({"error": {"message": error.name}})
            return Response(text, error.code, mimetype="application/json")
        except (KeyError, TypeError, ValueError) as error:
            return Response(_dump({"error": {"message": repr(error)}}), 400, mimetype="application/json")

    def _page(self, request: Request) -> Response:
        try:
            function, values = _match(request)
            with self.fake.lock:
                return function(self.fake, request, **values)
        except StripeError as error:
            return Response(str(error), 404)
        except HTTPException as error:
            return Response(error.name, error.code)


class FakeStripe:
    """A running fake: `with FakeStripe() as stripe: stripe.url, stripe.secret_key, stripe.control`."""

    def __init__(self, port: int = 0, **options: Any) -> None:
        """`options` are those of core.Fake: secret_key, seed, time_source, transport."""
        self.fake = Fake(**options)
        self._server = make_server("127.0.0.1", port, App(self.fake), threaded=True, request_handler=_Quiet)
        self.fake.url = self.url = f"http://127.0.0.1:{self._server.port}"
        self.control = Control(self.url)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def secret_key(self) -> str:
        return self.fake.secret_key

    def start(self) -> FakeStripe:
        for target in (self._serve, self._deliver):
            thread = threading.Thread(target=target, name=f"fake-stripe{target.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join(WORKER_TICK * 10)
        self._server.server_close()

    def __enter__(self) -> FakeStripe:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=STOP_TICK)

    def _deliver(self) -> None:
        """Deliver webhooks, and do what falls due while nobody asks."""
        while not self._stopping.is_set():
            self.fake.catch_up()
            self.fake.webhooks.work(WORKER_TICK)


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are not logged: tests make thousands."""


def _match(request: Request) -> tuple[Any, dict[str, Any]]:
    return ROUTES.bind_to_environ(request.environ).match()


def _dump(thing: Any) -> str:
    return json.dumps(thing, indent=2)


def _hang_up(request: Request) -> None:
    """Close the connection under the answer."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
