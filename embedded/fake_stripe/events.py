"""Events, webhook endpoints and the account: the routes."""

from __future__ import annotations

from . import listing
from .core import Fake, route
from .errors import malformed
from .params import Params
from .store import Object
from .webhooks import API_VERSION


@route("GET", "/v1/account")
def account(fake: Fake, params: Params) -> Object:
    params.finish()
    name = fake.store.digest("account")[:16]
    return {
        "id": f"acct_{name}",
        "object": "account",
        "business_profile": {"name": "Fake Stripe", "url": None},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "sepa_debit_payments": "active"},
        "charges_enabled": True,
        "country": "FR",
        "default_currency": "eur",
        "details_submitted": True,
        "email": "account@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": "Fake Stripe", "timezone": "Europe/Paris"}},
        "type": "standard",
    }


@route("GET", "/v1/balance")
def balance(fake: Fake, params: Params) -> Object:
    params.finish()
    pending = [
        {"amount": net(total), "currency": currency} for currency, total in sorted(fake.totals.items())
    ]
    return {"object": "balance", "available": [], "pending": pending, "livemode": False}


def net(total: dict[str, int]) -> int:
    """What is the merchant's, before fees."""
    return total["captured"] - total["refunded"] - total["disputed"]


@route("GET", "/v1/events")
def list_events(fake: Fake, params: Params) -> Object:
    types = params.strings("types")
    if types and params.string("type"):
        raise malformed("Pass type or types, not both.", param="types")
    return listing.page(
        fake,
        params,
        "event",
        "/v1/events",
        ("type",),
        where=lambda event: not types or event["type"] in types,
    )


@route("GET", "/v1/events/<key>")
def retrieve_event(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("event", key)


@route("POST", "/v1/webhook_endpoints")
def create_endpoint(fake: Fake, params: Params) -> Object:
    """The secret is shown here, and never again."""
    url = params.string("url", required=True)
    wanted = params.strings("enabled_events", required=True)
    description, version = params.string("description"), params.string("api_version")
    metadata = params.metadata()
    params.boolean("connect")
    params.finish()
    _check_url(url or "")
    endpoint = fake.new(
        "we", "webhook_endpoint", application=None, url=url, enabled_events=wanted, metadata=metadata
    )
    endpoint |= {"api_version": version or API_VERSION, "description": description, "status": "enabled"}
    secret = f"whsec_{fake.store.digest('secret', endpoint['id'])[:32]}"
    fake.store.notes(endpoint["id"])["secret"] = secret
    return endpoint | {"secret": secret}


@route("GET", "/v1/webhook_endpoints")
def list_endpoints(fake: Fake, params: Params) -> Object:
    return listing.page(fake, params, "webhook_endpoint", "/v1/webhook_endpoints")


@route("GET", "/v1/webhook_endpoints/<key>")
def retrieve_endpoint(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("webhook_endpoint", key)


@route("POST", "/v1/webhook_endpoints/<key>")
def update_endpoint(fake: Fake, params: Params, key: str) -> Object:
    endpoint = fake.store.get("webhook_endpoint", key)
    url, wanted = params.string("url"), params.strings("enabled_events")
    description, disabled = params.string("description"), params.boolean("disabled")
    metadata = params.metadata(endpoint["metadata"])
    params.finish()
    if url:
        _check_url(url)
        endpoint["url"] = url
    if wanted:
        endpoint["enabled_events"] = wanted
    if disabled is not None:
        endpoint["status"] = "disabled" if disabled else "enabled"
    endpoint |= {"metadata": metadata, "description": description or endpoint["description"]}
    return endpoint


@route("DELETE", "/v1/webhook_endpoints/<key>")
def delete_endpoint(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    endpoint = fake.store.get("webhook_endpoint", key)
    fake.store.remove(endpoint)
    endpoint.clear()
    endpoint |= {"id": key, "object": "webhook_endpoint", "deleted": True}
    return endpoint


def _check_url(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise malformed(
            "Invalid URL: it must begin with http:// or https://", code="url_invalid", param="url"
        )
