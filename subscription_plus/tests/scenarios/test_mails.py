"""E-mails to customers: one for each request, notices once; a mail that fails is told and stops nothing."""

import frappe

from subscription_plus.sp_billing import cancellation
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    counts,
    events_of,
    line,
    live,
    mails_about,
    make_subscription,
    pay_order,
    periods_of,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


def make_template(text: str) -> str:
    values = {"name": masters.unique("SP Template"), "subject": "{{ customer_name }}", "use_html": 1}
    return frappe.get_doc({"doctype": "Email Template", **values, "response_html": text}).insert().name


class MailCase(BillingCase):
    def mailing(self, start: str = "2026-01-01", **values):
        """A subscription whose customer gets mails."""
        return make_subscription(start, **{"send_emails": 1, "contact_email": "payer@example.com", **values})

    def mail_error(self, subscription) -> str | None:
        return frappe.db.get_value("SP Subscription", subscription.name, "mail_error")


class TestPaymentRequest(MailCase):
    def test_one_mail_for_each_request_however_often_it_runs(self) -> None:
        with at("2026-01-01"):
            subscription = self.mailing()
        live(subscription, "2026-01-01", "2026-01-04")
        (mail,) = mails_about("Payment Request", periods_of(subscription)[0].payment_request)
        self.assertIn("30", mail)
        self.assertEqual(self.mail_error(subscription), None)

    def test_no_mail_where_mails_are_off(self) -> None:
        with at("2026-01-01"):
            off_here = self.mailing(send_emails=0)
            advance(off_here)
            self.set_settings(send_payment_requests=0)
            off_everywhere = self.mailing()
            advance(off_everywhere)
        for subscription in (off_here, off_everywhere):
            self.assertEqual(mails_about("Payment Request", periods_of(subscription)[0].payment_request), [])

    def test_without_an_address_billing_goes_on_and_says_so(self) -> None:
        with at("2026-01-01"):
            subscription = self.mailing(contact_email=None)
            advance(subscription)
        self.assertEqual(counts(subscription), (1, 1, 0))
        self.assertIn("no e-mail address", self.mail_error(subscription))

    def test_a_broken_template_stops_the_mail_says_so_and_does_not_stop_billing(self) -> None:
        broken = make_template("{{ doc.nothing.at_all }}")
        with at("2026-01-01"):
            subscription = self.mailing(payment_request_template=broken)
            advance(subscription)
            self.assertEqual(counts(subscription), (1, 1, 0))
            self.assertIn(broken, self.mail_error(subscription))
            self.assertEqual(len(events_of(subscription, "Email Failed")), 1)
            pay_order(subscription)
            advance(subscription)
        self.assert_paid_in_full(subscription)

    def test_the_next_mail_that_goes_out_clears_the_error(self) -> None:
        broken = make_template("{{ doc.nothing.at_all }}")
        with at("2026-01-01"):
            subscription = self.mailing(payment_request_template=broken)
            advance(subscription)
            frappe.db.set_value("SP Subscription", subscription.name, "payment_request_template", None)
        with at("2026-02-01"):
            advance(subscription)
        self.assertIsNone(self.mail_error(subscription))

    def test_a_template_of_the_subscription_comes_before_the_settings(self) -> None:
        own = make_template("Dear {{ customer_name }}, {{ amount }} for {{ reference.name }}, please.")
        with at("2026-01-01"):
            subscription = self.mailing(payment_request_template=own)
            advance(subscription)
        (mail,) = mails_about("Payment Request", periods_of(subscription)[0].payment_request)
        self.assertIn(f"for {periods_of(subscription)[0].sales_order}, please.", mail)


class TestOtherMails(MailCase):
    def test_the_invoice_is_sent_where_that_is_wanted(self) -> None:
        with at("2026-01-01"):
            silent = self.mailing(recurrence=INVOICE_ONLY)
            advance(silent)
            self.set_settings(send_invoices=1)
            sent = self.mailing(recurrence=INVOICE_ONLY)
            advance(sent)
        self.assertEqual(mails_about("Sales Invoice", periods_of(silent)[0].sales_invoice), [])
        self.assertEqual(len(mails_about("Sales Invoice", periods_of(sent)[0].sales_invoice)), 1)

    def test_a_trial_that_ends_is_announced_once(self) -> None:
        with at("2026-01-01"):
            subscription = self.mailing(trial_until="2026-01-14", recurrence=INVOICE_ONLY)
        live(subscription, "2026-01-01", "2026-01-16")
        (event,) = events_of(subscription, "Trial Notice Sent")
        self.assertEqual(str(event["at"])[:10], "2026-01-11")
        self.assertEqual(len(mails_about("SP Subscription", subscription.name)), 1)

    def test_a_renewal_is_announced_once_and_not_for_the_first_period(self) -> None:
        self.set_settings(renewal_notice_days=7)
        with at("2025-12-20"):
            subscription = self.mailing(recurrence=INVOICE_ONLY)
        live(subscription, "2025-12-20", "2026-02-03")
        (event,) = events_of(subscription, "Renewal Notice Sent")
        self.assertEqual(str(event["at"])[:10], "2026-01-25")

    def test_no_price_that_stays_is_announced(self) -> None:
        with at("2025-12-01"):
            subscription = self.mailing("2025-12-01", recurrence=INVOICE_ONLY)
        live(subscription, "2025-12-01", "2026-01-02")
        self.assertEqual(events_of(subscription, "Price Notice Sent"), [])

    def test_a_cancellation_is_confirmed(self) -> None:
        with at("2026-01-01"):
            subscription = self.mailing()
            cancellation.cancel(subscription.name)
        (mail,) = mails_about("SP Subscription", subscription.name)
        self.assertIn("last day", mail)


class TestPricesThatChange(MailCase):
    """Two weeks before the first period that is billed with a new price, unless the settings say otherwise."""

    def by_list(self, start: str = "2025-12-01", **values):
        """A subscription priced by the price list: 30 in all."""
        self.item = masters.make_item(uoms=[{"uom": "Hour", "conversion_factor": 1}]).name
        self.price = masters.make_item_price(self.item, 10)
        with at(start):
            lines = [line(None, item=self.item, qty=3)]
            return self.mailing(start, **{"lines": lines, "recurrence": INVOICE_ONLY, **values})

    def notices(self, subscription) -> list[str]:
        return [str(event["at"])[:10] for event in events_of(subscription, "Price Notice Sent")]

    def test_a_price_of_the_list_that_begins_later_is_announced_once_with_both_prices(self) -> None:
        subscription = self.by_list()
        masters.make_item_price(self.item, 12.5, valid_from="2026-01-10")
        live(subscription, "2025-12-01", "2026-02-03")
        self.assertEqual(self.notices(subscription), ["2026-01-18"])
        (mail,) = mails_about("SP Subscription", subscription.name)
        for words in ("12.50", "10.00"):
            self.assertIn(words, mail)

    def test_a_price_that_is_written_over_is_announced_too(self) -> None:
        subscription = self.by_list()
        live(subscription, "2025-12-01", "2025-12-05")
        with at("2025-12-05"):
            frappe.get_doc("Item Price", self.price.name).update({"price_list_rate": 11}).save()
        live(subscription, "2025-12-05", "2026-02-03")
        self.assertEqual(self.notices(subscription), ["2025-12-18"])

    def test_a_price_that_changes_inside_the_fortnight_is_announced_at_the_next_run(self) -> None:
        subscription = self.by_list()
        live(subscription, "2025-12-01", "2025-12-27")
        with at("2025-12-27"):
            frappe.get_doc("Item Price", self.price.name).update({"price_list_rate": 11}).save()
            self.work_off()
            frappe.get_doc("Item Price", self.price.name).update({"price_list_rate": 12}).save()
            self.work_off()
        live(subscription, "2025-12-28", "2026-01-03")
        self.assertEqual(self.notices(subscription), ["2025-12-28"])
        (mail,) = mails_about("SP Subscription", subscription.name)
        self.assertIn("12.00", mail)

    def test_a_price_that_changes_after_it_was_announced_is_announced_again(self) -> None:
        subscription = self.by_list()
        masters.make_item_price(self.item, 11, valid_from="2026-01-01")
        live(subscription, "2025-12-01", "2025-12-20")
        with at("2025-12-20"):
            masters.make_item_price(self.item, 13, valid_from="2026-01-01", uom="Hour")
            frappe.db.set_value("SP Subscription Line", {"parent": subscription.name}, "uom", "Hour")
            self.work_off()
        live(subscription, "2025-12-21", "2026-01-03")
        self.assertEqual(self.notices(subscription), ["2025-12-18", "2025-12-21"])

    def test_a_fixed_rate_that_a_person_changes_is_announced(self) -> None:
        with at("2025-12-01"):
            subscription = self.mailing("2025-12-01", recurrence=INVOICE_ONLY)
            advance(subscription)
        with at("2025-12-10"):
            doc = frappe.get_doc("SP Subscription", subscription.name)
            doc.lines[0].fixed_rate = 33
            doc.save()
        live(subscription, "2025-12-10", "2026-01-03")
        self.assertEqual(self.notices(subscription), ["2025-12-18"])

    def test_more_of_it_or_a_part_of_a_period_is_no_new_price(self) -> None:
        subscription = self.by_list()
        live(subscription, "2025-12-01", "2025-12-10")
        with at("2025-12-10"):
            doc = frappe.get_doc("SP Subscription", subscription.name)
            doc.lines[0].qty = 5
            doc.end_date = "2026-01-15"
            doc.save()
        live(subscription, "2025-12-10", "2026-01-20")
        self.assertEqual(self.notices(subscription), [])

    def test_where_the_settings_want_no_notice_none_is_sent(self) -> None:
        self.set_settings(price_notice_days=0)
        subscription = self.by_list()
        masters.make_item_price(self.item, 12.5, valid_from="2026-01-01")
        live(subscription, "2025-12-01", "2026-01-03")
        self.assertEqual(self.notices(subscription), [])
        self.assertEqual(periods_of(subscription)[-1].total, 37.5)

    def test_in_arrears_it_is_told_as_soon_as_the_period_is_the_next_to_be_billed(self) -> None:
        subscription = self.by_list(recurrence={**INVOICE_ONLY, "bill_at": "End of Period"})
        masters.make_item_price(self.item, 12.5, valid_from="2026-01-01")
        live(subscription, "2025-12-01", "2026-02-03")
        self.assertEqual(self.notices(subscription), ["2026-01-01"])
