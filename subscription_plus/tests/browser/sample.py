"""What the browser's visitors find: a plan with credits, a room to book, a payment service, a member who is there
already. Made on any host: `bench --site … execute subscription_plus.tests.browser.sample.make --kwargs "{'stripe': 'http://…'}"`.

Make it again before each run: it gives the member the credits that a run uses.

A bench's site needs ERPNext's setup wizard done (payments find no party types without it), a name that resolves where
the tests run, and `mute_emails` in its configuration: Frappe sends a new user's mail at once, and no server takes it.
"""

import frappe
from frappe.utils import add_days, get_datetime, nowdate
from frappe.utils.password import update_password

from subscription_plus.sp_billing import pipeline
from subscription_plus.sp_booking import booking
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.booking import DAY, HALF_DAY, ensure_units, give, make_calendar
from subscription_plus.tests.support.web import PASSWORD

PLAN, BIGGER, ROOM, TICKETS = "Flexible desk", "Own desk", "Meeting room", "Room tickets"
MEMBER = "Camille Lefèvre"
MEMBER_MAIL = "camille@subscription-plus.example"
ACCOUNT = "Browser Tests at Stripe"
EVERYTHING = {
    f"customer_may_{right}": 1 for right in ("cancel", "pause", "skip", "change_quantity", "change_plan")
}


def make(stripe: str = "") -> None:
    """Make what is missing. `stripe`: where the fake Stripe answers."""
    frappe.set_user("Administrator")
    masters.ensure()
    masters.ensure_address_template()
    ensure_units()
    frappe.db.set_single_value("SP Settings", "edit_window_minutes", 0)
    frappe.db.set_single_value("SP Settings", "accept_transfers", 1)
    frappe.db.set_single_value("SP Settings", "website_company", masters.COMPANY)
    frappe.db.set_single_value("SP Settings", "website_price_list", masters.PRICE_LIST)
    frappe.db.set_single_value("Global Defaults", "default_company", masters.COMPANY)
    frappe.db.set_single_value("Website Settings", "disable_signup", 0)
    frappe.db.set_single_value("Portal Settings", "default_role", "Customer")
    frappe.clear_document_cache("SP Settings", "SP Settings")
    if stripe:
        _account(stripe)
    if not frappe.db.exists("SP Subscription Plan", PLAN):
        _offers()
    if not frappe.db.exists("User", MEMBER_MAIL):
        _member()
    else:
        give(frappe.db.get_value("Customer", {"customer_name": MEMBER}), TICKETS, 6)
    frappe.db.commit()


def _account(stripe: str) -> None:
    values = {"enabled": 1, "secret_key": "sk_test_fake", "api_base": stripe}
    if frappe.db.exists("SP Stripe Account", ACCOUNT):
        frappe.get_doc("SP Stripe Account", ACCOUNT).update(values).save()
        return
    names = {"account_name": ACCOUNT, "company": masters.COMPANY, "mode_of_payment": "Wire Transfer"}
    frappe.get_doc(
        {"doctype": "SP Stripe Account", **names, "clearing_account": masters.BANK_ACCOUNT, **values}
    ).insert()


def _offers() -> None:
    calendar = make_calendar(title="Working hours")
    room = masters.make_item(
        ROOM,
        item_name=ROOM,
        sp_bookable=1,
        sp_capacity=1,
        sp_booking_calendar=calendar,
        sp_booking_units=[{"uom": HALF_DAY, "minutes": 240}, {"uom": DAY, "minutes": 480}],
        sp_published=1,
        sp_route="meeting-room",
    )
    ticket = masters.make_item("Half-day ticket", item_name="Half-day ticket")
    masters.make_item_price(ticket, 15)
    conversions = [
        {"item": room.name, "uom": HALF_DAY, "credits": 1},
        {"item": room.name, "uom": DAY, "credits": 2},
    ]
    frappe.get_doc(
        {
            "doctype": "SP Booking Credit Type",
            "title": TICKETS,
            "item": ticket.name,
            "conversions": conversions,
        }
    ).insert()
    monthly = frappe.get_doc(
        {"doctype": "SP Recurrence Period", "title": "Every month", "unit": "Month", "interval_count": 1}
    ).insert()
    tax = masters.make_tax_template(20)
    for name, rate, credits, most, text in (
        (PLAN, 120, 4, 3, "A desk in the open space, whenever you like."),
        (BIGGER, 240, 10, 1, "A desk that is yours, with a locker."),
    ):
        item = masters.make_item(name, item_name=name)
        frappe.get_doc(
            {
                "doctype": "SP Subscription Plan",
                "plan_name": name,
                "company": masters.COMPANY,
                "currency": masters.CURRENCY,
                "recurrence_period": monthly.name,
                "taxes_and_charges": tax.name,
                "lines": [
                    {"item": item.name, "qty": 1, "price_determination": "Fixed Rate", "fixed_rate": rate}
                ],
                "credit_rules": [
                    {
                        "credit_type": TICKETS,
                        "quantity": credits,
                        "frequency": "Each Period",
                        "validity_days": 60,
                    }
                ],
                "published": 1,
                "max_quantity": most,
                "description": text,
                **EVERYTHING,
            }
        ).insert()


def _member() -> None:
    """Somebody with a past: two periods, one of them to be paid, credits, bookings."""
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": MEMBER_MAIL,
            "first_name": "Camille",
            "last_name": "Lefèvre",
            "send_welcome_email": 0,
        }
    )
    user.append_roles("Customer")
    user.insert()
    update_password(user.name, PASSWORD)
    customer = masters.make_customer(MEMBER, portal_users=[{"user": user.name}])
    give(customer.name, TICKETS, 6, valid_until=add_days(nowdate(), 45))
    subscription = frappe.get_doc(
        {
            "doctype": "SP Subscription",
            "customer": customer.name,
            "company": masters.COMPANY,
            "plan": PLAN,
            "start_date": add_days(nowdate(), -40),
            "send_emails": 0,
        }
    ).insert()
    frappe.db.commit()
    pipeline.advance(subscription.name)
    first = frappe.get_all(
        "SP Billing Period", {"subscription": subscription.name}, ["sales_order"], order_by="start_date"
    )[0]
    masters.pay(frappe.get_doc("Sales Order", first.sales_order))
    frappe.db.commit()
    pipeline.advance(subscription.name)
    for days in (3, 10):
        start = get_datetime(f"{add_days(nowdate(), days)} 09:00:00")
        booking.book(ROOM, start, uom=HALF_DAY, customer=customer.name, user=user.name, payment="Credits")
