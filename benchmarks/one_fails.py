"""Ten due subscriptions of which three have something wrong: the others are billed, each error is told in words.

env/bin/python apps/subscription_plus/benchmarks/one_fails.py --bench . --site test.localhost
"""

from __future__ import annotations

from typing import Any

from support import arguments, connect, set_settings

import frappe  # isort: skip
from frappe.utils import nowdate

from subscription_plus.sp_billing import dispatcher
from subscription_plus.tests.support import masters


def make(customer: str, **values: Any) -> str:
    """A subscription due today."""
    line = {"item": masters.make_item().name, "qty": 1, "price_determination": "Fixed Rate", "fixed_rate": 30}
    doc = frappe.get_doc(
        {
            "doctype": "SP Subscription",
            "customer": customer,
            "company": masters.COMPANY,
            "currency": masters.CURRENCY,
            "recurrence_period": "Monthly",
            "start_date": nowdate(),
            "price_list": masters.PRICE_LIST,
            "contact_email": "payer@example.com",
            "lines": [{**line, **values.pop("line", {})}],
            **values,
        }
    )
    return doc.insert().name


def main() -> None:
    connect(arguments("One subscription that fails stops no other.").parse_args())
    masters.ensure()
    set_settings(edit_window_minutes=0, attach_documents=0)
    broken = frappe.get_doc(
        {
            "doctype": "Email Template",
            "name": masters.unique("Broken"),
            "subject": "Please pay",
            "use_html": 1,
            "response_html": "<p>{{ amount.nothing.here }}</p>",
        }
    ).insert()
    names = {f"in order {number}": make(masters.make_customer().name) for number in range(7)}
    names["no price"] = make(masters.make_customer().name, line={"price_determination": "Price List"})
    disabled = masters.make_customer()
    names["customer disabled"] = make(disabled.name)
    disabled.disabled = 1
    disabled.save()
    names["broken template"] = make(masters.make_customer().name, payment_request_template=broken.name)
    frappe.db.commit()
    run = dispatcher.dispatch(inline=True)
    for label, name in names.items():
        doc = frappe.get_doc("SP Subscription", name)
        asked = frappe.db.count("Payment Request", {"sp_subscription": name, "docstatus": 1})
        print(f"{label:18} {doc.billing_status:17} requests: {asked}  next look: {doc.next_billing_at}")
        for text in filter(None, (doc.error_message, doc.mail_error)):
            print(f"{'':18} {text}")
    print(
        frappe.db.get_value(
            "SP Billing Run", run, ["looked_at", "billed", "documents", "skipped", "failed"], as_dict=True
        )
    )


if __name__ == "__main__":
    main()
