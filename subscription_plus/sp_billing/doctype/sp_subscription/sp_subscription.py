"""A subscription: who is billed for what, how often; its state is computed, its verbs are in api/subscriptions."""

import datetime as dt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate, now_datetime, nowdate

from subscription_plus.engine.planning import Charge, Piece
from subscription_plus.erp import customers
from subscription_plus.sp_billing import (
    composing,
    contracts,
    coupons,
    events,
    facts,
    overview,
    plans,
    revenue,
    state,
)

# What cannot change once a period was billed: documents stand on it.
FIXED = ("customer", "company", "currency", "recurrence_period", "trial_until")

# What billing and the verbs write. A form that was open meanwhile, or a REST client, sends older values back.
OWN = (
    "cancellation_date",
    "cancellation_reason",
    "credit_unused_days",
    "breaks",
    "sales_order",
    "coupon_periods_used",
    "trial_notice_sent",
    "renewal_notice_for",
    "price_notice_for",
    "error_message",
    "error_count",
    "error_at",
    "mail_error",
    "restricted",
    "unpaid",
    "parked",
    "next_credits_on",
    "request_token",
)


class SPSubscription(Document):
    """Filled from customer and plan, checked, and stamped with the state that follows from its dates."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Frappe fills `currency` with the site's default before any hook runs: what was given is seen here only.
        self.flags.given_currency = self.get("currency")

    def onload(self):
        self.set_onload("overview", overview.of(self))

    def before_validate(self):
        if not self.flags.by_verb:
            self._keep_what_billing_owns()
        self._fill_from_customer()
        if self.is_new() and self.plan:
            plans.fill(self)
        if self.is_new() and self.recurrence_period:
            self.prorate_last_invoice = frappe.get_cached_value(
                "SP Recurrence Period", self.recurrence_period, "prorate_last_invoice"
            )

    def validate(self):
        self._check_dates()
        self._check_lines()
        self._check_payment_method()
        contracts.take_terms(self)
        rows = [] if self.is_new() else facts.periods_of(self.name)
        if not self.flags.by_verb:
            self._check_fixed_fields(rows)
            self._open_edit_window()
        self._claim_coupon()
        self.total = self._total_today()
        self.update(state.compute(self, rows, now_datetime()))

    def after_insert(self):
        events.record(self.name, "Created")

    def on_update(self):
        revenue.write(self)
        before = self.get_doc_before_save()
        if before and not self.flags.by_verb:
            changed = {
                field: self.get(field)
                for field in ("plan", "end_date", "price_list", "mode_of_payment", "contact_email", "total")
                if str(before.get(field) or "") != str(self.get(field) or "")
            }
            if changed:
                events.record(
                    self.name,
                    "Changed",
                    before={field: before.get(field) for field in changed},
                    after=changed,
                )

    def on_trash(self):
        if frappe.db.exists("SP Billing Period", {"subscription": self.name}):
            frappe.throw(_("Subscription {0} has billed periods. Cancel it instead.").format(self.name))
        # A subscription that billed nothing leaves nothing behind; its history goes with it.
        frappe.db.delete("SP Subscription Event", {"subscription": self.name})
        revenue.forget(self.name)

    def _keep_what_billing_owns(self):
        """Take these fields from the database, whatever was sent; a new subscription has none of them."""
        before = self.get_doc_before_save()
        for field in OWN:
            self.set(field, before.get(field) if before else None)
        billed = {row.name: row.billed_once_in for row in before.lines} if before else {}
        for row in self.lines:
            row.billed_once_in = billed.get(row.name)

    def _fill_from_customer(self):
        if not self.customer:
            return
        given = customers.details(self.customer)
        self.customer_name = given.customer_name
        self.company = self.company or frappe.defaults.get_user_default("Company")
        if self.is_new() and not self.flags.given_currency:
            of_company = self.company and customers.company_currency(self.company)
            self.currency = self._of_plan("currency") or given.currency or of_company or self.currency
        self.mode_of_payment = self.mode_of_payment or given.mode_of_payment
        self.contact_person = self.contact_person or given.contact
        self.contact_email = self.contact_email or given.email

    def _of_plan(self, field: str):
        return self.plan and frappe.get_cached_value("SP Subscription Plan", self.plan, field)

    def _check_dates(self):
        start = getdate(self.start_date)
        if self.trial_until and getdate(self.trial_until) < start:
            frappe.throw(_("The trial ends before the subscription starts."))
        if self.end_date and getdate(self.end_date) < start:
            frappe.throw(_("It ends before it starts. Set Ends On to {0} or later.").format(self.start_date))

    def _check_lines(self):
        for row in self.lines:
            if flt(row.qty) < 0:
                frappe.throw(_("Row {0}: the quantity cannot be negative.").format(row.idx))
            if row.from_date and row.to_date and getdate(row.to_date) < getdate(row.from_date):
                frappe.throw(_("Row {0}: To is before From.").format(row.idx))
            if not 0 <= flt(row.discount_percentage) <= 100:
                frappe.throw(_("Row {0}: a discount is between 0 and 100 %.").format(row.idx))

    def _check_payment_method(self):
        if self.payment_method:
            owner = frappe.db.get_value("SP Payment Method", self.payment_method, "customer")
            if owner != self.customer:
                frappe.throw(
                    _("Payment method {0} is not one of {1}.").format(self.payment_method, self.customer)
                )

    def _check_fixed_fields(self, rows: list):
        before = self.get_doc_before_save()
        if (
            before
            and before.status in ("Cancelled", "Completed")
            and facts.date(before.end_date) != facts.date(self.end_date)
        ):
            frappe.throw(_("It has ended. Use Restart: the days in between are not billed then."))
        if not (before and rows):
            return
        for field in FIXED:
            if str(before.get(field) or "") != str(self.get(field) or ""):
                frappe.throw(
                    _(
                        "{0} cannot change any more: periods are billed with it. Use Change Plan, or cancel and make a new subscription."
                    ).format(_(self.meta.get_label(field)))
                )

    def _open_edit_window(self):
        """A person was here: nothing is requested from the customer for a while."""
        minutes = cint(frappe.get_cached_doc("SP Settings").edit_window_minutes)
        self.edit_window_until = now_datetime() + dt.timedelta(minutes=minutes) if minutes else None

    def _claim_coupon(self):
        before = self.get_doc_before_save()
        previous = before.coupon if before else None
        if self.coupon == previous:
            return
        if previous and not cint(self.coupon_periods_used):
            coupons.release(previous)
        self.coupon_periods_used = 0
        if self.coupon:
            coupons.claim(self)

    def _total_today(self):
        """The lines' sum for a whole period around today, 0 where a price is missing: saving asks for none."""
        plan = facts.facts(self)
        today = max(getdate(nowdate()), plan.first_billed_day)
        period = plan.recurrence.calendar(plan.first_billed_day)
        whole = period.period(period.index_of(today))
        try:
            bill = composing.compose(
                self,
                Piece(whole, Charge.PRORATED, whole.start),
                "",
                self.recurrence_period,
                coupons.counting(self),
            )
        except frappe.ValidationError as error:
            frappe.msgprint(str(error), title=_("No total yet"), indicator="orange")
            return 0
        return float(composing.recurring_total(self, bill))
