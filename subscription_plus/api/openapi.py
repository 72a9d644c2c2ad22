"""The description of the API in OpenAPI 3.1: made of the endpoints' signatures, hints and docstrings."""

import importlib
import inspect
import json
import pkgutil
import re
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frappe
from frappe.rate_limiter import rate_limit
from frappe.utils import get_url
from pydantic import TypeAdapter

from subscription_plus import __version__, api

PREFIX = "/api/method/"
# Those that do not answer in JSON: what they answer instead.
OTHER = {
    "payments.go": {"302": {"description": "On to the gateway's page"}},
    "payments.register": {"302": {"description": "On to the gateway's page"}},
    "payments.returned": {"302": {"description": "On to the page that says what became of it"}},
    "bookings.feed": {
        "200": {"description": "The feed", "content": {"text/calendar": {"schema": {"type": "string"}}}}
    },
}
ERRORS = {
    "401": "The token or password is wrong",
    "403": "Not yours, not allowed, or not by this HTTP verb",
    "404": "It does not exist",
    "409": "Taken by another one, or an Idempotency-Key that is in use",
    "417": "A value is wrong, or it does not fit the state; the message says what to do",
    "429": "Too many requests",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key and arguments, a request is answered again and done once",
    "schema": {"type": "string", "maxLength": 255},
}


@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=120, seconds=3600)
def describe() -> None:
    """This description, as JSON."""
    document = description() | {"servers": [{"url": get_url()}]}
    frappe.local.response.filename = "openapi.json"
    frappe.local.response.filecontent = as_text(document).encode()
    frappe.local.response.content_type = "application/json"
    frappe.local.response.type = "download"
    frappe.local.response.display_content_as = "inline"


def as_text(document: dict[str, Any]) -> str:
    """The description as it lies in docs/openapi.json."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write(file: str) -> None:
    """Write the description to a file; for `make openapi`."""
    Path(file).write_text(as_text(description()), encoding="utf-8")


def endpoints() -> dict[str, Callable]:
    """Every whitelisted function of the package `api`, by its dotted path."""
    for module in pkgutil.iter_modules(api.__path__):
        importlib.import_module(f"{api.__name__}.{module.name}")
    found = {f"{function.__module__}.{function.__name__}": function for function in frappe.whitelisted}
    return {path: found[path] for path in sorted(found) if path.startswith(f"{api.__name__}.")}


def description() -> dict[str, Any]:
    """The whole document. It does not depend on the site, the caller or the time."""
    schemas: dict[str, Any] = {"Error": _ERROR}
    paths = {
        f"{PREFIX}{path}": _path(path, function, schemas)
        for path, function in endpoints().items()
        if function is not describe
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Subscription Plus",
            "version": __version__,
            "description": "The verbs of Subscription Plus. Documents are at /api/resource, as everywhere in Frappe.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {status: _refusal(text) for status, text in ERRORS.items()},
            "securitySchemes": _SECURITY,
        },
        "security": [{name: []} for name in _SECURITY],
    }


def _path(path: str, function: Callable, schemas: dict[str, Any]) -> dict[str, Any]:
    methods = frappe.allowed_http_methods_for_whitelisted_func[function]
    return {method.lower(): _operation(path, function, method, schemas) for method in sorted(methods)}


def _operation(path: str, function: Callable, method: str, schemas: dict[str, Any]) -> dict[str, Any]:
    short = path.removeprefix(f"{api.__name__}.")
    summary, _blank, more = inspect.getdoc(function).partition("\n\n")
    hints = typing.get_type_hints(inspect.unwrap(function), include_extras=True)
    parameters = inspect.signature(function).parameters.values()
    operation: dict[str, Any] = {
        "operationId": short.replace(".", "_") + ("" if method == "POST" else f"_{method.lower()}"),
        "tags": [short.partition(".")[0]],
        "summary": _one_line(summary),
        "responses": {
            **OTHER.get(short, {"200": _answer(hints["return"], schemas)}),
            **{status: {"$ref": f"#/components/responses/{status}"} for status in ERRORS},
        },
    }
    if more:
        operation["description"] = _one_line(more)
    if function in frappe.guest_methods:
        operation["security"] = [{}, *({name: []} for name in _SECURITY)]
    described = {one.name: (one, _schema(hints[one.name], schemas)) for one in parameters}
    if method == "GET":
        operation["parameters"] = [_in_query(one, schema) for one, schema in described.values()]
    elif described:
        operation["requestBody"] = _body(described)
    if _takes_key(function):
        operation["parameters"] = [IDEMPOTENCY_KEY]
    return operation


def _takes_key(function: Callable) -> bool:
    while function:
        if getattr(function, "takes_idempotency_key", False):
            return True
        function = getattr(function, "__wrapped__", None)
    return False


def _in_query(one: inspect.Parameter, schema: dict[str, Any]) -> dict[str, Any]:
    """An argument in the address: text there, lists and objects as JSON text."""
    simple = [
        part for part in schema.get("anyOf", [schema]) if part.get("type") not in ("array", "object", "null")
    ]
    shown = simple[0] if len(simple) == 1 else {"anyOf": simple} if simple else {"type": "string"}
    return {
        "name": one.name,
        "in": "query",
        "required": one.default is inspect.Parameter.empty,
        "schema": shown | ({"default": one.default} if _has_default(one) else {}),
    }


def _body(described: dict[str, tuple[inspect.Parameter, dict[str, Any]]]) -> dict[str, Any]:
    properties = {
        name: schema | ({"default": one.default} if _has_default(one) else {})
        for name, (one, schema) in described.items()
    }
    required = [
        name for name, (one, _schema_of) in described.items() if one.default is inspect.Parameter.empty
    ]
    schema = {"type": "object", "properties": properties, **({"required": required} if required else {})}
    return {"required": bool(required), "content": {"application/json": {"schema": schema}}}


def _has_default(one: inspect.Parameter) -> bool:
    return one.default is not inspect.Parameter.empty and one.default is not None


def _answer(hint: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """What Frappe makes of a return value: it stands under `message`, and is left out where there is none."""
    if hint is type(None):
        schema: dict[str, Any] = {"type": "object"}
    else:
        schema = {
            "type": "object",
            "properties": {"message": _schema(hint, schemas)},
            "required": ["message"],
        }
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _schema(hint: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """A hint's JSON schema; the shapes it names are added to the components."""
    found = TypeAdapter(hint).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas.update(found.pop("$defs", {}))
    title = found.get("title")
    if found.get("type") == "object" and title and "properties" in found:
        schemas[title] = found
        return {"$ref": f"#/components/schemas/{title}"}
    return found


def _refusal(text: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": text, "content": content}


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


_ERROR = {
    "title": "Error",
    "description": "As everywhere in Frappe",
    "type": "object",
    "properties": {
        "exc_type": {"type": "string", "description": "The kind of error, such as ValidationError"},
        "exception": {"type": "string"},
        "_server_messages": {"type": "string", "description": "JSON in JSON: sentences that say what to do"},
    },
}
_SECURITY = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`token API_KEY:API_SECRET`, made on the user's form",
    },
    "bearer": {"type": "http", "scheme": "bearer", "description": "An OAuth 2 access token of the site"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sid",
        "description": "A login's session; unsafe verbs show X-Frappe-CSRF-Token too",
    },
}
