"""What this app tells Frappe about itself."""

app_name = "subscription_plus"
app_title = "Subscription Plus"
app_publisher = "The Subscription Plus maintainers"
app_description = "Subscriptions for ERPNext: billed every period, never twice, never forgotten"
app_email = "maintainers@example.com"
app_license = "gpl-3.0"
# With the owner: a bare name makes the installer look it up on the network.
required_apps = ["frappe/erpnext"]

before_install = "subscription_plus.install.before_install"
after_install = "subscription_plus.install.after_install"
after_migrate = "subscription_plus.install.after_migrate"
before_uninstall = "subscription_plus.uninstall.before_uninstall"
before_tests = "subscription_plus.tests.support.site.before_tests"


website_route_rules = [
    {"from_route": "/plans/<plan_route>", "to_route": "plans/plan"},
    {"from_route": "/plans/<plan_route>/subscribe", "to_route": "plans/subscribe"},
    {"from_route": "/plans/<plan_route>/thanks", "to_route": "plans/thanks"},
    {"from_route": "/book/cart", "to_route": "book/cart"},
    {"from_route": "/book/<item_route>", "to_route": "book/item"},
    {"from_route": "/account/subscriptions/<name>", "to_route": "account/subscription"},
    {"from_route": "/account/subscriptions/<name>/<action>", "to_route": "account/change"},
    {"from_route": "/account/invoices/<name>", "to_route": "account/invoice"},
    {"from_route": "/account/bookings/<name>/<action>", "to_route": "account/booking"},
]
standard_portal_menu_items = [
    {"title": "My account", "route": "/account", "role": "Customer"},
]
app_include_js = [
    f"/assets/subscription_plus/js/{name}.js"
    for name in ("sp_actions", "sp_periods", "sp_recurring", "sp_bulk", "sp_tours", "sp_reports")
]
# Small additions to ERPNext's own forms, one file each.
doctype_js = {
    "Contract": "public/js/contract.js",
    "Customer": "public/js/customer.js",
    "Item": "public/js/item.js",
    "POS Invoice": "public/js/pos_invoice.js",
    "Quotation": "public/js/quotation.js",
    "Sales Invoice": "public/js/sales_invoice.js",
    "Sales Order": "public/js/sales_order.js",
}
override_doctype_dashboards = {
    "Contract": ["subscription_plus.overrides.dashboards.of_contract"],
    "Customer": ["subscription_plus.overrides.dashboards.of_customer"],
    "POS Invoice": ["subscription_plus.overrides.dashboards.of_receipt"],
    "Sales Invoice": ["subscription_plus.overrides.dashboards.of_invoice"],
    "Sales Order": ["subscription_plus.overrides.dashboards.of_order"],
}

doc_events = {
    # Billing knows nothing of credits and places: they look at a subscription when it is saved.
    "SP Subscription": {
        "validate": [
            "subscription_plus.sp_booking.rules.check",
            "subscription_plus.sp_booking.venue.check",
        ]
    },
    "Contact": {"before_validate": "subscription_plus.overrides.contact.before_validate"},
    "Customer": {"before_insert": "subscription_plus.overrides.customer.before_insert"},
    "Item": {"before_validate": "subscription_plus.overrides.item.before_validate"},
    "Item Price": {
        "on_update": "subscription_plus.overrides.item_price.changed",
        "on_trash": "subscription_plus.overrides.item_price.changed",
    },
    "Sales Order": {
        "on_submit": "subscription_plus.overrides.sales_order.on_submit",
        "before_cancel": "subscription_plus.overrides.sales_order.before_cancel",
        "on_cancel": "subscription_plus.overrides.sales_order.on_cancel",
        "on_trash": "subscription_plus.overrides.sales_order.on_trash",
    },
    "Sales Invoice": {
        "on_submit": "subscription_plus.overrides.sales_invoice.changed",
        "before_cancel": "subscription_plus.overrides.sales_invoice.before_cancel",
        "on_cancel": "subscription_plus.overrides.sales_invoice.changed",
        "on_trash": "subscription_plus.overrides.sales_invoice.on_trash",
    },
    "POS Invoice": {
        "on_cancel": "subscription_plus.overrides.pos_invoice.changed",
        "on_trash": "subscription_plus.overrides.pos_invoice.on_trash",
    },
    "Contract": {
        "on_submit": "subscription_plus.overrides.contract.changed",
        "on_update_after_submit": "subscription_plus.overrides.contract.changed",
        "on_cancel": "subscription_plus.overrides.contract.changed",
    },
    "Payment Entry": {
        "validate": "subscription_plus.overrides.payment_entry.validate",
        "before_submit": "subscription_plus.overrides.payment_entry.before_submit",
        "on_submit": "subscription_plus.overrides.payment_entry.changed",
        "on_update_after_submit": "subscription_plus.overrides.payment_entry.changed",
        "on_cancel": "subscription_plus.overrides.payment_entry.changed",
    },
    "Payment Request": {
        "on_payment_authorized": "subscription_plus.overrides.payment_request.on_payment_authorized",
        "on_trash": "subscription_plus.overrides.payment_request.on_trash",
    },
    "Journal Entry": {
        "on_submit": "subscription_plus.overrides.payment_entry.changed",
        "on_cancel": "subscription_plus.overrides.payment_entry.changed",
    },
}

# Gateways by the name an account gives: a class each, with the verbs of sp_payments/gateways/base.py.
sp_gateways = {"Stripe": "subscription_plus.sp_payments.gateways.stripe.StripeGateway"}
# Says where a Payment Request can be paid online.
sp_payment_links = ["subscription_plus.sp_payments.links.for_request"]
sp_method_links = ["subscription_plus.sp_payments.trials.registration_link"]
# Called after a subscription was brought up to date: take its payments (and say which periods moved), grant its credits.
sp_collectors = [
    "subscription_plus.sp_payments.charging.collect",
    "subscription_plus.sp_booking.rules.collect",
]

# Called when a trial is over, before its first period is billed: may end or pause the subscription.
sp_trial_ends = ["subscription_plus.sp_payments.trials.ended"]

# Gives money back the way it came, for a credit note.
sp_refunders = ["subscription_plus.sp_payments.refunds.try_credit_note"]

# Of a customer each: a customer's user sees the own ones, if a role lets it see any. See permissions.py.
_of_customers = (
    "SP Subscription",
    "SP Billing Period",
    "SP Subscription Event",
    "SP Payment Method",
    "SP Payment Attempt",
    "SP Booking Credit",
    "SP Booking Credit Entry",
    "SP Item Booking",
)
permission_query_conditions = dict.fromkeys(_of_customers, "subscription_plus.permissions.query_conditions")
has_permission = dict.fromkeys(_of_customers, "subscription_plus.permissions.has_permission")

before_request = "subscription_plus.api.completeness.check_request"
on_login = "subscription_plus.overrides.user.on_login"
on_session_creation = "subscription_plus.overrides.user.on_session_creation"

# What the app's print formats and templates ask for; people's own may use them too.
jinja = {
    "methods": [
        "subscription_plus.sp_billing.printing.sp_coming_periods",
        "subscription_plus.sp_billing.printing.sp_period_of",
        "subscription_plus.sp_billing.printing.sp_recurrence",
        "subscription_plus.website.webshop.sp_ways_to_have",
    ]
}

scheduler_events = {
    "cron": {"*/10 * * * *": ["subscription_plus.tasks.often"]},
    "hourly_long": ["subscription_plus.tasks.hourly"],
    "daily_long": ["subscription_plus.tasks.daily"],
}

# ERPNext adds its dimensions' fields to these; documents made for a subscription carry them on.
accounting_dimension_doctypes = ["SP Subscription"]

# Rows that say what happened; they must not keep people from deleting a draft or a cancelled document.
ignore_links_on_delete = [
    "SP Billing Period",
    "SP Subscription Event",
    "SP Revenue Movement",
    "SP Billing Run",
    "SP Booking Credit Entry",
]
