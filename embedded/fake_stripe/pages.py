"""The pages a person sees: Checkout, the bank's authentication, and an overview of what happened."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from . import charging, checkout, setup_intents
from .core import Fake, route
from .errors import StripeError
from .store import Object

CHOICES = {
    "pm_card_visa": "Visa •••• 4242: pays",
    "pm_card_mastercard": "Mastercard •••• 4444: pays",
    "pm_card_expiringSoon": "Visa that expires this month: pays",
    "pm_card_authenticationRequired": "Visa •••• 3184: the bank asks for authentication, always",
    "pm_card_authenticationRequiredOnSetup": "Visa •••• 3155: the bank asks for authentication, once",
    "pm_card_chargeCustomerFail": "Visa •••• 0341: can be saved, and is declined",
    "pm_card_chargeDeclined": "Visa •••• 0002: declined",
    "pm_card_chargeDeclinedInsufficientFunds": "Visa •••• 9995: insufficient funds",
    "pm_card_chargeDeclinedExpiredCard": "Visa •••• 0069: expired",
}
ACCOUNTS = {
    "DE89370400440532013000": "SEPA DE…3000: pays after some days",
    "DE62370400440532013001": "SEPA DE…3001: fails after some days",
    "DE35370400440532013002": "SEPA DE…3002: pays, then the customer's bank takes it back",
}
STYLE = (
    "body{font:16px system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "label{display:block;margin:.4rem 0}button{font:inherit;padding:.5rem 1rem;margin:1rem 1rem 0 0}"
    ".error{color:#a00}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .6rem .2rem 0}"
)


@route("GET", "/checkout/<key>")
def show_checkout(fake: Fake, request: Request, key: str) -> Response:
    session = fake.store.get("checkout.session", key)
    if session["status"] == "complete":
        return redirect(checkout.return_address(session), 303)
    if session["status"] == "expired":
        return page("Expired", "<p>This page has expired: please ask for a new link.</p>")
    return _checkout_page(fake, session)


@route("POST", "/checkout/<key>")
def submit_checkout(fake: Fake, request: Request, key: str) -> Response:
    session = fake.store.get("checkout.session", key)
    try:
        chosen = request.form.get("iban", "").strip() or request.form["method"]
        intent = checkout.pay_with(fake, session, chosen, request.form.get("email"))
    except StripeError as error:
        return _checkout_page(fake, session, str(error))
    if intent["next_action"]:
        return redirect(f"{fake.url}/authenticate/{intent['id']}", 303)
    return redirect(checkout.return_address(session), 303)


@route("GET", "/authenticate/<key>")
def show_bank(fake: Fake, request: Request, key: str) -> Response:
    intent = fake.store.find(key) or {"status": "unknown"}
    if intent["status"] != "requires_action":
        return page("Your bank", "<p>There is nothing to authenticate here any more.</p>")
    buttons = '<button name="outcome" value="succeed">It is me</button><button name="outcome" value="fail">It is not</button>'
    return page("Your bank", f'<p>Is it you who is paying?</p><form method="post">{buttons}</form>')


@route("POST", "/authenticate/<key>")
def submit_bank(fake: Fake, request: Request, key: str) -> Response:
    intent = fake.store.find(key)
    if not intent or intent["object"] not in ("payment_intent", "setup_intent") or not intent["next_action"]:
        return page("Your bank", "<p>There is nothing to authenticate here any more.</p>")
    back = intent["next_action"].get("redirect_to_url", {}).get("return_url")
    try:
        authenticate(fake, intent, request.form.get("outcome") == "succeed")
    except (
        StripeError
    ):  # a decline after authentication: the intent says so, and the customer goes back all the same
        assert intent["status"] == "requires_payment_method"
    if not back:
        return page("Your bank", f"<p>Done: the payment is {escape(intent['status'])}.</p>")
    if urlsplit(back).path.startswith("/checkout/") and back.startswith(fake.url):
        return redirect(back, 303)
    failed = intent["status"] == "requires_payment_method"
    told = {
        intent["object"]: intent["id"],
        f"{intent['object']}_client_secret": intent["client_secret"],
        "redirect_status": "failed" if failed else "succeeded",
    }
    return redirect(back + ("&" if "?" in back else "?") + urlencode(told), 303)


def authenticate(fake: Fake, intent: Object, success: bool) -> None:
    """Finish the authentication of a payment or setup intent."""
    if intent["object"] == "setup_intent":
        setup_intents.authenticate(fake, intent, success)
    else:
        charging.authenticate(fake, intent, success)


@route("GET", "/")
def show_overview(fake: Fake, request: Request) -> Response:
    intents = [
        (
            i["id"],
            amount(i["amount"], i["currency"]),
            i["status"],
            i["description"] or "",
            i["customer"] or "",
        )
        for i in fake.store.newest("payment_intent")
    ][:50]
    told = [
        (d.type, d.state, ", ".join(map(str, d.statuses)), d.event)
        for d in reversed(fake.webhooks.deliveries.values())
    ][:50]
    body = "<p>A Stripe for trying: nothing here is money.</p><h2>Payments</h2>" + table(intents)
    return page("Fake Stripe", body + "<h2>Webhooks</h2>" + table(told))


def amount(value: int, currency: str) -> str:
    return f"{value} {currency} (smallest unit)"


def table(rows: list[tuple[str, ...]]) -> str:
    lines = ("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{''.join(lines)}</table>"


def page(title: str, body: str) -> Response:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
    html = f'<!doctype html><html lang="en"><head>{head}<title>{escape(title)}</title></head>'
    return Response(f"{html}<body><h1>{escape(title)}</h1>{body}</body></html>", mimetype="text/html")


def _checkout_page(fake: Fake, session: Object, error: str = "") -> Response:
    items = fake.store.notes(session["id"])["items"]
    shown = table(
        [(f"{i['quantity']} × {i['description']}", amount(i["amount_total"], i["currency"])) for i in items]
    )
    saved = (
        fake.store.newest("payment_method", {"customer": session["customer"]}) if session["customer"] else ()
    )
    choices = {m["id"]: f"Saved {m['type']} •••• {m[m['type']]['last4']}" for m in saved} | CHOICES
    if "sepa_debit" in session["payment_method_types"]:
        choices |= ACCOUNTS
    radios = "".join(
        f'<label><input type="radio" name="method" value="{escape(key)}" required> {escape(text)}</label>'
        for key, text in choices.items()
    )
    button = "Pay" if session["mode"] == "payment" else "Save"
    cancel = f'<a href="{escape(session["cancel_url"])}">Cancel</a>' if session["cancel_url"] else ""
    alert = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    email = "" if session["customer"] else '<label>E-mail <input type="email" name="email"></label>'
    form = f'<form method="post">{email}{radios}<button>{button}</button>{cancel}</form>'
    return page("Checkout", f"<p>For trying: no card is charged.</p>{alert}{shown}{form}")
