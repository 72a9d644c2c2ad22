"""Lists, searches and expand[]: how Stripe's objects are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .errors import malformed, refused
from .params import Params
from .store import Object

if TYPE_CHECKING:
    from .core import Fake

EXPANDABLE = {
    "application", "balance_transaction", "charge", "customer", "data", "default_payment_method",
    "dispute", "invoice", "invoice_settings", "last_payment_error", "latest_attempt",
    "latest_charge", "line_items", "mandate", "object", "on_behalf_of", "payment_intent",
    "payment_method", "payment_method_details", "refunds", "review", "sepa_debit", "setup_intent",
    "source", "source_transfer", "subscription", "transfer",
}  # fmt: skip
# Lists that are left out of an object until they are asked for: (kind, field) -> how to make them.
LAZY: dict[tuple[str, str], Callable[[Fake, Object], Object]] = {}
_BOUNDS = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}


def page(
    fake: Fake,
    params: Params,
    kind: str,
    url: str,
    filters: Iterable[str] = (),
    where: Callable[[Object], bool] = lambda thing: True,
    **fixed: str,
) -> Object:
    """One page of objects, newest first, with Stripe's cursor and the filters an endpoint knows."""
    wanted = fixed | {name: value for name in filters if (value := params.string(name))}
    limit = params.integer("limit")
    after, before = params.string("starting_after"), params.string("ending_before")
    created = _created(params)
    params.finish()
    limit = 10 if limit is None else limit
    if not 1 <= limit <= 100:
        raise malformed("limit must be between 1 and 100.", param="limit")
    for cursor, name in ((after, "starting_after"), (before, "ending_before")):
        if cursor:
            fake.store.get(kind, cursor, name)
    found = [thing for thing in fake.store.newest(kind, wanted) if created(thing["created"]) and where(thing)]
    keys = [thing["id"] for thing in found]
    if after:
        found = found[keys.index(after) + 1 :] if after in keys else []
        shown = found[:limit]
    elif before:
        found = found[: keys.index(before)] if before in keys else []
        shown = found[-limit:]
    else:
        shown = found[:limit]
    return {"object": "list", "url": url, "has_more": len(found) > len(shown), "data": shown}


def whole(url: str, things: Iterable[Object]) -> Object:
    """All of a short list inside an object."""
    data = list(things)
    return {"object": "list", "data": data, "has_more": False, "total_count": len(data), "url": url}


def search(fake: Fake, params: Params, kind: str, url: str) -> Object:
    """Stripe's search: `metadata["order"]:"SO-1" AND status:"succeeded"`, and nothing newer than its lag."""
    query = params.string("query", required=True) or ""
    limit = params.integer("limit") or 10
    offset = int(params.string("page") or 0)
    params.finish()
    tests = [_clause(clause) for clause in re.split(r"\s+AND\s+", query.strip())]
    until = fake.clock.now() - fake.search_lag
    found = [t for t in fake.store.newest(kind) if t["created"] <= until and all(test(t) for test in tests)]
    more = offset + limit < len(found)
    answer = {"object": "search_result", "url": url, "has_more": more, "data": found[offset : offset + limit]}
    return answer | {"next_page": str(offset + limit) if more else None}


def _clause(text: str) -> Callable[[Object], bool]:
    match = re.fullmatch(r"""(-?)(\w+)(?:\[["'](.+?)["']\])?\s*:\s*(?:["'](.*)["']|(\d+))""", text)
    if not match:
        raise refused(f"The search query could not be read: {text}", param="query")
    minus, field, key, quoted, number = match.groups()
    value = quoted if quoted is not None else number

    def test(thing: Object) -> bool:
        found = thing.get(field, {}).get(key) if key else thing.get(field)
        return (str(found) == value) != bool(minus)

    return test


def _created(params: Params) -> Callable[[int], bool]:
    if not isinstance(params.raw("created"), dict):
        exactly = params.integer("created")
        return lambda moment: exactly is None or moment == exactly
    bounds = params.hash("created")
    limits = [(_BOUNDS[name], value) for name in _BOUNDS if (value := bounds.integer(name)) is not None]
    return lambda moment: all(compare(moment, limit) for compare, limit in limits)


def check_expand(paths: list[str]) -> None:
    """Refuse what can never be expanded before anything is done."""
    for path in paths:
        if unknown := [part for part in path.split(".") if part not in EXPANDABLE]:
            raise malformed(f"This property cannot be expanded ({unknown[0]}).", param="expand")


def expand(fake: Fake, thing: Object, paths: list[str]) -> Object:
    """A copy of the object in which ids on the given paths are replaced by what they stand for."""
    for path in paths:
        head, _, rest = path.partition(".")
        thing = dict(thing)
        if (make := LAZY.get((thing.get("object", ""), head))) is not None:
            value = make(fake, thing)
        elif head in thing:
            value = thing[head]
        else:
            raise malformed(f"This property cannot be expanded ({head}).", param="expand")
        if isinstance(value, str):
            value = fake.store.find(value) or value
        deeper = [rest] if rest else []
        if isinstance(value, list):
            value = [expand(fake, item, deeper) for item in value]
        elif isinstance(value, dict):
            value = expand(fake, value, deeper)
        thing[head] = value
    return thing
