"""SP Subscription Plan: what it refuses, and that a change of it changes no subscription."""

from subscription_plus.tests.support.billing import BillingCase, at, line, make_plan, make_subscription
from subscription_plus.tests.support.case import OTHER_RECORDS

test_ignore = OTHER_RECORDS


class TestPlan(BillingCase):
    def test_a_negative_quantity_is_refused(self) -> None:
        with self.assert_refused("Row 1: the quantity cannot be negative"):
            make_plan(lines=[line(10, qty=-2)])

    def test_a_fixed_rate_needs_a_currency(self) -> None:
        plan = make_plan()
        plan.currency = None
        with self.assert_refused("needs the plan's currency"):
            plan.save()

    def test_a_plan_of_list_prices_needs_none(self) -> None:
        plan = make_plan(lines=[line(None)])
        plan.currency = None
        plan.save()
        self.assertIsNone(plan.currency)

    def test_changing_it_changes_no_subscription(self) -> None:
        plan = make_plan(lines=[line(25)])
        with at("2026-01-01"):
            before = make_subscription("2026-01-01", plan=plan.name)
            plan.lines[0].fixed_rate = 35
            plan.save()
            after = make_subscription("2026-01-01", plan=plan.name)
        before.reload()
        self.assertEqual((before.total, after.total), (25, 35))
