"""Payments on a running bench: a fake Stripe posts signed webhooks into its web server, its worker works them off.

    env/bin/bench serve --port 8000 &  env/bin/bench worker &           # both must run
    env/bin/python …/webhooks.py --bench . --site test.localhost --url http://127.0.0.1:8000 [--customers 20]

What is tried, for each customer: a card registered on a page whose customer never comes back, so that only webhooks tell
of it; a charge whose answer is lost; a payment page nobody returns from; a refund of a part made at Stripe; every event
sent twice, the second time in reverse. Then the books must hold what Stripe holds, each payment once.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from support import arguments, connect, set_settings

import frappe  # isort: skip
from frappe.utils import nowdate

sys.path.append(str(Path(__file__).resolve().parents[1]))
from embedded.fake_stripe import FakeStripe
from embedded.fake_stripe.webhooks import post

EVENTS = ["*"]
# A worker runs behind everything else on a busy machine.
WAIT_SECONDS = 600


class Timed:
    """Sends as the fake does, to the site by its name in the Host header, and remembers what came back."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.answers: list[tuple[int, float]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        began = time.perf_counter()
        status = post(url, body, {**headers, "Host": self.site})
        self.answers.append((status, time.perf_counter() - began))
        return status


def main() -> int:
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--url", required=True, help="the bench's web server")
    parser.add_argument("--customers", type=int, default=20)
    options = parser.parse_args()
    if options.embedded:
        sys.exit("This needs a bench with a web server and a worker.")
    connect(options)
    from subscription_plus.tests.support import stripe as support
    from subscription_plus.tests.support.site import before_tests

    before_tests()  # on a site without ERPNext's setup payments are not taken into invoices
    set_settings(edit_window_minutes=0)
    frappe.db.commit()
    transport = Timed(options.site)
    with FakeStripe(seed=frappe.generate_hash(), transport=transport) as stripe:
        support.make_account(api_base=stripe.url)
        try:
            address = f"{options.url}/api/method/subscription_plus.api.payments.webhook?account={quote(support.ACCOUNT)}"
            endpoint = _client(stripe).webhook_endpoints.create(
                params={"url": address, "enabled_events": EVENTS}
            )
            support.make_account(api_base=stripe.url, webhook_secret=endpoint.secret)
            return _try(options, stripe, transport)
        finally:
            support.disable_account()


def _client(stripe: FakeStripe) -> Any:
    import stripe as package

    client = package.StripeClient(stripe.secret_key, base_addresses={"api": stripe.url})
    return getattr(client, "v1", client)


def _try(options: Any, stripe: FakeStripe, transport: Timed) -> int:
    from subscription_plus.sp_payments import gateways, pages
    from subscription_plus.tests.support.billing import advance, make_subscription
    from subscription_plus.tests.support.stripe import ACCOUNT, attempts_of, newest_attempt

    control, subscriptions = stripe.control, []
    for number in range(options.customers):
        subscription = make_subscription(nowdate())
        frappe.db.commit()
        subscriptions.append(subscription)
        if number % 2:  # by card: registered on a page, charged by the worker that hears of it
            pages.open_for_method(subscription.customer, subscription.company, subscription.name)
            control.pay(newest_attempt(subscription, kind="Register").session_id)
        else:  # on a page, and the customer closes the window
            advance(subscription)
            request = frappe.get_all(
                "Payment Request", {"sp_subscription": subscription.name, "docstatus": 1}, pluck="name"
            )[0]
            pages.open_for_request(request, save_method=False)
            control.pay(newest_attempt(subscription, kind="Page").session_id)

    def paid() -> list[Any]:
        frappe.db.rollback()
        rows = [row for each in subscriptions for row in attempts_of(each, status="Succeeded")]
        return [row for row in rows if row.kind != "Register" and row.payment_entry]

    _wait("every customer has paid, by webhooks alone", lambda: len(paid()) == options.customers)
    for row in paid()[::3]:
        gateways.of(ACCOUNT).refund(row.payment_id, 700, frappe.generate_hash())
    with stripe.fake.lock:
        events = [event["id"] for event in stripe.fake.store.newest("event")]
    for event in events:  # newest first: everything again, in reverse
        control.redeliver(event)
    control.drain()

    def worked_off() -> bool:
        frappe.db.rollback()
        with stripe.fake.lock:
            told = [event["id"] for event in stripe.fake.store.newest("event")]
        done = frappe.db.count(
            "SP Webhook Event", {"name": ("in", told), "status": ("in", ("Done", "Ignored"))}
        )
        open_ones = [row for each in subscriptions for row in attempts_of(each) if row.ask_at]
        return done == len(told) and not open_ones

    _wait("the inbox is empty", worked_off)
    return _report(options, stripe, transport, subscriptions, events)


def _report(options: Any, stripe: FakeStripe, transport: Timed, subscriptions: list, events: list) -> int:
    from subscription_plus.tests.support.billing import periods_of
    from subscription_plus.tests.support.stripe import booked, receipts

    held = stripe.control.totals()["eur"]["net"] / 100
    books = float(booked([row["id"] for row in stripe.control.state()["payment_intents"]]))
    entries = [len(receipts(subscription)) for subscription in subscriptions]
    states = [periods_of(subscription)[0].status for subscription in subscriptions]
    kept = frappe.db.count("SP Webhook Event", {"name": ("in", events)})
    statuses = [status for status, _seconds in transport.answers]
    times = sorted(seconds for _status, seconds in transport.answers)
    print(f"{len(statuses)} webhooks posted over HTTP, {statuses.count(200)} answered with 200")
    print(
        f"  median {statistics.median(times) * 1000:.0f} ms, 95 of 100 under {times[len(times) * 95 // 100] * 1000:.0f} ms"
    )
    print(f"{len(events)} events, {kept} of them in the inbox, each once")
    print(
        f"{len(subscriptions)} customers: {entries.count(1)} with one Payment Entry, {states.count('Paid')} paid"
    )
    print(f"Stripe holds {held:.2f}, the books {books:.2f}")
    good = (
        entries == [1] * options.customers
        and states == ["Paid"] * options.customers
        and held == books
        and kept == len(events)
        and set(statuses) == {200}
    )
    print("Good." if good else "WRONG.")
    return 0 if good else 1


def _wait(what: str, done: Any) -> None:
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > WAIT_SECONDS:
            sys.exit(f"After {WAIT_SECONDS} s it is still not so that {what}. Does a worker run?")
        time.sleep(0.5)
    print(f"{what}: after {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
