"""Contracts: their dates are the commitment, and where the plan says so an unsigned one holds billing back."""

import frappe

from subscription_plus.sp_billing import cancellation, contracts
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    at,
    live,
    make_plan,
    make_subscription,
    periods_of,
)
from subscription_plus.tests.support.counter import make_contract


class TestContracts(BillingCase):
    def subscribe(self, contract, plan=None, **how):
        name = contracts.subscribe(contract.name, (plan or make_plan()).name, masters.COMPANY, **how)
        return frappe.get_doc("SP Subscription", name)

    def test_its_dates_are_the_start_and_the_commitment(self) -> None:
        with at("2025-12-01"):
            customer = masters.make_customer().name
            subscription = self.subscribe(make_contract(customer))
        self.assertEqual(subscription.customer, customer)
        self.assertEqual(str(subscription.start_date), "2026-01-01")
        self.assertEqual(str(subscription.commitment_until), "2026-12-31")
        self.assertFalse(subscription.end_date)

    def test_cancelling_before_its_end_needs_the_right_to(self) -> None:
        with at("2026-03-01"):
            subscription = self.subscribe(make_contract(masters.make_customer().name))
            frappe.set_user(self.user("Accounts User"))
            with self.assert_refused("committed until"):
                cancellation.cancel(subscription.name)

    def test_it_may_end_with_the_contract(self) -> None:
        with at("2026-01-01"):
            contract = make_contract(masters.make_customer().name)
            subscription = self.subscribe(contract, ends_with_contract=True)
        self.assertEqual(str(subscription.end_date), "2026-12-31")

    def test_unsigned_it_bills_unless_the_plan_wants_a_signature(self) -> None:
        with at("2026-01-01"):
            subscription = self.subscribe(make_contract(masters.make_customer().name))
        self.assertEqual(len(live(subscription, "2026-01-01", "2026-01-02")), 2)

    def test_where_the_plan_wants_a_signature_nothing_is_billed_before_it(self) -> None:
        with at("2026-01-01"):
            contract = make_contract(masters.make_customer().name)
            subscription = self.subscribe(contract, make_plan(needs_signed_contract=1))
        self.assertEqual(live(subscription, "2026-01-01", "2026-01-20"), [])
        with at("2026-01-20"):
            contract.reload()
            contract.is_signed, contract.signee = 1, "A Customer"
            contract.save()
            self.work_off()
        (period,) = periods_of(subscription)
        self.assertEqual((str(period.start_date), period.status), ("2026-01-01", "Awaiting Payment"))

    def test_a_plan_that_wants_a_signed_contract_does_not_bill_without_any(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", plan=make_plan(needs_signed_contract=1).name)
        self.assertEqual(live(subscription, "2026-01-01", "2026-01-05"), [])
        with at("2026-01-05"):
            masters.make_customer()  # the clock moves on from the full second
            contract = make_contract(subscription.customer, signed=True)
            subscription.reload()
            subscription.contract = contract.name
            subscription.save()
        self.assertEqual(len(live(subscription, "2026-01-05", "2026-01-05")), 2)

    def test_a_contract_of_somebody_else_or_a_cancelled_one_is_refused(self) -> None:
        with at("2026-01-01"):
            other = make_contract(masters.make_customer().name)
            with self.assert_refused("is not one with"):
                make_subscription("2026-01-01", contract=other.name)
            other.cancel()
            with self.assert_refused("cancelled or gone"):
                make_subscription("2026-01-01", contract=other.name, customer=other.party_name)
