"""Customers."""

from __future__ import annotations

from . import listing, payment_methods
from .core import Fake, route
from .errors import missing
from .params import Params
from .store import Object

TEXTS = ("name", "email", "phone", "description", "tax_exempt")


def new_customer(fake: Fake, **fields: object) -> Object:
    """A customer with nothing but the given fields."""
    empty = dict.fromkeys((*TEXTS, "address", "shipping", "default_source", "discount"))
    settings = {
        "custom_fields": None,
        "default_payment_method": None,
        "footer": None,
        "rendering_options": None,
    }
    fields = empty | {"tax_exempt": "none", "preferred_locales": [], "metadata": {}} | fields
    customer = fake.new("cus", "customer", **fields, balance=0, delinquent=False, currency=None)
    customer["invoice_settings"] = settings
    return customer


@route("POST", "/v1/customers")
def create(fake: Fake, params: Params) -> Object:
    changes, method, default = _read(fake, params)
    if method:
        method = payment_methods.usable(fake, method)
        payment_methods.check_attachable(fake, method)
    customer = new_customer(fake, **changes)
    if method:
        payment_methods.attach_to(fake, method, customer["id"])
    if default:
        payment_methods.owned(fake, default, customer["id"], "invoice_settings[default_payment_method]")
        customer["invoice_settings"]["default_payment_method"] = default
    fake.emit("customer.created", customer)
    return customer


@route("GET", "/v1/customers")
def list_all(fake: Fake, params: Params) -> Object:
    return listing.page(fake, params, "customer", "/v1/customers", ("email",))


@route("GET", "/v1/customers/<key>")
def retrieve(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("customer", key)


@route("POST", "/v1/customers/<key>")
def update(fake: Fake, params: Params, key: str) -> Object:
    customer = living(fake, key)
    changes, _, default = _read(fake, params, customer)
    if default:
        payment_methods.owned(fake, default, key, "invoice_settings[default_payment_method]")
        changes["invoice_settings"] = customer["invoice_settings"] | {"default_payment_method": default}
    elif default == "":
        changes["invoice_settings"] = customer["invoice_settings"] | {"default_payment_method": None}
    change(fake, customer, changes)
    return customer


@route("DELETE", "/v1/customers/<key>")
def delete(fake: Fake, params: Params, key: str) -> Object:
    """Its payment methods come off it, and its id answers `deleted` from now on."""
    params.finish()
    customer = living(fake, key)
    for method in list(fake.store.newest("payment_method", {"customer": key})):
        payment_methods.detach_from_customer(fake, method)
    fake.emit("customer.deleted", customer)
    fake.store.remove(customer)
    customer.clear()
    customer |= {"id": key, "object": "customer", "deleted": True}
    return customer


@route("GET", "/v1/customers/<key>/payment_methods")
def list_methods(fake: Fake, params: Params, key: str) -> Object:
    living(fake, key)
    url = f"/v1/customers/{key}/payment_methods"
    return listing.page(fake, params, "payment_method", url, ("type",), customer=key)


@route("GET", "/v1/customers/<key>/payment_methods/<method>")
def retrieve_method(fake: Fake, params: Params, key: str, method: str) -> Object:
    params.finish()
    return payment_methods.owned(fake, method, key, "payment_method")


def living(fake: Fake, key: str, param: str | None = None) -> Object:
    """A customer that has not been deleted."""
    customer = fake.store.get("customer", key, param)
    if customer.get("deleted"):
        raise missing("customer", key, param)
    return customer


def change(fake: Fake, customer: Object, changes: Object) -> None:
    """Apply changes, and tell of those that are ones."""
    previous = {name: customer[name] for name, value in changes.items() if customer[name] != value}
    customer |= changes
    fake.store.index(customer)
    if previous:
        fake.emit("customer.updated", customer, previous)


def _read(
    fake: Fake, params: Params, customer: Object | None = None
) -> tuple[Object, str | None, str | None]:
    changes: Object = {name: params.string(name) for name in TEXTS if name in params}
    for name in ("address", "shipping"):
        if name in params:
            changes[name] = params.raw(name) or None
    if "preferred_locales" in params:
        changes["preferred_locales"] = params.strings("preferred_locales")
    if "metadata" in params:
        changes["metadata"] = params.metadata(customer and customer["metadata"])
    default = None
    if settings := params.hash("invoice_settings"):
        default = settings.raw("default_payment_method")
    method = None if customer else params.string("payment_method")
    params.finish()
    return changes, method, default
