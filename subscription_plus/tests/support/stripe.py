"""Stories about payments: a fake Stripe beside the site, customers who act on its pages, webhooks by hand.

The fake speaks HTTP to the real client library. Its webhooks are not sent: a test delivers them itself, when
and as often as it likes.
"""

import datetime as dt
import sys
import time
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import frappe
import time_machine
from frappe.model.document import Document
from frappe.utils import getdate

from subscription_plus.sp_payments import attempts, pages, settling, webhooks
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    Day,
    advance,
    at,
    make_subscription,
    periods_of,
)

# The fake lies beside the app, not in it; a bench has only the app's own folder on the path.
ROOT = str(Path(__file__).resolve().parents[3])
if ROOT not in sys.path:
    sys.path.append(ROOT)

from embedded.fake_stripe import FakeStripe  # noqa: E402  (found through the path above)
from embedded.fake_stripe.client import ControlError  # noqa: E402, F401  (for the stories that use it)

ACCOUNT = "SP Test Stripe"
WEBHOOK_SECRET = "whsec_of_the_tests"
MODE_OF_PAYMENT = "Wire Transfer"
VISA = "pm_card_visa"
SEPA = "DE89370400440532013000"
SEPA_THAT_FAILS = "DE62370400440532013001"
MAIL = "payer@subscription-plus.example"


class StoryTime:
    """The fake's time: the moved clock's, and between two moments of a story the last one. In the machine's time
    every debit would be settled long ago."""

    def __init__(self) -> None:
        self.last = dt.datetime(2025, 1, 1, tzinfo=dt.timezone.utc).timestamp()

    def __call__(self) -> float:
        if time_machine.escape_hatch.is_travelling():
            self.last = time.time()
        return self.last


class PaymentsCase(BillingCase):
    """A company that takes payments by Stripe, as long as the class runs."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # Ids of another run are on the site already: they must not come again.
        cls.stripe = FakeStripe(seed=uuid.uuid4().hex, time_source=StoryTime()).start()
        cls.addClassCleanup(cls.stripe.stop)
        make_account(api_base=cls.stripe.url)
        cls.addClassCleanup(disable_account)

    def setUp(self) -> None:
        super().setUp()
        self.control = self.stripe.control
        self.control.clear_faults()
        self._seen_events = {event["id"] for event in self._all_events()}

    # What customers do

    def subscribed(self, start: Day = "2026-01-01", method: str | None = VISA, **values: Any) -> Document:
        """A monthly subscription over 30 whose customer registered a method on the first day, and was charged."""
        with at(start):
            subscription = make_subscription(start, **values)
            if method:
                self.register(subscription, method)
        return subscription

    def register(self, subscription: Document, method: str = VISA) -> str:
        """The customer registers a method on the gateway's page and comes back; its name."""
        pages.open_for_method(subscription.customer, subscription.company, subscription.name)
        attempt = newest_attempt(subscription, kind="Register")
        self.control.pay(attempt.session_id, method)
        settling.ask(attempt.name)
        return frappe.db.get_value(attempts.DOCTYPE, attempt.name, "payment_method")

    def open_page(self, subscription: Document, save_method: bool = False) -> Document:
        """The customer follows the payment link of the newest period; the page's attempt."""
        pages.open_for_request(periods_of(subscription)[-1].payment_request, save_method)
        return newest_attempt(subscription, kind="Page")

    def pay_page(
        self, subscription: Document, method: str = VISA, save_method: bool = False, come_back: bool = True
    ) -> Document:
        """The customer pays the newest request on a page; without `come_back` nobody hears of it."""
        attempt = self.open_page(subscription, save_method)
        self.control.pay(attempt.session_id, method)
        if come_back:
            settling.ask(attempt.name)
        return frappe.get_doc(attempts.DOCTYPE, attempt.name)

    def turns(self, subscription: Document, **changes: Any) -> None:
        """The subscription's saved card turns bad, or good again: decline=…, authentication=… ."""
        self.control.method(self.card(subscription).gateway_method, **changes)

    # What the gateway knows

    def intents(self, subscription: Document | None = None) -> list[dict[str, Any]]:
        """The payments at the gateway, oldest first; of one subscription, or all."""
        found = self.control.state()["payment_intents"]
        if subscription is None:
            return found
        return [row for row in found if row["metadata"].get("subscription") == subscription.name]

    def captured(self, subscription: Document) -> int:
        """What the gateway took for a subscription, in cents, given back or not."""
        return sum(row["amount_received"] for row in self.intents(subscription))

    # What the gateway tells

    def _all_events(self) -> list[dict[str, Any]]:
        with self.stripe.fake.lock:
            return list(self.stripe.fake.store.newest("event"))

    def new_events(self, *kinds: str) -> list[str]:
        """Ids of the events since the last call, oldest first; of these kinds, or all."""
        new = [event for event in reversed(self._all_events()) if event["id"] not in self._seen_events]
        self._seen_events |= {event["id"] for event in new}
        return [event["id"] for event in new if not kinds or event["type"] in kinds]

    def receive(self, event: str, **forged: Any) -> str:
        """A webhook arrives and is stored; the queue has not worked it off yet."""
        body, signature = self.control.signed(event, **{"secret": WEBHOOK_SECRET, **forged})
        received = webhooks.receive(ACCOUNT, body, {"Stripe-Signature": signature})
        frappe.db.commit()
        return received

    def deliver(self, events: list[str]) -> None:
        """Webhooks arrive one after the other and are worked off at once."""
        for event in events:
            self.receive(event)
            self.work_off()

    # What is written here

    def card(self, subscription: Document) -> Document:
        """The method that pays for a subscription."""
        name = frappe.db.get_value("SP Subscription", subscription.name, "payment_method")
        return frappe.get_doc("SP Payment Method", name)

    def assert_books_agree(self) -> None:
        """What the gateway holds of this class' payments is what the books say was received and given back."""
        totals = self.control.totals().get("eur", {"net": 0})
        held = Decimal(totals["net"]) / 100
        self.assertEqual(booked([row["id"] for row in self.intents()]), held)

    def assert_paid_once(self, subscription: Document, amount: float = 30) -> None:
        """One capture, one Payment Entry, one paid invoice."""
        self.assertEqual(self.captured(subscription), round(amount * 100))
        self.assertEqual(len(receipts(subscription)), 1)
        self.assert_paid_in_full(subscription)
        self.assert_books_agree()


def make_account(**values: Any) -> Document:
    """The tests' Stripe account, enabled, with these values."""
    values = {"enabled": 1, "secret_key": "sk_test_fake", "webhook_secret": WEBHOOK_SECRET, **values}
    if frappe.db.exists("SP Stripe Account", ACCOUNT):
        account = frappe.get_doc("SP Stripe Account", ACCOUNT)
    else:
        account = frappe.new_doc("SP Stripe Account")
        account.update(
            {
                "account_name": ACCOUNT,
                "company": masters.COMPANY,
                "mode_of_payment": MODE_OF_PAYMENT,
                "clearing_account": masters.BANK_ACCOUNT,
            }
        )
    account.update(values)
    account.save()
    frappe.db.commit()
    return account


def disable_account() -> None:
    """Nobody pays through it any more."""
    frappe.db.set_value("SP Stripe Account", ACCOUNT, "enabled", 0)
    frappe.clear_document_cache("SP Stripe Account", ACCOUNT)
    frappe.db.commit()


def attempts_of(subscription: Document, **filters: Any) -> list[frappe._dict]:
    """The attempts, oldest first."""
    return frappe.get_all(
        attempts.DOCTYPE,
        filters={"subscription": subscription.name, **filters},
        fields=["*"],
        order_by="creation, name",
    )


def newest_attempt(subscription: Document, **filters: Any) -> Document:
    """The newest attempt."""
    return frappe.get_doc(attempts.DOCTYPE, attempts_of(subscription, **filters)[-1].name)


def statuses(subscription: Document, kind: str = "Charge") -> list[str]:
    """What became of the attempts of a kind, oldest first."""
    return [row.status for row in attempts_of(subscription, kind=kind)]


def receipts(subscription: Document) -> list[frappe._dict]:
    """The Payment Entries for money that came in by its attempts, those that count."""
    names = [row.payment_entry for row in attempts_of(subscription) if row.payment_entry]
    return frappe.get_all(
        "Payment Entry",
        filters={"name": ("in", names or ["-"]), "docstatus": 1, "payment_type": "Receive"},
        fields=["name", "paid_amount", "unallocated_amount"],
    )


def booked(payment_ids: list[str]) -> Decimal:
    """What the books hold of these payments of the gateway: received less given back."""
    total = Decimal(0)
    for row in frappe.get_all(
        "Payment Entry",
        filters={"docstatus": 1, "reference_no": ("like", "pi_%")},
        fields=["payment_type", "paid_amount", "reference_no"],
    ):
        if row.reference_no.partition("-")[0] in payment_ids:
            amount = Decimal(str(row.paid_amount))
            total += amount if row.payment_type == "Receive" else -amount
    return total


def make_policy(*steps: dict[str, Any], **values: Any) -> str:
    """A dunning policy with these steps (days, retry, email_template, action); its name."""
    doc = {"doctype": "SP Dunning Policy", "policy_name": masters.unique("SP Policy"), "steps": list(steps)}
    return frappe.get_doc({**doc, **values}).insert().name


def next_run(subscription: Document, day: Day, time: str = "09:00") -> None:
    """The hourly run on a day."""
    with at(getdate(day), time):
        advance(subscription)
