"""Credits that come with a subscription: granted by its rules on their days, once each, and free bookings.

What was paid for is read from the billing periods: rules grant on paid days only, unless they say otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate

from subscription_plus.engine import allowances
from subscription_plus.engine.allowances import Repeat, Rule, Span
from subscription_plus.sp_billing import facts
from subscription_plus.sp_billing.transactions import billing_session, lock_subscription, unit_of_work

from . import granting

PAID = ("Paid", "Nothing to Bill")


def collect(subscription: str) -> None:
    """The hook after a subscription was brought up to date: what was just paid grants at once."""
    if frappe.db.exists("SP Credit Rule", {"parent": subscription, "parenttype": "SP Subscription"}):
        with billing_session():
            unit_of_work(lambda: bring_up_to_date(subscription))


def run_due() -> int:
    """The hourly look at subscriptions whose next credits are due; one that fails stops no other. How many
    grants were made."""
    today, made = getdate(nowdate()), 0
    with billing_session():
        for name in frappe.get_all(
            "SP Subscription",
            # Frappe's comparisons take an empty day for one long past.
            filters=[["next_credits_on", "is", "set"], ["next_credits_on", "<=", today]],
            pluck="name",
        ):
            try:
                made += len(unit_of_work(lambda name=name: bring_up_to_date(name)))
            except Exception:
                frappe.log_error(
                    title=_("Credits of {0}").format(name),
                    reference_doctype="SP Subscription",
                    reference_name=name,
                )
                frappe.db.commit()
    return made


def bring_up_to_date(name: str) -> list[str]:
    """Grant all that is due and was not granted; the grants' names. Inside a unit of work."""
    lock_subscription(name)
    doc = frappe.get_doc("SP Subscription", name)
    today, rows = getdate(nowdate()), facts.periods_of(name)
    granted = set(frappe.get_all("SP Booking Credit", filters={"subscription": name}, pluck="name"))
    made = []
    # Dunning closes what a subscription gives; what was missed is granted once it is open again.
    for row, rule in () if doc.restricted else _rules(doc):
        paid = [(period.start_date, period.end_date) for period in rows]
        for occurrence in allowances.due(rule, today, _days(doc, rows, row), paid):
            key = f"{name}-{row.name}-{occurrence.key}"
            if key in granted:
                continue
            last = occurrence.valid_until or granting.last_day(row.credit_type, occurrence.day)
            made.append(
                granting.grant(
                    doc.customer,
                    row.credit_type,
                    rule.quantity,
                    name=key,
                    origin="Subscription",
                    subscription=name,
                    credit_rule=row.name,
                    occurrence=occurrence.key,
                    valid_from=occurrence.day,
                    valid_until=last,
                )
            )
    following = next_day(doc, today)
    if facts.date(doc.next_credits_on) != following:
        doc.db_set("next_credits_on", following, update_modified=False)
    return [grant for grant in made if grant]


def next_day(doc: Document, today: dt.date) -> dt.date | None:
    """When the rules may grant next; payments are heard of by themselves."""
    last = facts.facts(doc).end
    days = [day for _row, rule in _rules(doc) if (day := allowances.next_day(rule, today))]
    return min((day for day in days if last is None or day <= last), default=None)


def check(doc: Document, method: str | None = None) -> None:
    """A subscription is saved: its rules are in order, and it says when they may grant next."""
    _begin_today(doc)
    doc.next_credits_on = next_day(doc, getdate(nowdate()))


def _begin_today(doc: Document) -> None:
    """A rule that is added to a running subscription begins today: it grants nothing for the past."""
    before = doc.get_doc_before_save()
    known = {row.name for row in before.credit_rules} if before else set()
    for row in doc.credit_rules:
        if before and row.name not in known and not row.from_date:
            row.from_date = nowdate()
        if not row.unlimited and cint(row.quantity) < 1:
            frappe.throw(_("Credit rule {0}: say how many credits come: 1 or more.").format(row.idx))


def membership(customer: str, item: str, first: dt.date, last: dt.date) -> str | None:
    """The subscription by which a customer books an item freely: paid for today, not restricted for what is owed,
    and still running on the days of the booking."""
    rule = frappe.qb.DocType("SP Credit Rule")
    subscription = frappe.qb.DocType("SP Subscription")
    conversion = frappe.qb.DocType("SP Booking Credit Conversion")
    found = (
        frappe.qb.from_(rule)
        .inner_join(subscription)
        .on((subscription.name == rule.parent) & (rule.parenttype == "SP Subscription"))
        .inner_join(conversion)
        .on(conversion.parent == rule.credit_type)
        .select(subscription.name, rule.name)
        .where((subscription.customer == customer) & (rule.unlimited == 1) & (conversion.item == item))
        .where(subscription.restricted == 0)
        .orderby(subscription.name)
        .distinct()
        .run()
    )
    today = getdate(nowdate())
    for name, row_name in found:
        doc, rows = frappe.get_doc("SP Subscription", name), facts.periods_of(name)
        row = next(row for row in doc.credit_rules if row.name == row_name)
        counts = [(facts.date(row.from_date) or dt.date.min, facts.date(row.to_date))]
        if allowances.covered(today, _days(doc, rows, row)) and all(
            allowances.covered(day, spans) for day in (first, last) for spans in (_alive(doc, rows), counts)
        ):
            return name
    return None


def _rules(doc: Document) -> Iterator[tuple[Document, Rule]]:
    first_billed = facts.facts(doc).first_billed_day
    for row in doc.credit_rules:
        if row.unlimited:
            continue
        begins = getdate(doc.start_date) if row.before_payment else first_billed
        given = facts.date(row.from_date)
        yield (
            row,
            Rule(
                cint(row.quantity),
                Repeat(row.frequency),
                max(begins, given) if given else begins,
                facts.date(row.to_date),
                cint(row.validity_days),
                bool(row.roll_over),
            ),
        )


def _days(doc: Document, rows: list[frappe._dict], row: Document) -> list[Span]:
    """The days on which a rule may grant: those the subscription runs, and unless it says otherwise is paid for."""
    if row.before_payment:
        return _alive(doc, rows)
    paid: list[Span] = list(facts.covered(period for period in rows if period.status in PAID))
    return allowances.without(paid, _gaps(doc, rows))


def _alive(doc: Document, rows: list[frappe._dict]) -> list[Span]:
    plan = facts.facts(doc, rows)
    return allowances.without([(plan.start, plan.end)], _gaps(doc, rows))


def _gaps(doc: Document, rows: list[frappe._dict]) -> list[Span]:
    plan = facts.facts(doc, rows)
    gaps: list[Span] = [
        (gap.start, gap.end) for gap in plan.breaks if gap.end is None or gap.start <= gap.end
    ]
    return [*gaps, (plan.end + dt.timedelta(days=1), None)] if plan.end else gaps
