"""Members who pay through Stripe: their cards and mandates, what their banks make of them, and how each story ends.

A fake Stripe runs beside the demo and lives in its time. No webhook is sent: the ten-minute job asks.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import frappe

from embedded.fake_stripe import FakeStripe
from embedded.host import clock
from subscription_plus.sp_payments import pages, settling

from .company import BANK, COMPANY, ensure
from .events import subscription_of

STRIPE = "Stripe"
POLICY = "Remind, Retry, Restrict"
ACCOUNT = "Le Hangar at Stripe"


@dataclass(frozen=True)
class Payer:
    """What a member registers on the first day, and how many days after a failure the member pays on a page."""

    method: str = "pm_card_visa"
    pays_after: int | None = None


PAYERS = {
    "Margaux Petit": Payer(),
    "Coopérative Marée": Payer("DE89370400440532013000"),
    # The bank wants Théo himself from October on; he confirms two days later, each month.
    "Théo Caron": Payer("pm_card_fr", pays_after=2),
    # No money on the account in September; the policy's second try finds some.
    "Louise Garnier": Payer("pm_card_mastercard"),
    # Stolen in November, never replaced.
    "Bastien Roy": Payer("pm_card_visa_debit"),
    # Lost in January; a new card three weeks later.
    "Agathe Simon": Payer("pm_card_de"),
}


class Stripe:
    """The fake, and what happens at it."""

    def __init__(self) -> None:
        self.fake = FakeStripe(seed="le-hangar", time_source=lambda: clock.utc_now().timestamp())
        self.fake.start()
        self.control = self.fake.control

    def build(self) -> None:
        """The account, its books, and the policy."""
        clearing = f"Stripe - {BANK.rpartition(' - ')[2]}"
        ensure(
            "Account",
            clearing,
            account_name="Stripe",
            parent_account=frappe.db.get_value("Account", BANK, "parent_account"),
            company=COMPANY,
            account_type="Bank",
        )
        ensure("Mode of Payment", STRIPE, mode_of_payment=STRIPE, type="Bank")
        mode = frappe.get_doc("Mode of Payment", STRIPE)
        mode.append("accounts", {"company": COMPANY, "default_account": clearing})
        mode.save()
        frappe.get_doc(
            {
                "doctype": "SP Stripe Account",
                "account_name": ACCOUNT,
                "company": COMPANY,
                "secret_key": self.fake.secret_key,
                "mode_of_payment": STRIPE,
                "clearing_account": clearing,
                "api_base": self.fake.url,
            }
        ).insert()
        mail = frappe.db.get_single_value("SP Settings", "payment_failed_template")
        steps = [
            {"days": 3, "retry": 1, "email_template": mail},
            {"days": 7, "retry": 1},
            {"days": 14, "email_template": mail, "action": "Restrict"},
            {"days": 30, "action": "Mark Unpaid"},
        ]
        ensure("SP Dunning Policy", POLICY, policy_name=POLICY, steps=steps)

    def morning(self, today: dt.date, joined: list[str]) -> None:
        """New members register what they pay with; banks change their minds."""
        for member in joined:
            if member in PAYERS:
                frappe.db.set_value(
                    "SP Subscription",
                    subscription_of(member),
                    "dunning_policy",
                    POLICY,
                    update_modified=False,
                )
                self.register(member, PAYERS[member].method)
        for day, member, act in EVENTS:
            if day == today.isoformat():
                act(self, member)

    def evening(self, today: dt.date) -> None:
        """Members whose charge failed some days ago pay on the page of their link."""
        for member, payer in PAYERS.items():
            if payer.pays_after is not None:
                self._pay_late(member, today - dt.timedelta(days=payer.pays_after))

    def register(self, member: str, method: str) -> None:
        """A member registers a card or an account on Stripe's page, and comes back."""
        name = subscription_of(member)
        pages.open_for_method(member, COMPANY, name)
        attempt = frappe.get_last_doc("SP Payment Attempt", {"subscription": name, "kind": "Register"})
        self.control.pay(attempt.session_id, method)
        settling.ask(attempt.name)

    def bank(self, member: str, **changes: str | None) -> None:
        """The bank of a member's newest card changes its mind."""
        method = frappe.get_last_doc("SP Payment Method", {"customer": member})
        self.control.method(method.gateway_method, **changes)

    def _pay_late(self, member: str, since: dt.date) -> None:
        for period in frappe.get_all(
            "SP Billing Period",
            filters={
                "subscription": subscription_of(member) or "-",
                "status": "Awaiting Payment",
                "dunning_since": ("<=", since),
            },
            fields=["payment_request"],
        ):
            pages.open_for_request(period.payment_request, False)
            attempt = frappe.get_last_doc(
                "SP Payment Attempt", {"payment_request": period.payment_request, "kind": "Page"}
            )
            self.control.pay(attempt.session_id, "pm_card_visa")
            settling.ask(attempt.name)


def lines(stripe: Stripe) -> list[tuple[str, str]]:
    """What came of it: attempts by status, what Stripe holds, and what the books say it holds."""
    rows = frappe.get_all("SP Payment Attempt", filters={"kind": ("!=", "Register")}, pluck="status")
    net = stripe.control.totals().get("eur", {"net": 0})["net"]
    entries = frappe.get_all(
        "Payment Entry",
        filters={"docstatus": 1, "mode_of_payment": STRIPE},
        fields=["payment_type", "paid_amount"],
    )
    booked = sum(row.paid_amount if row.payment_type == "Receive" else -row.paid_amount for row in entries)
    return [
        ("Payment attempts", str(len(rows))),
        *((f"  {status}", str(rows.count(status))) for status in sorted(set(rows))),
        ("Stripe holds", f"€ {net / 100:,.2f}"),
        ("Booked from Stripe", f"€ {booked:,.2f}"),
    ]


EVENTS: tuple[tuple[str, str, Callable[[Stripe, str], object]], ...] = (
    ("2024-08-30", "Louise Garnier", lambda stripe, who: stripe.bank(who, decline="insufficient_funds")),
    ("2024-09-12", "Louise Garnier", lambda stripe, who: stripe.bank(who, decline=None)),
    ("2024-09-30", "Théo Caron", lambda stripe, who: stripe.bank(who, authentication="always")),
    ("2024-11-02", "Bastien Roy", lambda stripe, who: stripe.bank(who, decline="stolen_card")),
    ("2025-01-03", "Agathe Simon", lambda stripe, who: stripe.bank(who, decline="lost_card")),
    ("2025-02-01", "Agathe Simon", lambda stripe, who: stripe.register(who, "pm_card_amex")),
)
