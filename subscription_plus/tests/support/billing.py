"""Builders and a moved clock for stories about billing: make a subscription, let days pass, see its documents.

The pipeline commits, so what a test makes stays on the site; BillingCase keeps it out of later tests' runs.
"""

import datetime as dt
import email
import email.policy
import inspect
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import frappe
import time_machine
from frappe.model.document import Document
from frappe.utils import background_jobs, getdate, now_datetime, nowdate
from frappe.utils.data import get_system_timezone

from subscription_plus.sp_billing import pipeline
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.case import ERPNextCase

KINDS = ("Sales Order", "Payment Request", "Sales Invoice")
Day = dt.date | str


@contextmanager
def at(day: Day, time: str = "09:00") -> Iterator[None]:
    """Let it be this day and hour in the site's time zone; the clock goes on ticking."""
    local = dt.datetime.combine(getdate(day), dt.time.fromisoformat(time))
    moment = local.replace(tzinfo=zoneinfo.ZoneInfo(get_system_timezone()))
    # In UTC: a zone of its own would move the process' time zone too.
    with time_machine.travel(moment.astimezone(dt.timezone.utc), tick=True):
        _forget_today()
        try:
            yield
        finally:
            _forget_today()


def _forget_today() -> None:
    """Frappe keeps new documents' defaults, Today among them, for as long as a request lasts."""
    frappe.local.new_doc_templates = {}


def make_recurrence(**values: Any) -> str:
    """A monthly recurrence period billed at its start in the default flow, unless told; its name."""
    defaults = {"title": masters.unique("SP Recurrence"), "unit": "Month", "interval_count": 1}
    return frappe.get_doc({"doctype": "SP Recurrence Period", **defaults, **values}).insert().name


def make_plan(**values: Any) -> Document:
    """A monthly plan with one line at a fixed rate of 30."""
    defaults = {
        "plan_name": masters.unique("SP Plan"),
        "company": masters.COMPANY,
        "currency": masters.CURRENCY,
        "recurrence_period": values.get("recurrence_period") or make_recurrence(),
        "lines": [line(30)],
    }
    return frappe.get_doc({"doctype": "SP Subscription Plan", **defaults, **values}).insert()


def make_coupon(**values: Any) -> str:
    """A coupon of 10 % off one period, unless told; its code."""
    defaults = {"coupon_code": masters.unique("SP"), "discount_type": "Percentage", "duration": "Once"}
    defaults["company"] = masters.COMPANY
    if values.get("discount_type") != "Amount":
        defaults["percentage"] = 10
    return frappe.get_doc({"doctype": "SP Coupon", **defaults, **values}).insert().name


def line(rate: float | None = 30, qty: float = 1, **values: Any) -> dict[str, Any]:
    """A line at a fixed rate; with `rate` None at the price list's."""
    fixed = {} if rate is None else {"price_determination": "Fixed Rate", "fixed_rate": rate}
    return {"item": values.pop("item", None) or masters.make_item().name, "qty": qty, **fixed, **values}


def make_subscription(
    start: Day, *, recurrence: dict[str, Any] | str | None = None, **values: Any
) -> Document:
    """A subscription from `start` on: monthly, one line at a fixed rate of 30, without e-mails, unless told.

    `recurrence`: what differs from the usual monthly one, or the name of one that is there.
    """
    defaults: dict[str, Any] = {
        "company": masters.COMPANY,
        "currency": masters.CURRENCY,
        "price_list": masters.PRICE_LIST,
        "send_emails": 0,
        "start_date": getdate(start),
    }
    if not values.get("plan"):
        defaults["recurrence_period"] = (
            recurrence if isinstance(recurrence, str) else make_recurrence(**(recurrence or {}))
        )
        defaults["lines"] = [line(30)]
    values.setdefault("customer", None)
    values["customer"] = values["customer"] or masters.make_customer().name
    return frappe.get_doc({"doctype": "SP Subscription", **defaults, **values}).insert()


def advance(subscription: Document | str, **arguments: Any) -> pipeline.Outcome:
    """Bring it up to date now; an error fails the test."""
    outcome = try_to_advance(subscription, **arguments)
    if outcome.error:
        raise AssertionError(outcome.error)
    return outcome


def try_to_advance(subscription: Document | str, **arguments: Any) -> pipeline.Outcome:
    """Bring it up to date now; errors are in the outcome."""
    return pipeline.advance(_name(subscription), **arguments)


def advance_if_due(subscription: Document | str) -> pipeline.Outcome:
    """What the hourly run would do with it: nothing before `next_billing_at`."""
    look = frappe.db.get_value("SP Subscription", _name(subscription), "next_billing_at")
    return advance(subscription) if look and look <= now_datetime() else pipeline.Outcome()


def live(subscription: Document | str, first: Day, last: Day) -> list[tuple[str, str]]:
    """Let the days pass with several runs on each; the documents as (day, DocType) in the order they were made."""
    made = []
    day = getdate(first)
    while day <= getdate(last):
        for time in ("00:10", "09:00", "09:00", "23:10"):
            with at(day, time):
                made += [(str(day), doctype) for doctype, _name in advance_if_due(subscription).documents]
        day += dt.timedelta(days=1)
    return made


def periods_of(subscription: Document | str) -> list[frappe._dict]:
    """The period rows, oldest first."""
    return frappe.get_all(
        "SP Billing Period",
        filters={"subscription": _name(subscription)},
        fields=["*"],
        order_by="start_date",
    )


def documents_of(subscription: Document | str, doctype: str) -> list[Document]:
    """The subscription's documents of a kind that are not cancelled, oldest first, as ERPNext has them."""
    names = frappe.get_all(
        doctype,
        filters={"sp_subscription": _name(subscription), "docstatus": ("<", 2)},
        order_by="creation, name",
        pluck="name",
    )
    return [frappe.get_doc(doctype, name) for name in names]


def counts(subscription: Document | str) -> tuple[int, int, int]:
    """How many orders, payment requests and invoices it has, cancelled ones left out."""
    filters = {"sp_subscription": _name(subscription), "docstatus": ("<", 2)}
    return tuple(frappe.db.count(kind, filters) for kind in KINDS)


def invoices_of(subscription: Document | str) -> list[Document]:
    """Its invoices and credit notes."""
    return documents_of(subscription, "Sales Invoice")


def last_order(subscription: Document | str) -> Document:
    """The newest order of it."""
    return documents_of(subscription, "Sales Order")[-1]


def last_invoice(subscription: Document | str) -> Document:
    """The newest invoice of it."""
    return invoices_of(subscription)[-1]


def pay_order(subscription: Document | str, amount: float | None = None, **values: Any) -> Document:
    """A person books money for the newest order; all of it unless told."""
    return masters.pay(last_order(subscription), amount, **values)


def pay_invoice(subscription: Document | str, amount: float | None = None, **values: Any) -> Document:
    """A person books money for the newest invoice; all of it unless told."""
    return masters.pay(last_invoice(subscription), amount, **values)


def events_of(subscription: Document | str, event_type: str | None = None) -> list[frappe._dict]:
    """The history, oldest first."""
    filters = {"subscription": _name(subscription), **({"event_type": event_type} if event_type else {})}
    return frappe.get_all("SP Subscription Event", filters=filters, fields=["*"], order_by="creation, at")


def mails_about(doctype: str, name: str) -> list[str]:
    """The texts of the mails about a document, waiting in the outbox or sent."""
    filters = {"reference_doctype": doctype, "reference_name": name}
    return [_text(message) for message in frappe.get_all("Email Queue", filters, pluck="message")]


def _text(message: str) -> str:
    parts = email.message_from_string(message, policy=email.policy.default).walk()
    return "\n".join(part.get_content() for part in parts if part.get_content_type() == "text/html")


def _name(record: Document | str) -> str:
    return record if isinstance(record, str) else record.name


class BillingCase(ERPNextCase):
    """Stories about billing: no edit window, jobs kept until `work_off`, the site's settings as they were."""

    def setUp(self) -> None:
        super().setUp()
        frappe.set_user("Administrator")
        self._settings: dict[str, Any] = {}
        self.set_settings(edit_window_minutes=0)
        self.jobs: list[dict[str, Any]] = []
        self._enqueue = frappe.enqueue
        patch = mock.patch.object(frappe, "enqueue", self._keep_job)
        patch.start()
        self.addCleanup(patch.stop)

    def tearDown(self) -> None:
        frappe.set_user("Administrator")
        frappe.db.rollback()
        self.set_settings(**dict(self._settings))
        ours = {"company": masters.COMPANY}
        frappe.db.set_value("SP Subscription", ours, "next_billing_at", None, update_modified=False)
        frappe.db.commit()
        super().tearDown()

    def set_settings(self, **values: Any) -> None:
        """Change SP Settings until the test ends."""
        for field, value in values.items():
            self._settings.setdefault(field, frappe.db.get_single_value("SP Settings", field))
            frappe.db.set_single_value("SP Settings", field, value)
        frappe.clear_document_cache("SP Settings", "SP Settings")

    def _keep_job(self, method: Any, *args: Any, **kwargs: Any) -> Any:
        if not str(method).startswith("subscription_plus."):
            return self._enqueue(method, *args, **kwargs)
        # What bears the name of an argument of its own, `event` for one, the queue keeps to itself.
        own = inspect.signature(background_jobs.enqueue).parameters
        self.jobs.append({"method": method, "job_id": kwargs.get("job_id")})
        self.jobs[-1]["kwargs"] = {key: value for key, value in kwargs.items() if key not in own}
        return None

    def work_off(self) -> None:
        """Do what was handed to the queue, as the workers would after the commit."""
        frappe.db.commit()
        while self.jobs:
            job = self.jobs.pop(0)
            frappe.get_attr(job["method"])(**job["kwargs"])

    def assert_paid_in_full(self, subscription: Document | str) -> None:
        """Every order completed and billed, every request and invoice paid, nothing outstanding."""
        for order in documents_of(subscription, "Sales Order"):
            self.assertEqual((order.status, order.per_billed), ("Completed", 100))
        for request in documents_of(subscription, "Payment Request"):
            self.assertEqual((request.status, request.outstanding_amount), ("Paid", 0))
        for invoice in invoices_of(subscription):
            self.assertEqual((invoice.status, invoice.outstanding_amount), ("Paid", 0))
        for period in periods_of(subscription):
            self.assertEqual((period.status, period.outstanding), ("Paid", 0))

    def assert_refused(self, words: str) -> Any:
        """The verb inside is refused with a sentence that contains `words` (a pattern)."""
        return self.assertRaisesRegex(frappe.ValidationError, words)

    def user(self, *roles: str) -> str:
        """A person with these roles and no others; their e-mail address."""
        address = f"{frappe.scrub('-'.join(roles) or 'nobody')}@subscription-plus.example"
        if not frappe.db.exists("User", address):
            values = {"email": address, "first_name": address.split("@")[0], "send_welcome_email": 0}
            values["roles"] = [{"role": role} for role in roles]
            frappe.get_doc({"doctype": "User", **values}).insert()
            frappe.db.commit()
        return address


def today() -> dt.date:
    """The day of the moved clock."""
    return getdate(nowdate())
