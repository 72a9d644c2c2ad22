"""The preview is what is then billed: the same periods, days and totals."""

import frappe

from subscription_plus.api import desk
from subscription_plus.api import subscriptions as api
from subscription_plus.sp_billing import breaks, changes
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    line,
    make_coupon,
    make_plan,
    make_recurrence,
    make_subscription,
    periods_of,
    today,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class TestPreview(BillingCase):
    def assert_billed_as_shown(self, subscription, until: str, already: int = 0) -> None:
        shown = [
            (row["start"], row["end"], row["billing_date"], row["total"])
            for row in api.preview_periods(subscription.name, 24)
            if str(row["billing_date"]) <= until
        ]
        with at(until):
            advance(subscription)
        billed = [
            (row.start_date, row.end_date, row.billing_date, row.total) for row in periods_of(subscription)
        ]
        self.assertEqual(billed[already:], shown)

    def test_with_stub_fee_discount_coupon_and_dated_lines(self) -> None:
        with at("2026-01-15"):
            subscription = make_subscription(
                "2026-01-15",
                recurrence={**INVOICE_ONLY, "billing_day": 1},
                lines=[
                    line(31, qty=2),
                    line(99, once=1),
                    line(10, discount_percentage=25, from_date="2026-02-10", to_date="2026-04-09"),
                ],
                coupon=make_coupon(percentage=10, duration="For Some Periods", periods=2),
            )
            self.assert_billed_as_shown(subscription, "2026-05-01")

    def test_across_pauses_and_skipped_periods_1920_5522(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY)
            advance(subscription)
        with at("2026-01-10"):
            breaks.skip(subscription.name)
            breaks.pause(subscription.name, today().replace(month=4, day=5), today().replace(month=5, day=20))
            self.assert_billed_as_shown(subscription, "2026-07-01", already=1)

    def test_in_arrears_until_the_end(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                end_date="2026-03-15",
                recurrence={**INVOICE_ONLY, "bill_at": "End of Period"},
            )
            self.assertEqual(len(api.preview_periods(subscription.name, 12)), 3)
            self.assert_billed_as_shown(subscription, "2026-06-01")

    def test_after_a_change_of_quantity_and_of_price(self) -> None:
        item = masters.make_item().name
        masters.make_item_price(item, 20, valid_upto="2026-02-28")
        masters.make_item_price(item, 22, valid_from="2026-03-01")
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", recurrence=INVOICE_ONLY, lines=[line(None, item=item)]
            )
            advance(subscription)
            changes.change_quantity(subscription.name, subscription.lines[0].name, 3)
            self.assert_billed_as_shown(subscription, "2026-03-01", already=1)

    def test_it_names_the_documents_and_writes_nothing(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(30), line(9, once=1)])
            shown = api.preview_periods(subscription.name, 2)
        self.assertEqual(shown[0]["documents"], ["Sales Order", "Payment Request", "Sales Invoice"])
        self.assertEqual([len(row["lines"]) for row in shown], [2, 1])
        self.assertEqual((counts(subscription), periods_of(subscription)), ((0, 0, 0), []))
        subscription.reload()
        self.assertIsNone(subscription.lines[1].billed_once_in)

    def test_it_shows_at_least_one_and_at_most_sixty(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            self.assertEqual(len(api.preview_periods(subscription.name, 0)), 1)
            self.assertEqual(len(api.preview_periods(subscription.name, 1000)), 60)


class TestAsOneTypes(BillingCase):
    """The form asks what the unsaved document will bill: the same planner, nothing written."""

    def ask(self, **values):
        doc = {"doctype": "SP Subscription", "name": "new-sp-subscription-1", "__islocal": 1, **values}
        return desk.preview_draft(frappe.as_json(doc), 3)

    def draft(self, **values):
        return self.ask(
            customer=masters.make_customer().name,
            company=masters.COMPANY,
            currency=masters.CURRENCY,
            start_date="2026-01-31",
            **values,
        )

    def test_a_draft_with_a_plan_is_filled_and_planned(self) -> None:
        with at("2026-01-31"):
            before = frappe.db.count("SP Subscription")
            answer = self.draft(plan=make_plan().name)
        self.assertIsNone(answer["problem"])
        self.assertEqual(
            [(str(row["start"]), str(row["end"]), row["total"]) for row in answer["periods"]],
            [
                ("2026-01-31", "2026-02-27", 30),
                ("2026-02-28", "2026-03-30", 30),
                ("2026-03-31", "2026-04-29", 30),
            ],
        )
        self.assertEqual(frappe.db.count("SP Subscription"), before)

    def test_what_is_missing_is_said_in_words_and_no_error(self) -> None:
        with at("2026-01-31"):
            self.assertIn("Customer", self.ask()["problem"])
            self.assertIn("plan or a recurrence", self.draft()["problem"])
            self.assertIn("line", self.draft(recurrence_period=make_recurrence())["problem"])
            item = masters.make_item().name
            answer = self.draft(
                recurrence_period=make_recurrence(),
                price_list=masters.PRICE_LIST,
                lines=[{"doctype": "SP Subscription Line", "item": item, "qty": 1, "name": "new-1"}],
            )
            self.assertIn(item, answer["problem"])

    def test_changes_of_a_stored_one_show_before_they_are_saved(self) -> None:
        with at("2026-01-31"):
            doc = make_subscription("2026-02-01").as_dict()
            doc.lines[0].qty = 4
            answer = desk.preview_draft(frappe.as_json(doc), 1)
        self.assertEqual(answer["periods"][0]["total"], 120)

    def test_it_needs_the_right_to_make_one_or_to_read_the_stored_one(self) -> None:
        with at("2026-01-31"):
            doc = make_subscription("2026-02-01").as_dict()
            frappe.set_user(self.user("Auditor"))
            for asked in (doc, {**doc, "__islocal": 1}):
                with self.assertRaises(frappe.PermissionError):
                    desk.preview_draft(frappe.as_json(asked), 1)
