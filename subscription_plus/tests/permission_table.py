"""Who may use which endpoint, page, report and record. A new one that does not stand here fails the test; add its line.

Four signs: a guest, a user of the record's customer, a user of another customer, staff (a Sales User). `+` gets through
(it may still be refused for what it says: 417), `-` is refused (401, 403, not found, or sent to the login).
The record asked for is the owner's; arguments come from test_permission_table.py by their names.
"""

EVERYBODY, MEMBERS, OWN, OWN_ALONE, STAFF, VENUE_OR_ACCOUNTS, BY_LINK = (
    "++++",  # anybody
    "-+++",  # any login; shows or does what is the caller's
    "-+-+",  # the customer's users and staff
    "-+--",  # the customer's users alone: pages and forms of an account
    "---+",  # staff
    "----",  # roles of the house that a Sales User has not
    "----",  # who has a signed link, here a wrong one
)

ENDPOINTS = {
    # Customers' own lists, or the named customer's, which is the owner here.
    "api.account.me": MEMBERS,
    "api.account.subscriptions": OWN,
    "api.account.subscription": OWN,
    "api.account.periods": OWN,
    "api.account.history": OWN,
    "api.account.documents": OWN,
    "api.account.payment_methods": OWN,
    "api.account.bookings": "-+-+",
    "api.plans.offered": EVERYBODY,
    "api.plans.preview": OWN,
    "api.plans.subscribe": OWN,
    "api.subscriptions.preview_periods": OWN,
    "api.subscriptions.cancel": OWN,
    "api.subscriptions.undo_cancellation": OWN,
    "api.subscriptions.restart": OWN,
    "api.subscriptions.pause": OWN,
    "api.subscriptions.resume": OWN,
    "api.subscriptions.skip": OWN,
    "api.subscriptions.change_quantity": OWN,
    "api.subscriptions.change_plan": OWN,
    "api.subscriptions.update_now": STAFF,
    "api.subscriptions.add_line": STAFF,
    "api.subscriptions.change_price": STAFF,
    "api.subscriptions.change_payment": STAFF,
    "api.subscriptions.bill_again": STAFF,
    "api.payments.webhook": BY_LINK,
    "api.payments.pay": BY_LINK,
    "api.payments.go": BY_LINK,
    "api.payments.returned": BY_LINK,
    # A Sales User reads neither payment requests nor writes payment methods: that is for accounts.
    "api.payments.payment_link": OWN_ALONE,
    "api.payments.make_default": OWN_ALONE,
    "api.payments.remove_method": OWN_ALONE,
    "api.payments.register_method": OWN,
    "api.payments.refund": VENUE_OR_ACCOUNTS,
    "api.payments.refund_credit_note": VENUE_OR_ACCOUNTS,
    "api.payments.ask_gateway": VENUE_OR_ACCOUNTS,
    "api.payments.replay_event": VENUE_OR_ACCOUNTS,
    # Places on the website are seen by every login; booking for a customer is for its users and the venue's staff.
    "api.bookings.slots": MEMBERS,
    "api.bookings.price": MEMBERS,
    "api.bookings.book": OWN_ALONE,
    "api.bookings.book_series": OWN_ALONE,
    "api.bookings.move_booking": OWN_ALONE,
    "api.bookings.cancel_booking": OWN_ALONE,
    "api.bookings.checkout": OWN_ALONE,
    "api.bookings.calendar": MEMBERS,
    "api.bookings.feed_link": OWN_ALONE,
    "api.bookings.feed": BY_LINK,
    "api.credits.balance": OWN_ALONE,
    "api.credits.movements": OWN_ALONE,
    "api.credits.buy_credits": OWN_ALONE,
    "api.credits.transfer": OWN_ALONE,
    "api.credits.grant": VENUE_OR_ACCOUNTS,
    "api.credits.adjust": VENUE_OR_ACCOUNTS,
    "api.credits.grant_of_invoice": VENUE_OR_ACCOUNTS,
    "api.actions.of": STAFF,
    "api.health.status": STAFF,
    "api.openapi.describe": EVERYBODY,
    "api.publishing.publish": VENUE_OR_ACCOUNTS,
    "api.publishing.unpublish": VENUE_OR_ACCOUNTS,
    "api.publishing.see": STAFF,
    "api.bookings.cancel_series": OWN_ALONE,
    # A Sales User reads no invoices; the contract and the run asked for are not there.
    "api.desk.preview_draft": STAFF,
    "api.desk.recurring_items": STAFF,
    "api.desk.subscribe_from_invoice": VENUE_OR_ACCOUNTS,
    "api.desk.subscribe_from_contract": VENUE_OR_ACCOUNTS,
    "api.desk.link_invoice": VENUE_OR_ACCOUNTS,
    "api.desk.run_for_many": STAFF,
    "api.desk.run_state": VENUE_OR_ACCOUNTS,
    "api.desk.earlier_subscriptions": VENUE_OR_ACCOUNTS,
    "api.desk.take_over": VENUE_OR_ACCOUNTS,
    "api.metrics.overview": STAFF,
    "api.metrics.movements": STAFF,
    "api.metrics.churn": STAFF,
    "api.metrics.cohort_table": STAFF,
    "api.metrics.forecast": STAFF,
    "api.metrics.due_and_not_billed": STAFF,
    "api.metrics.past_due": STAFF,
    "api.metrics.card_mrr": STAFF,
    "api.metrics.card_active": STAFF,
    "api.metrics.card_past_due": STAFF,
    "api.metrics.card_due_and_not_billed": STAFF,
    "api.metrics.card_credits": STAFF,
    # Forms of the website: for the customer's own users; staff have the desk.
    "website.booking.book": MEMBERS,
    "website.booking.order": OWN_ALONE,
    "website.booking.remove": OWN_ALONE,
    "website.booking_forms.cancel": OWN_ALONE,
    "website.booking_forms.move": OWN_ALONE,
    "website.change_form.confirm": OWN_ALONE,
    "website.documents.pdf": OWN_ALONE,
    "website.documents.show": OWN_ALONE,
    # No company here takes payments online.
    "website.money_forms.add_method": VENUE_OR_ACCOUNTS,
    "website.money_forms.buy_credits": OWN_ALONE,
    "website.money_forms.make_default": OWN_ALONE,
    "website.money_forms.pay": OWN_ALONE,
    "website.money_forms.pay_by": OWN_ALONE,
    "website.money_forms.remove_method": OWN_ALONE,
    "website.settings_forms.save_address": OWN_ALONE,
    "website.settings_forms.save_notices": OWN_ALONE,
    "website.settings_forms.save_person": MEMBERS,
    "website.settings_forms.unsubscribe": BY_LINK,
    "website.subscribing.order": MEMBERS,
    "website.subscribing.save_details": MEMBERS,
}

# The address of each page, asked for with the owner's records.
PAGES = {
    "account/index": ("/account", MEMBERS),
    "account/subscriptions": ("/account/subscriptions", MEMBERS),
    "account/subscription": ("/account/subscriptions/{subscription}", OWN_ALONE),
    "account/change": ("/account/subscriptions/{subscription}/pause", OWN_ALONE),
    "account/bookings": ("/account/bookings", MEMBERS),
    "account/booking": ("/account/bookings/{booking}/cancel", OWN_ALONE),
    "account/credits": ("/account/credits", MEMBERS),
    "account/invoices": ("/account/invoices", MEMBERS),
    "account/invoice": ("/account/invoices/{invoice}", OWN_ALONE),
    "account/methods": ("/account/methods", MEMBERS),
    "account/settings": ("/account/settings", MEMBERS),
    # A wrong link is answered with a page that says so.
    "account/notices": ("/account/notices?token=x", EVERYBODY),
    "account/pay": ("/account/pay?token=x", EVERYBODY),
    "account/paid": ("/account/paid", EVERYBODY),
    "plans/index": ("/plans", EVERYBODY),
    "plans/plan": ("/plans/{plan_route}", EVERYBODY),
    "plans/subscribe": ("/plans/{plan_route}/subscribe", EVERYBODY),
    "plans/thanks": ("/plans/{plan_route}/thanks?subscription={subscription}", OWN_ALONE),
    "book/index": ("/book", EVERYBODY),
    "book/item": ("/book/{item_route}", EVERYBODY),
    "book/cart": ("/book/cart", MEMBERS),
}

# Running a report. Sales Users have those of what is due; the others are for managers and accounts.
REPORTS = {
    "Booking Credit Balance": VENUE_OR_ACCOUNTS,
    "Booking Credit Liability": VENUE_OR_ACCOUNTS,
    "Booking Credit Movements": VENUE_OR_ACCOUNTS,
    "Booking Credits Expiring": VENUE_OR_ACCOUNTS,
    "Booking Occupancy": VENUE_OR_ACCOUNTS,
    "Credits and Bookings Check": VENUE_OR_ACCOUNTS,
    "Due and Not Billed": STAFF,
    "MRR Movements": VENUE_OR_ACCOUNTS,
    "Past Due by Age": STAFF,
    "Payments by Method": VENUE_OR_ACCOUNTS,
    "Subscription Churn": VENUE_OR_ACCOUNTS,
    "Subscription Cohorts": VENUE_OR_ACCOUNTS,
    "Subscription Forecast": VENUE_OR_ACCOUNTS,
}

# Reading a record of the owner's by its name at /api/resource.
RECORDS = {
    "SP Billing Period": STAFF,
    "SP Billing Run": VENUE_OR_ACCOUNTS,
    "SP Booking Calendar": VENUE_OR_ACCOUNTS,
    "SP Booking Credit": OWN,
    "SP Booking Credit Entry": OWN,
    "SP Booking Credit Type": STAFF,
    "SP Coupon": STAFF,
    "SP Dunning Policy": STAFF,
    "SP Idempotency Key": VENUE_OR_ACCOUNTS,
    "SP Item Booking": OWN,
    "SP Payment Attempt": STAFF,
    "SP Payment Method": STAFF,
    "SP Recurrence Period": STAFF,
    "SP Revenue Movement": STAFF,
    "SP Settings": VENUE_OR_ACCOUNTS,
    "SP Stripe Account": VENUE_OR_ACCOUNTS,
    "SP Subscription": STAFF,
    "SP Subscription Event": STAFF,
    "SP Subscription Plan": STAFF,
    "SP Webhook Event": VENUE_OR_ACCOUNTS,
}
