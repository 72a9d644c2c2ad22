"""Sales Orders with recurring items: which subscriptions they create, and what becomes of those with the order."""

import frappe

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    line,
    live,
    make_plan,
    make_recurrence,
    make_subscription,
    periods_of,
)


class OrderingCase(BillingCase):
    def setUp(self) -> None:
        super().setUp()
        self.customer = masters.make_customer().name

    def recurring_item(self, **values) -> str:
        values = values or {"sp_recurrence_period": make_recurrence()}
        return masters.make_item(sp_recurring=1, **values).name

    def order(self, *rows, day: str = "2026-01-05", **values):
        """A submitted order of (item, quantity, rate) rows on a day."""
        items = [{"item_code": item, "qty": qty, "rate": rate} for item, qty, rate in rows]
        return masters.make_sales_order(self.customer, items, day, **values)

    def subscriptions(self, **filters):
        names = frappe.get_all("SP Subscription", {"customer": self.customer, **filters}, pluck="name")
        return [frappe.get_doc("SP Subscription", name) for name in sorted(names)]

    def documents(self, doctype: str, field: str = "customer") -> list[str]:
        return frappe.get_all(doctype, {field: self.customer, "docstatus": 1}, pluck="name")


class TestCreating(OrderingCase):
    def test_a_recurring_item_creates_a_subscription_with_the_orders_terms(self) -> None:
        taxes = masters.make_tax_template(20).name
        with at("2026-01-05"):
            order = self.order((self.recurring_item(), 2, 15), taxes_and_charges=taxes)
        (subscription,) = self.subscriptions()
        row = subscription.lines[0]
        self.assertEqual((row.qty, row.fixed_rate, row.price_determination), (2, 15, "Fixed Rate"))
        self.assertEqual(
            (subscription.sales_order, subscription.taxes_and_charges, str(subscription.start_date)),
            (order.name, taxes, "2026-01-05"),
        )

    def test_other_items_create_none(self) -> None:
        with at("2026-01-05"):
            self.order((masters.make_item().name, 1, 15))
        self.assertEqual(self.subscriptions(), [])

    def test_one_for_each_recurrence(self) -> None:
        monthly, yearly = make_recurrence(), make_recurrence(unit="Year")
        items = [self.recurring_item(sp_recurrence_period=name) for name in (monthly, yearly, monthly)]
        with at("2026-01-05"):
            self.order(*((item, 1, 10) for item in items), (masters.make_item().name, 1, 5))
        found = {row.recurrence_period: len(row.lines) for row in self.subscriptions()}
        self.assertEqual(found, {monthly: 2, yearly: 1})

    def test_the_items_group_may_say_how_often(self) -> None:
        monthly = make_recurrence()
        group = frappe.get_doc(
            {
                "doctype": "Item Group",
                "item_group_name": masters.unique("SP Group"),
                "parent_item_group": "All Item Groups",
                "sp_recurring": 1,
                "sp_recurrence_period": monthly,
            }
        ).insert()
        with at("2026-01-05"):
            self.order((masters.make_item(item_group=group.name).name, 1, 15))
        self.assertEqual([row.recurrence_period for row in self.subscriptions()], [monthly])

    def test_without_a_word_how_often_the_order_is_refused(self) -> None:
        self.set_settings(default_recurrence_period=None)
        item = masters.make_item(sp_recurring=1).name
        with at("2026-01-05"), self.assert_refused("how often"):
            self.order((item, 1, 15))

    def test_a_discount_of_the_order_is_shared_by_value(self) -> None:
        items = [
            self.recurring_item(sp_recurrence_period=name)
            for name in (make_recurrence(), make_recurrence(unit="Year"))
        ]
        with at("2026-01-05"):
            self.order(
                (items[0], 1, 100), (items[1], 1, 300), apply_discount_on="Net Total", discount_amount=40
            )
        self.assertEqual(sorted(row.discount_amount for row in self.subscriptions()), [10, 30])

    def test_orders_that_subscriptions_make_create_none_1109(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", lines=[line(30, item=self.recurring_item())], customer=self.customer
            )
        with at("2026-03-01"):
            advance(subscription)
        self.assertEqual(len(self.documents("Sales Order")), 3)
        self.assertEqual(len(self.subscriptions()), 1)


class TestFirstPeriod(OrderingCase):
    def test_its_order_is_the_customers_own(self) -> None:
        with at("2026-01-05"):
            order = self.order((self.recurring_item(), 1, 30))
            (subscription,) = self.subscriptions()
            advance(subscription)
            masters.pay(order)
            advance(subscription)
        (period,) = periods_of(subscription)
        self.assertEqual((period.sales_order, period.status), (order.name, "Paid"))
        self.assertEqual(len(self.documents("Sales Order")), 1)
        order.reload()
        self.assertEqual((order.per_billed, order.advance_paid), (100, 30))

    def test_the_second_period_has_an_order_of_its_own(self) -> None:
        with at("2026-01-05"):
            self.order((self.recurring_item(), 2, 15))
            (subscription,) = self.subscriptions()
        with at("2026-02-05"):
            advance(subscription)
        self.assertEqual([row.total for row in periods_of(subscription)], [30, 30])
        self.assertEqual(len(self.documents("Sales Order")), 2)

    def test_an_order_of_two_recurrences_is_requested_and_invoiced_once(self) -> None:
        items = [
            self.recurring_item(sp_recurrence_period=name)
            for name in (make_recurrence(), make_recurrence(unit="Year"))
        ]
        with at("2026-01-05"):
            order = self.order((items[0], 1, 30), (items[1], 1, 300))
            for subscription in self.subscriptions():
                advance(subscription)
            self.assertEqual(len(self.documents("Payment Request", "party")), 1)
            masters.pay(order)
            for subscription in self.subscriptions():
                advance(subscription)
        self.assertEqual(len(self.documents("Sales Invoice")), 1)
        statuses = [period.status for row in self.subscriptions() for period in periods_of(row)]
        self.assertEqual(statuses, ["Paid", "Paid"])

    def test_with_a_trial_the_order_waits_until_it_is_over(self) -> None:
        plan = make_plan(trial_days=10)
        with at("2026-01-05"):
            self.order((self.recurring_item(sp_plan=plan.name), 1, 30))
            (subscription,) = self.subscriptions()
            self.assertEqual((subscription.status, str(subscription.trial_until)), ("Trial", "2026-01-14"))
        made = live(subscription, "2026-01-05", "2026-01-20")
        self.assertEqual(made, [("2026-01-15", "Payment Request")])


class TestCancelledAndAmended(OrderingCase):
    def test_cancelling_the_order_ends_what_billed_nothing_else(self) -> None:
        with at("2026-01-05"):
            order = self.order((self.recurring_item(), 1, 30))
            (subscription,) = self.subscriptions()
            advance(subscription)
            order.reload()
            order.cancel()
        subscription.reload()
        self.assertEqual((subscription.status, periods_of(subscription)), ("Cancelled", []))
        self.assertEqual(live(subscription, "2026-01-05", "2026-02-06"), [])

    def test_cancelling_the_order_leaves_what_has_billed_other_periods(self) -> None:
        with at("2026-01-05"):
            order = self.order((self.recurring_item(), 1, 30))
            (subscription,) = self.subscriptions()
        with at("2026-02-05"):
            advance(subscription)
            order.reload()
            order.cancel()
            self.work_off()
        subscription.reload()
        self.assertEqual(subscription.status, "Active")
        self.assertEqual([row.status for row in periods_of(subscription)], ["Void", "Awaiting Payment"])

    def test_an_amended_order_has_one_living_subscription(self) -> None:
        with at("2026-01-05"):
            order = self.order((self.recurring_item(), 1, 30))
            advance(self.subscriptions()[0])
            order.reload()
            order.cancel()
            amended = frappe.copy_doc(order)
            amended.docstatus, amended.amended_from = 0, order.name
            amended.items[0].qty = 2
            amended.insert()
            amended.submit()
        (subscription,) = self.subscriptions(status="Active")
        self.assertEqual((subscription.sales_order, subscription.lines[0].qty), (amended.name, 2))

    def test_an_order_amended_later_takes_over_what_goes_on(self) -> None:
        with at("2026-01-05"):
            order = self.order((self.recurring_item(), 1, 30))
            (subscription,) = self.subscriptions()
        with at("2026-02-05"):
            advance(subscription)
            order.reload()
            order.cancel()
            amended = frappe.copy_doc(order)
            amended.docstatus, amended.amended_from = 0, order.name
            amended.insert()
            amended.submit()
            self.work_off()
        (subscription,) = self.subscriptions()
        self.assertEqual(subscription.sales_order, amended.name)
        self.assertEqual([row.sales_order == amended.name for row in periods_of(subscription)], [True, False])
        self.assertEqual([row.status for row in periods_of(subscription)], ["Awaiting Payment"] * 2)
