"""Any history of payments: whatever happens, in whatever order, the books come to hold what the gateway holds.

SP_HISTORIES says how many histories are tried, SP_HISTORY_STEPS how long one may be.
"""

import datetime as dt
import os
from decimal import Decimal
from typing import Any

import frappe
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from subscription_plus.sp_payments import gateways, refunds, settling, webhooks
from subscription_plus.tests.support.billing import (
    at,
    make_recurrence,
    make_subscription,
    pay_order,
    periods_of,
    try_to_advance,
)
from subscription_plus.tests.support.stripe import (
    SEPA,
    SEPA_THAT_FAILS,
    ControlError,
    PaymentsCase,
    attempts_of,
    booked,
    make_policy,
)

HISTORIES = int(os.environ.get("SP_HISTORIES", "10"))
STEPS = int(os.environ.get("SP_HISTORY_STEPS", "15"))
DECLINES = (None, "insufficient_funds", "generic_decline", "stolen_card", "expired_card")
FAULTS = ("drop_before", "drop_after", "error", "error_after", "unavailable", "rate_limit")
METHODS = ("pm_card_visa", "pm_card_chargeCustomerFail", SEPA, SEPA_THAT_FAILS)
START = dt.datetime(2026, 1, 1, 9)


class History(RuleBasedStateMachine):
    """One customer's weekly subscription. Nothing in here is ever booked by the test itself, but by hand."""

    case: "TestAnyHistory"

    @initialize(method=st.sampled_from(METHODS))
    def begin(self, method: str) -> None:
        self.now = START
        self.kept: list[str] = []
        self.disputes: list[str] = []
        self.case.control.clear_faults()
        self.case.new_events()
        with self.moment():
            self.subscription = make_subscription(
                START.date(), recurrence=self.case.weekly, dunning_policy=self.case.policy
            )
        self.do(lambda: self.case.register(self.subscription, method))

    def moment(self) -> Any:
        return at(self.now.date(), self.now.strftime("%H:%M"))

    def do(self, what: Any) -> None:
        """Do it now; what is refused, or gets no answer, is what a person would see as a message."""
        with self.moment():
            try:
                what()
            except (frappe.ValidationError, frappe.PermissionError):
                frappe.db.rollback()
            self.case.work_off()
            self.kept += self.case.new_events()

    def run_jobs(self) -> None:
        webhooks.work_off_waiting()
        settling.ask_waiting()
        try_to_advance(self.subscription)

    def last_charge(self) -> frappe._dict | None:
        """The newest payment that stands."""
        made = [row for row in attempts_of(self.subscription, status="Succeeded") if row.kind != "Register"]
        return made[-1] if made else None

    # What time and people do

    @rule(hours=st.sampled_from((1, 7, 30, 24 * 4, 24 * 8)))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        self.do(self.run_jobs)

    @rule()
    def the_hourly_run(self) -> None:
        self.do(self.run_jobs)

    @rule(code=st.sampled_from(DECLINES))
    def the_bank_changes_its_mind(self, code: str | None) -> None:
        name = frappe.db.get_value("SP Subscription", self.subscription.name, "payment_method")
        method = name and frappe.get_doc("SP Payment Method", name)
        if method and method.kind == "Card":
            self.do(lambda: self.case.control.method(method.gateway_method, decline=code))

    @rule(wants=st.sampled_from(("always", None)))
    def the_bank_wants_the_customer(self, wants: str | None) -> None:
        name = frappe.db.get_value("SP Subscription", self.subscription.name, "payment_method")
        method = name and frappe.get_doc("SP Payment Method", name)
        if method and method.kind == "Card":
            self.do(lambda: self.case.control.method(method.gateway_method, authentication=wants))

    @rule(fault=st.sampled_from(FAULTS), skip=st.integers(0, 4), method=st.sampled_from(("POST", "GET", "*")))
    def the_line_breaks(self, fault: str, skip: int, method: str) -> None:
        options = {} if method == "*" else {"method": method}
        self.case.control.fault(fault, "/v1/*", skip=skip, **options)

    @rule(method=st.sampled_from(METHODS))
    def the_customer_brings_another_method(self, method: str) -> None:
        self.do(lambda: self.case.register(self.subscription, method))

    @rule(save=st.booleans(), come_back=st.booleans(), method=st.sampled_from(("pm_card_amex", SEPA)))
    def the_customer_pays_on_a_page(self, save: bool, come_back: bool, method: str) -> None:
        if periods_of(self.subscription) and periods_of(self.subscription)[-1].payment_request:
            self.do(lambda: self.case.pay_page(self.subscription, method, save, come_back))

    @rule()
    def the_customer_leaves_a_page_open(self) -> None:
        if periods_of(self.subscription) and periods_of(self.subscription)[-1].payment_request:
            self.do(lambda: self.case.open_page(self.subscription))

    @rule()
    def the_customer_pays_on_a_page_left_open(self) -> None:
        pages = [row for row in attempts_of(self.subscription, kind="Page") if row.session_id]
        if pages:
            self.do(lambda: self.case.control.pay(pages[-1].session_id, "pm_card_mastercard"))

    @rule(part=st.sampled_from((1, 0.5)))
    def somebody_books_a_transfer(self, part: float) -> None:
        self.do(lambda: pay_order(self.subscription, 30 * part))

    @rule(amount=st.sampled_from((30, 10, 7.77)))
    def somebody_refunds(self, amount: float) -> None:
        if row := self.last_charge():
            self.do(lambda: refunds.refund(row.name, amount))

    @rule(amount=st.sampled_from((3000, 1234)))
    def somebody_refunds_at_the_gateway(self, amount: int) -> None:
        if row := self.last_charge():
            key = frappe.generate_hash()
            self.do(lambda: gateways.of(row.account).refund(row.payment_id, amount, key))

    @rule(amount=st.sampled_from((None, 1000)))
    def the_customer_disputes(self, amount: int | None) -> None:
        if row := self.last_charge():
            options = {"payment_intent": row.payment_id, **({"amount": amount} if amount else {})}
            self.do(lambda: self.disputes.append(self.dispute(options)))

    def dispute(self, options: dict[str, Any]) -> str:
        try:
            return self.case.control.dispute(**options)["id"]
        except ControlError as error:
            raise frappe.ValidationError(str(error)) from error

    @rule(outcome=st.sampled_from(("won", "lost")))
    def a_dispute_ends(self, outcome: str) -> None:
        if self.disputes:
            dispute = self.disputes.pop()
            self.do(lambda: self.case.control.close_dispute(dispute, outcome))

    # What the gateway tells

    @rule(data=st.data())
    def some_webhooks_arrive_in_any_order(self, data: st.DataObject) -> None:
        if self.kept:
            chosen = data.draw(st.lists(st.sampled_from(self.kept), max_size=6))
            self.do(lambda: self.case.deliver(chosen))

    # What must be so in the end

    def teardown(self) -> None:
        if not hasattr(self, "subscription"):
            return
        self.case.control.clear_faults()
        kept, self.kept = self.kept, []
        self.do(lambda: self.case.deliver(kept[::-1]))
        for hours in (1, 26, 24 * 12, 24 * 12, 24 * 12):
            self.now += dt.timedelta(hours=hours)
            self.do(lambda: (webhooks.work_off_waiting(), settling.ask_waiting()))
            self.do(lambda: self.case.deliver(list(self.kept)))
        held = Decimal(sum(net(row, self.case) for row in self.case.intents(self.subscription))) / 100
        ids = [row["id"] for row in self.case.intents(self.subscription)]
        self.case.assertEqual(booked(ids), held, self.story())
        for period in periods_of(self.subscription):
            self.case.assertGreaterEqual(period.outstanding, 0, self.story())
        frappe.db.set_value("SP Subscription", self.subscription.name, "next_billing_at", None)
        frappe.db.commit()

    def story(self) -> str:
        lines = [
            str((row.name, row.kind, row.status, row.refunded)) for row in attempts_of(self.subscription)
        ]
        return "\n".join([*lines, *(str(row) for row in self.case.intents(self.subscription))])


def net(intent: dict[str, Any], case: PaymentsCase) -> int:
    """What the gateway holds of a payment: captured, less refunded, less taken by disputes that were not won."""
    with case.stripe.fake.lock:
        disputes = [
            each
            for each in case.stripe.fake.store.newest("dispute")
            if each["payment_intent"] == intent["id"]
            and each["status"] != "won"
            and not each["status"].startswith("warning_")
        ]
    return intent["amount_received"] - intent["refunded"] - sum(each["amount"] for each in disputes)


class TestAnyHistory(PaymentsCase):
    def test_the_books_hold_what_the_gateway_holds(self) -> None:
        self.weekly = make_recurrence(unit="Week")
        self.policy = make_policy(
            {"days": 1, "retry": 1}, {"days": 3, "retry": 1}, {"days": 9, "action": "Restrict"}
        )
        frappe.db.commit()
        machine = type("HistoryOfThisCase", (History,), {"case": self})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=HISTORIES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
        self.assert_books_agree()
