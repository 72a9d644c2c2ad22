"""What one full period costs against the bare ERPNext documents it consists of, made by hand.

    env/bin/python apps/subscription_plus/benchmarks/period_cost.py --bench . --site test.localhost

Both ways are measured in turns, for the same customer and items, with a commit after each document, in one
warm process. The bare documents run without the app's event handlers. A payment's job is run at once here
instead of by a worker: its time counts, the queue's does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from erpnext.accounts.doctype.payment_request.payment_request import make_payment_request
from erpnext.controllers.accounts_controller import get_taxes_and_charges
from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice
from frappe.utils import nowdate
from support import Cost, alternately, arguments, callers, connect, measured, recurrence, set_settings

from subscription_plus.sp_billing import pipeline, wake
from subscription_plus.tests.support import masters


class Case:
    """One customer with his items, billed bare and by the app."""

    def __init__(self, lines: int, tax: str | None, flow: str, mails: bool) -> None:
        self.customer = masters.make_customer().name
        self.items = [masters.make_item().name for _line in range(lines)]
        self.tax, self.flow, self.mails = tax, flow, mails
        frappe.db.commit()

    def subscription(self) -> str:
        """A subscription that is due today."""
        doc = frappe.get_doc(
            {
                "doctype": "SP Subscription",
                "customer": self.customer,
                "company": masters.COMPANY,
                "currency": masters.CURRENCY,
                "recurrence_period": self.flow,
                "start_date": nowdate(),
                "taxes_and_charges": self.tax,
                "price_list": masters.PRICE_LIST,
                "contact_email": "payer@example.com",
                "send_emails": int(self.mails),
                "lines": [
                    {"item": item, "qty": 1, "price_determination": "Fixed Rate", "fixed_rate": 100}
                    for item in self.items
                ],
            }
        ).insert()
        frappe.db.commit()
        return doc.name

    def by_app(self, measure: Callable[[], Any] = measured) -> Any:
        """The hourly run's part, the payment, and the job that the payment wakes."""
        name = self.subscription()
        woken: list[dict[str, Any]] = []
        with patch("frappe.enqueue", lambda method, **job: woken.append(job)), measure() as cost:
            _check(pipeline.advance(name))
            if self.flow == "Monthly":
                pay(
                    "Sales Order",
                    frappe.db.get_value("SP Billing Period", {"subscription": name}, "sales_order"),
                )
                for job in woken:
                    wake.advance_woken(job["subscription"], job["touched"])
        status = frappe.db.get_value("SP Billing Period", {"subscription": name}, "status")
        assert status == ("Paid" if self.flow == "Monthly" else "Awaiting Payment"), status
        return cost

    def bare(self) -> Cost:
        """The same documents by ERPNext's functions, called by hand."""
        with _without_the_app(), measured() as cost:
            if self.flow == "Monthly":
                order = self._order()
                self._request(order)
                pay("Sales Order", order)
                self._invoice_of(order)
            else:
                self._invoice()
        return cost

    def _document(self, doctype: str, **values: Any) -> Any:
        doc = frappe.new_doc(doctype)
        doc.update(
            {
                "company": masters.COMPANY,
                "customer": self.customer,
                "currency": masters.CURRENCY,
                "selling_price_list": masters.PRICE_LIST,
                "ignore_pricing_rule": 1,
                "taxes_and_charges": self.tax,
                **values,
            }
        )
        for item in self.items:
            doc.append("items", {"item_code": item, "qty": 1, "rate": 100, "price_list_rate": 100})
        if self.tax:
            doc.extend("taxes", get_taxes_and_charges("Sales Taxes and Charges Template", self.tax))
        return doc

    def _order(self) -> str:
        order = self._document(
            "Sales Order", transaction_date=nowdate(), delivery_date=nowdate(), skip_delivery_note=1
        )
        return _submitted(order).name

    def _request(self, order: str) -> None:
        request = make_payment_request(
            dt="Sales Order",
            dn=order,
            recipient_id="payer@example.com",
            party_type="Customer",
            mute_email=1,
            return_doc=1,
        )
        request.flags.mute_email = True
        _submitted(request)

    def _invoice_of(self, order: str) -> None:
        invoice = make_sales_invoice(order)
        invoice.set_posting_time, invoice.posting_date = 1, nowdate()
        invoice.allocate_advances_automatically, invoice.only_include_allocated_payments = 0, 1
        invoice.set_advances()
        assert _submitted(invoice).outstanding_amount == 0

    def _invoice(self) -> None:
        _submitted(
            self._document("Sales Invoice", set_posting_time=1, posting_date=nowdate(), due_date=nowdate())
        )


def pay(doctype: str, name: str) -> None:
    """A transfer into the bank, booked by a person."""
    payment = get_payment_entry(doctype, name, bank_account=masters.BANK_ACCOUNT, reference_date=nowdate())
    payment.update({"reference_no": "Transfer", "reference_date": nowdate()})
    _submitted(payment)


def _submitted(doc: Any) -> Any:
    if doc.is_new():  # a Payment Request may have been saved as a draft already, by Accounts Settings
        doc.insert()
    doc.submit()
    frappe.db.commit()
    return doc


def _check(outcome: pipeline.Outcome) -> None:
    assert not outcome.error, outcome.error


@contextmanager
def _without_the_app() -> Iterator[None]:
    hooks = frappe.get_doc_hooks()
    frappe.local.doc_events_hooks = {
        doctype: {
            event: [handler for handler in handlers if not handler.startswith("subscription_plus.")]
            for event, handlers in events.items()
        }
        for doctype, events in hooks.items()
    }
    try:
        yield
    finally:
        frappe.local.doc_events_hooks = hooks


def compare(label: str, case: Case, count: int) -> None:
    """Print bare and app beside each other."""
    found = alternately(count, bare=case.bare, app=case.by_app)
    bare, app = found["bare"], found["app"]
    print(
        f"{label:44} {bare.queries:5} {app.queries:5} {app.queries / bare.queries:6.3f}"
        f" {bare.seconds * 1000:8.0f} {app.seconds * 1000:6.0f} {app.seconds / bare.seconds:6.3f}"
    )


def main() -> None:
    parser = arguments("Cost of a period against bare ERPNext documents.")
    parser.add_argument("--count", type=int, default=30, help="rounds per case (default 30)")
    parser.add_argument("--profile", action="store_true", help="print the app's lines that send statements")
    options = parser.parse_args()
    connect(options)
    masters.ensure()
    vat = masters.make_tax_template(20).name
    invoice_only = recurrence("Benchmark: Invoice Only", make_sales_order=0, make_payment_request=0)
    set_settings(edit_window_minutes=0, attach_documents=0)
    cases: list[tuple[str, Callable[[], Case]]] = [
        ("1 item, no tax", lambda: Case(1, None, "Monthly", mails=False)),
        ("1 item, no tax, request mailed", lambda: Case(1, None, "Monthly", mails=True)),
        ("3 items, 20 % tax", lambda: Case(3, vat, "Monthly", mails=False)),
        ("3 items, 20 % tax, request mailed", lambda: Case(3, vat, "Monthly", mails=True)),
        ("invoice only, 1 item (native: 393 queries)", lambda: Case(1, None, invoice_only, mails=False)),
    ]
    if options.profile:
        case = cases[0][1]()
        case.by_app()
        lines = case.by_app(callers)
        for line, number in sorted(lines.items(), key=lambda found: -found[1]):
            print(f"{number:5} {line}")
        return
    print(f"{'':44} {'queries':>18} {'milliseconds':>22}")
    print(f"{'':44} {'bare':>5} {'app':>5} {'ratio':>6} {'bare':>8} {'app':>6} {'ratio':>6}")
    for label, make in cases:
        compare(label, make(), options.count)


if __name__ == "__main__":
    main()
