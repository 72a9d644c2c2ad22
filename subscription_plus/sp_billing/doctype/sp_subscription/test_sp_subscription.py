"""SP Subscription: what it takes over, what it refuses, what a save by a person may not touch."""

import frappe

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    events_of,
    line,
    make_plan,
    make_recurrence,
    make_subscription,
)
from subscription_plus.tests.support.case import OTHER_RECORDS
from subscription_plus.tests.support.terms import make_customer_in

test_ignore = OTHER_RECORDS

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


class TestTakenOver(BillingCase):
    def test_from_the_customer_name_address_and_mode_of_payment(self) -> None:
        customer = masters.make_customer(sp_mode_of_payment="Wire Transfer")
        contact = frappe.get_doc(
            {
                "doctype": "Contact",
                "first_name": "Payer",
                "email_ids": [{"email_id": "payer@example.com", "is_primary": 1}],
                "links": [{"link_doctype": "Customer", "link_name": customer.name}],
            }
        ).insert()
        subscription = make_subscription("2026-01-01", customer=customer.name)
        self.assertEqual(
            (subscription.customer_name, subscription.mode_of_payment),
            (customer.customer_name, "Wire Transfer"),
        )
        self.assertEqual(
            (subscription.contact_person, subscription.contact_email), (contact.name, "payer@example.com")
        )

    def test_the_customers_currency_before_the_companys(self) -> None:
        self.assertEqual(
            make_subscription("2026-01-01", customer=make_customer_in("USD"), currency=None).currency, "USD"
        )
        self.assertEqual(make_subscription("2026-01-01", currency=None).currency, "EUR")

    def test_from_a_plan_lines_recurrence_trial_and_commitment(self) -> None:
        taxes = masters.make_tax_template(20).name
        plan = make_plan(
            lines=[line(25, qty=2), line(9, once=1)], trial_days=10, minimum_term=12, taxes_and_charges=taxes
        )
        with at("2026-01-05"):
            subscription = make_subscription("2026-01-05", plan=plan.name)
        self.assertEqual(
            [(row.qty, row.fixed_rate, row.once) for row in subscription.lines], [(2, 25, 0), (1, 9, 1)]
        )
        self.assertEqual(
            (subscription.recurrence_period, subscription.taxes_and_charges), (plan.recurrence_period, taxes)
        )
        self.assertEqual(str(subscription.trial_until), "2026-01-14")
        self.assertEqual(str(subscription.commitment_until), "2027-01-14")

    def test_what_a_person_enters_stays_beside_the_plan(self) -> None:
        plan = make_plan(lines=[line(25)])
        subscription = make_subscription("2026-01-05", plan=plan.name, lines=[line(40)])
        self.assertEqual([row.fixed_rate for row in subscription.lines], [40])

    def test_a_disabled_plan_is_refused(self) -> None:
        with self.assert_refused("is disabled"):
            make_subscription("2026-01-05", plan=make_plan(disabled=1).name)


class TestRefused(BillingCase):
    def refused(self, words: str, **values) -> None:
        with self.subTest(words=words), at("2026-01-01"), self.assert_refused(words):
            make_subscription("2026-01-01", **values)

    def test_lines_that_make_no_sense(self) -> None:
        self.refused("Row 1: the quantity cannot be negative", lines=[line(5, qty=-1)])
        self.refused("To is before From", lines=[line(5, from_date="2026-03-01", to_date="2026-02-01")])
        self.refused("between 0 and 100", lines=[line(5, discount_percentage=101)])

    def test_dates_that_make_no_sense(self) -> None:
        self.refused("trial ends before", trial_until="2025-12-31")
        self.refused("ends before it starts", end_date="2025-12-31")

    def test_without_lines_or_customer(self) -> None:
        with self.assertRaises(frappe.MandatoryError):
            make_subscription("2026-01-01", lines=[])
        with self.assertRaises(frappe.DoesNotExistError):
            make_subscription("2026-01-01", customer="Nobody at all")


class TestState(BillingCase):
    def test_a_new_one_says_where_it_stands(self) -> None:
        with at("2026-01-15"):
            future = make_subscription("2026-02-01")
            trial = make_subscription("2026-01-10", trial_until="2026-01-20")
            running = make_subscription("2026-01-10")
        self.assertEqual([row.status for row in (future, trial, running)], ["Scheduled", "Trial", "Active"])
        self.assertEqual(running.billing_status, "To Order")
        self.assertEqual(
            (str(running.current_period_start), str(running.current_period_end)), ("2026-01-10", "2026-02-09")
        )
        self.assertEqual(str(future.next_billing_at), "2026-02-01 00:00:00")

    def test_the_total_is_that_of_a_whole_period(self) -> None:
        with at("2026-01-15"):
            subscription = make_subscription(
                "2026-01-15", recurrence={"billing_day": 1}, lines=[line(31, qty=2, discount_percentage=50)]
            )
        self.assertEqual(subscription.total, 31)

    def test_without_a_price_it_can_be_saved_and_has_no_total_yet(self) -> None:
        self.assertEqual(make_subscription("2026-01-15", lines=[line(None)]).total, 0)

    def test_its_history_begins_with_its_creation(self) -> None:
        (event,) = events_of(make_subscription("2026-01-15"))
        self.assertEqual((event.event_type, event.user), ("Created", "Administrator"))


class TestSavedByAPerson(BillingCase):
    def billed(self):
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=INVOICE_ONLY)
            advance(subscription)
        subscription.reload()
        return subscription

    def test_what_periods_were_billed_with_is_fixed(self) -> None:
        other = {
            "customer": masters.make_customer().name,
            "recurrence_period": make_recurrence(),
            "currency": "USD",
            "trial_until": "2026-03-01",
        }
        for field, value in other.items():
            subscription = self.billed()
            subscription.set(field, value)
            with self.subTest(field=field), self.assert_refused("cannot change any more"):
                subscription.save()

    def test_an_open_form_takes_nothing_back_that_billing_wrote(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", lines=[line(30), line(99, once=1)])
            form = frappe.get_doc("SP Subscription", subscription.name)
            advance(subscription)
            form.contact_email = "new@example.com"
            form.save()
        subscription.reload()
        self.assertTrue(subscription.lines[1].billed_once_in)
        self.assertEqual(subscription.billing_status, "Awaiting Payment")

    def test_a_copy_is_a_new_subscription(self) -> None:
        copy = frappe.copy_doc(self.billed())
        copy.start_date = "2026-03-01"
        with at("2026-02-01"):
            copy.insert()
        self.assertEqual(
            (copy.status, copy.next_billing_date), ("Scheduled", frappe.utils.getdate("2026-03-01"))
        )

    def test_changes_are_in_the_history(self) -> None:
        subscription = self.billed()
        subscription.end_date = "2026-12-31"
        subscription.save()
        (event,) = events_of(subscription, "Changed")
        self.assertIn("2026-12-31", event.after)

    def test_one_that_billed_cannot_be_deleted_one_that_did_not_can(self) -> None:
        with self.assert_refused("Cancel it instead"):
            self.billed().delete()
        unbilled = make_subscription("2026-01-01")
        unbilled.delete()
        self.assertEqual(events_of(unbilled), [])
