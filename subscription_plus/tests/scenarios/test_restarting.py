"""Restarting what has ended: never billed twice, never revived by anything else."""

import frappe

from subscription_plus.sp_billing import breaks, cancellation, changes
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    line,
    live,
    make_plan,
    make_subscription,
    pay_invoice,
    periods_of,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}
day = frappe.utils.getdate


class TestRestarting(BillingCase):
    def ended(self, **values):
        """28 in February 2026, billed whole, cancelled on the 10th."""
        with at("2026-02-01"):
            subscription = make_subscription(
                "2026-02-01", recurrence=INVOICE_ONLY, lines=[line(28)], **values
            )
            advance(subscription)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now")
            advance(subscription)
        return subscription

    def spans(self, subscription):
        return [(str(row.start_date), str(row.end_date), row.total) for row in periods_of(subscription)]

    def test_days_that_were_billed_are_not_billed_again(self) -> None:
        subscription = self.ended()
        with at("2026-02-20"):
            cancellation.restart(subscription.name, new_anchor=False)
            self.assertEqual(advance(subscription).documents, [])
        with at("2026-03-01"):
            advance(subscription)
        self.assertEqual(
            self.spans(subscription), [("2026-02-01", "2026-02-28", 28), ("2026-03-01", "2026-03-31", 28)]
        )

    def test_with_a_new_anchor_periods_are_counted_from_the_day(self) -> None:
        subscription = self.ended()
        with at("2026-05-15"):
            cancellation.restart(subscription.name)
            advance(subscription)
        self.assertEqual(self.spans(subscription)[1:], [("2026-05-15", "2026-06-14", 28)])
        subscription.reload()
        self.assertEqual(subscription.status, "Active")

    def test_credited_days_are_billed_when_they_are_used_after_all(self) -> None:
        with at("2026-02-01"):
            subscription = make_subscription("2026-02-01", recurrence=INVOICE_ONLY, lines=[line(28)])
            advance(subscription)
        with at("2026-02-10"):
            cancellation.cancel(subscription.name, "Now", credit_unused_days=True)
            advance(subscription)
        with at("2026-02-15"):
            cancellation.restart(subscription.name, new_anchor=False)
            advance(subscription)
        self.assertEqual(
            self.spans(subscription), [("2026-02-01", "2026-02-28", 28), ("2026-02-15", "2026-02-28", 14)]
        )

    def test_a_completed_contract_goes_on_until_its_new_end(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY, end_date="2026-01-31")
            advance(subscription)
        with at("2026-02-03"):
            cancellation.restart(
                subscription.name, on=day("2026-02-03"), new_anchor=True, end_date=day("2026-03-02")
            )
        with at("2026-06-01"):
            advance(subscription)
        self.assertEqual(self.spans(subscription)[1:], [("2026-02-03", "2026-03-02", 30)])

    def test_terminal_stays_terminal_when_an_old_invoice_is_paid_57761(self) -> None:
        subscription = self.ended()
        with at("2026-03-05"):
            pay_invoice(subscription)
            self.work_off()
        self.assertEqual(live(subscription, "2026-03-05", "2026-03-08"), [])
        subscription.reload()
        self.assertEqual((subscription.status, subscription.next_billing_at), ("Cancelled", None))

    def test_only_what_has_ended_restarts_and_only_after_its_last_day(self) -> None:
        with at("2026-02-01"):
            running = make_subscription("2026-02-01", recurrence=INVOICE_ONLY)
            with self.assert_refused("Only a cancelled or completed"):
                cancellation.restart(running.name)
        ended = self.ended()
        with at("2026-02-12"), self.assert_refused("after its last day"):
            cancellation.restart(ended.name, on=day("2026-02-10"))

    def test_nothing_else_changes_what_has_ended(self) -> None:
        ended = self.ended()
        plan = make_plan()
        verbs = {
            "cancel": lambda: cancellation.cancel(ended.name),
            "pause": lambda: breaks.pause(ended.name),
            "resume": lambda: breaks.resume(ended.name),
            "skip": lambda: breaks.skip(ended.name),
            "quantity": lambda: changes.change_quantity(ended.name, ended.lines[0].name, 2),
            "line": lambda: changes.add_line(ended.name, ended.lines[0].item),
            "plan": lambda: changes.change_plan(ended.name, plan.name),
        }
        with at("2026-03-10"):
            for title, verb in verbs.items():
                with self.subTest(verb=title), self.assertRaises(frappe.ValidationError):
                    verb()

    def test_an_end_before_the_day_it_restarts_is_refused(self) -> None:
        ended = self.ended()
        with at("2026-03-12"), self.assertRaises(frappe.ValidationError):
            cancellation.restart(ended.name, end_date=day("2026-03-01"))
