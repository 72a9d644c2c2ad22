"""Charges: money taken from a payment method, and the balance transactions it leaves."""

from __future__ import annotations

from . import listing
from .core import Fake, route
from .params import Params
from .store import Object

FEE_PER_MILLE, FEE_FIXED = 15, 25


def charge(
    fake: Fake, intent: Object, method: Object, status: str, failure: tuple[str, str | None] | None = None
) -> Object:
    """One try to take the intent's amount: succeeded, pending (a debit under way), authorized or failed."""
    captured = status in ("succeeded", "pending")
    ok = status != "failed"
    code, decline_code = failure or (None, None)
    made = fake.new(
        "ch" if method["type"] == "card" else "py",
        "charge",
        amount=intent["amount"],
        amount_captured=intent["amount"] if status == "succeeded" else 0,
        amount_refunded=0,
        balance_transaction=None,
        billing_details=method["billing_details"],
        calculated_statement_descriptor="FAKE",
        captured=captured,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        dispute=None,
        disputed=False,
        failure_balance_transaction=None,
        failure_code=code,
        failure_message=None if ok else "The payment was declined.",
        fraud_details={},
        metadata=dict(intent["metadata"]),
        outcome={
            "network_status": "approved_by_network" if ok else "declined_by_network",
            "reason": decline_code or code,
            "risk_level": "normal",
            "seller_message": "Payment complete." if ok else "The bank declined the payment.",
            "type": "authorized" if ok else "issuer_declined",
        },
        paid=ok and status != "pending",
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=_details(fake, method),
        receipt_email=intent["receipt_email"],
        receipt_url=None,
        refunded=False,
        review=None,
        shipping=None,
        statement_descriptor=intent["statement_descriptor"],
        statement_descriptor_suffix=intent["statement_descriptor_suffix"],
        status={"authorized": "succeeded"}.get(status, status),
    )
    intent["latest_charge"] = made["id"]
    return made


def captured(fake: Fake, made: Object, amount: int) -> None:
    """The money is the merchant's: counted, and on the balance."""
    made |= {"captured": True, "paid": True, "status": "succeeded", "amount_captured": amount}
    fee = round(amount * FEE_PER_MILLE / 1000) + FEE_FIXED
    made["balance_transaction"] = balance(fake, "charge", amount, made["currency"], made["id"], fee)["id"]
    fake.count(made["currency"], "captured", amount)


def balance(fake: Fake, kind: str, amount: int, currency: str, source: str, fee: int = 0) -> Object:
    """A movement on the account's balance; money leaving is negative."""
    return fake.new(
        "txn",
        "balance_transaction",
        amount=amount,
        available_on=fake.clock.now() + 7 * 86_400,
        currency=currency,
        description=None,
        exchange_rate=None,
        fee=fee,
        fee_details=[{"amount": fee, "currency": currency, "type": "stripe_fee"}] if fee else [],
        net=amount - fee,
        reporting_category=kind,
        source=source,
        status="pending",
        type=kind,
    )


@route("GET", "/v1/charges")
def list_all(fake: Fake, params: Params) -> Object:
    return listing.page(fake, params, "charge", "/v1/charges", ("customer", "payment_intent"))


@route("GET", "/v1/charges/search")
def search(fake: Fake, params: Params) -> Object:
    return listing.search(fake, params, "charge", "/v1/charges/search")


@route("GET", "/v1/charges/<key>")
def retrieve(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("charge", key)


@route("GET", "/v1/balance_transactions")
def list_balance(fake: Fake, params: Params) -> Object:
    filters = ("currency", "source", "type")
    return listing.page(fake, params, "balance_transaction", "/v1/balance_transactions", filters)


@route("GET", "/v1/balance_transactions/<key>")
def retrieve_balance(fake: Fake, params: Params, key: str) -> Object:
    params.finish()
    return fake.store.get("balance_transaction", key)


def _details(fake: Fake, method: Object) -> Object:
    kind = method["type"]
    if kind == "sepa_debit":
        mandate = fake.store.notes(method["id"]).get("mandate")
        shown = {
            name: method[kind][name]
            for name in ("bank_code", "branch_code", "country", "fingerprint", "last4")
        }
        return {"type": kind, kind: shown | {"mandate": mandate}}
    names = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "wallet",
    )
    shown = {name: method[kind][name] for name in names}
    return {"type": kind, kind: shown | {"mandate": None, "network": shown["brand"], "installments": None}}


def refunds_of(fake: Fake, made: Object) -> Object:
    return listing.whole(
        f"/v1/charges/{made['id']}/refunds", fake.store.newest("refund", {"charge": made["id"]})
    )


listing.LAZY["charge", "refunds"] = refunds_of
