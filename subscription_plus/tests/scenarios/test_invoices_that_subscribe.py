"""A subscription made from an invoice, or linked to one: the invoice is its period's document, nothing is billed twice."""

import frappe

from subscription_plus.sp_billing import invoiced
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    events_of,
    last_order,
    live,
    make_plan,
    make_recurrence,
    make_subscription,
    pay_order,
    periods_of,
)
from subscription_plus.tests.support.counter import make_pos_invoice


class TestFromAnInvoice(BillingCase):
    def sold(self, **values):
        return masters.make_sales_invoice(date="2026-01-01", **values)

    def subscribe(self, invoice, **how):
        how = how or {"recurrence_period": make_recurrence()}
        (name,) = invoiced.subscribe(invoice.doctype, invoice.name, **how)
        return frappe.get_doc("SP Subscription", name)

    def test_the_invoice_is_the_first_period_and_the_second_is_billed_on_its_day(self) -> None:
        with at("2026-01-01"):
            invoice = self.sold()
            subscription = self.subscribe(invoice)
        made = live(subscription, "2026-01-01", "2026-02-02")
        # The invoice itself is asked for once, as it is not paid.
        self.assertEqual([kind for day, kind in made if day < "2026-02-01"], ["Payment Request"])
        self.assertEqual(made[1:], [("2026-02-01", "Sales Order"), ("2026-02-01", "Payment Request")])
        first = periods_of(subscription)[0]
        self.assertEqual((str(first.start_date), str(first.end_date)), ("2026-01-01", "2026-01-31"))
        self.assertEqual((first.sales_invoice, first.total), (invoice.name, 100))

    def test_it_keeps_what_was_sold_and_shows_on_the_invoice(self) -> None:
        with at("2026-01-01"):
            rows = [{"item_code": masters.make_item().name, "qty": 3, "rate": 20}]
            invoice = self.sold(items=rows)
            subscription = self.subscribe(invoice)
        line = subscription.lines[0]
        self.assertEqual((line.item, line.qty, line.fixed_rate), (rows[0]["item_code"], 3, 20))
        self.assertEqual(subscription.customer, invoice.customer)
        shown = frappe.db.get_value("Sales Invoice", invoice.name, ["sp_subscription", "sp_billing_period"])
        self.assertEqual(shown, (subscription.name, periods_of(subscription)[0].name))
        self.assertEqual(events_of(subscription, "Invoiced")[0].document_name, invoice.name)

    def test_paid_later_its_period_is_paid_and_nothing_is_asked_twice(self) -> None:
        with at("2026-01-01"):
            invoice = self.sold()
            subscription = self.subscribe(invoice)
            self.assertEqual(periods_of(subscription)[0].status, "Awaiting Payment")
        with at("2026-01-10"):
            masters.pay(invoice)
            self.work_off()
        self.assertEqual(periods_of(subscription)[0].status, "Paid")
        self.assertEqual(counts(subscription)[0], 0)

    def test_only_recurring_items_come_back_where_there_are_any(self) -> None:
        with at("2026-01-01"):
            recurring = masters.make_item(sp_recurring=1, sp_recurrence_period=make_recurrence()).name
            rows = [
                {"item_code": recurring, "qty": 1, "rate": 30},
                {"item_code": masters.make_item().name, "qty": 1, "rate": 99},
            ]
            (name,) = invoiced.subscribe("Sales Invoice", self.sold(items=rows).name)
        lines = frappe.get_doc("SP Subscription", name).lines
        self.assertEqual([line.item for line in lines], [recurring])

    def test_a_plan_gives_its_recurrence_and_terms(self) -> None:
        with at("2026-01-01"):
            plan = make_plan(minimum_term=12)
            subscription = self.subscribe(self.sold(), plan=plan.name)
        self.assertEqual(subscription.plan, plan.name)
        self.assertEqual(subscription.recurrence_period, plan.recurrence_period)
        self.assertEqual(str(subscription.commitment_until), "2026-12-31")
        self.assertEqual(subscription.lines[0].fixed_rate, 100)

    def test_an_invoice_makes_one_subscription_only(self) -> None:
        with at("2026-01-01"):
            invoice = self.sold()
            self.subscribe(invoice)
            with self.assert_refused("belongs to subscription"):
                self.subscribe(invoice)

    def test_the_invoice_of_an_order_that_subscribed_makes_none(self) -> None:
        with at("2026-01-01"):
            item = masters.make_item(sp_recurring=1, sp_recurrence_period=make_recurrence()).name
            order = masters.make_sales_order(items=[{"item_code": item, "qty": 1, "rate": 30}])
            invoice = masters.invoice_order(order)
            with self.assert_refused("belongs to subscription"):
                self.subscribe(invoice)

    def test_drafts_and_credit_notes_are_refused(self) -> None:
        with at("2026-01-01"), self.assert_refused("submitted invoice"):
            self.subscribe(self.sold(submit=False))

    def test_nothing_recurring_needs_a_plan_or_a_recurrence(self) -> None:
        with at("2026-01-01"), self.assert_refused("plan or a recurrence"):
            invoiced.subscribe("Sales Invoice", self.sold().name)

    def test_a_person_needs_the_right_to_make_subscriptions(self) -> None:
        with at("2026-01-01"):
            invoice, recurrence = self.sold(), make_recurrence()
            frappe.set_user(self.user("Auditor"))
            with self.assertRaises(frappe.PermissionError):
                invoiced.subscribe("Sales Invoice", invoice.name, recurrence)


class TestFromThePointOfSale(BillingCase):
    def subscribe(self, receipt):
        (name,) = invoiced.subscribe("POS Invoice", receipt.name, make_recurrence())
        return frappe.get_doc("SP Subscription", name)

    def test_the_receipt_is_the_first_period_paid_and_the_second_is_billed_on_its_day(self) -> None:
        with at("2026-01-01"):
            receipt = make_pos_invoice()
            subscription = self.subscribe(receipt)
        first = periods_of(subscription)[0]
        self.assertEqual((first.pos_invoice, first.status, first.total), (receipt.name, "Paid", 100))
        self.assertEqual(first.outstanding, 0)
        made = live(subscription, "2026-01-01", "2026-02-01")
        self.assertEqual(made, [("2026-02-01", "Sales Order"), ("2026-02-01", "Payment Request")])

    def test_a_receipt_that_is_cancelled_makes_the_period_void(self) -> None:
        with at("2026-01-01"):
            receipt = make_pos_invoice()
            subscription = self.subscribe(receipt)
            frappe.get_doc("POS Invoice", receipt.name).cancel()
            self.work_off()
        self.assertEqual(periods_of(subscription)[0].status, "Void")

    def test_it_shows_on_the_receipt_and_makes_one_only(self) -> None:
        with at("2026-01-01"):
            receipt = make_pos_invoice()
            subscription = self.subscribe(receipt)
            shown = frappe.db.get_value("POS Invoice", receipt.name, "sp_subscription")
            self.assertEqual(shown, subscription.name)
            with self.assert_refused("belongs to subscription"):
                self.subscribe(receipt)


class TestLinkingAnInvoice(BillingCase):
    def test_it_takes_the_place_of_the_order_and_request_of_a_waiting_period(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
            order = last_order(subscription)
            invoice = masters.make_sales_invoice(subscription.customer, date="2026-01-01")
            invoiced.link(subscription.name, "Sales Invoice", invoice.name)
            self.work_off()
        (period,) = periods_of(subscription)
        self.assertEqual((period.sales_invoice, period.sales_order), (invoice.name, None))
        self.assertEqual(frappe.db.get_value("Sales Order", order.name, "docstatus"), 2)
        with at("2026-01-15"):
            advance(subscription)
        self.assertEqual(counts(subscription), (0, 1, 1))
        request = frappe.get_doc("Payment Request", periods_of(subscription)[0].payment_request)
        self.assertEqual(request.reference_name, invoice.name)

    def test_where_none_waits_it_is_the_next_period(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-02-01")
            receipt = make_pos_invoice(subscription.customer)
            name = invoiced.link(subscription.name, "POS Invoice", receipt.name)
        (period,) = periods_of(subscription)
        self.assertEqual((period.name, str(period.start_date), period.status), (name, "2026-02-01", "Paid"))
        self.assertEqual(live(subscription, "2026-02-01", "2026-02-28"), [])

    def test_a_period_that_is_paid_or_ordered_by_the_customer_keeps_its_documents(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence={"submit_invoice": 0})
            advance(subscription)
            pay_order(subscription, 10)
            invoice = masters.make_sales_invoice(subscription.customer, date="2026-01-01")
            with self.assert_refused("paid or invoiced"):
                invoiced.link(subscription.name, "Sales Invoice", invoice.name)

    def test_an_invoice_of_somebody_else_is_refused(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            invoice = masters.make_sales_invoice(date="2026-01-01")
            with self.assert_refused("Customer of the invoice"):
                invoiced.link(subscription.name, "Sales Invoice", invoice.name)
